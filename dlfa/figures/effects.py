"""What changing the gate does to one pair's answer."""

from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import Settings, draw, key, made_by
from dlfa.figures.palette import Look, label_paints
from dlfa.figures.words import escape, head_word, label_mark, label_word, percent
from dlfa.messages import _
from dlfa.results import GateEffects

__all__ = ["change_effects", "change_word", "describe_change_effects"]

MARKERS = (  # plotly's marker, and a sign that looks like it, by label
    ("square", "■"),
    ("diamond", "◆"),
    ("circle", "●"),
    ("triangle-up", "▲"),
    ("star", "★"),
    ("cross", "✚"),
)


def change_effects(effects: GateEffects, look: Look, *, head: str) -> go.Figure:
    """Draw every label's probability under each change of one head's gate.

    Args:
        effects: of one pair.
        look: light or dark, desk or projector.
        head: one with a gate.

    Returns:
        a row per change, ± one standard deviation over the shuffles' draws, the baseline's answer
        below; dotted lines at the trained gate's probabilities; at the right the answer and how
        far the probabilities moved (total variation distance, in percentage points).

    Raises:
        ValueError: a head that was not changed.
    """
    at = effects.heads.index(head)
    last = len(effects.changes)
    return draw(
        [*_points(effects, at, look), _ends(effects, at, look)],
        look,
        title=_("figure.effects.title", head=head_word(head)),
        subtitle="<br>".join(_subtitle(effects, look)),
        height=(last + 1.3) * 1.25 * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        right=5.4 * look.small,
        axes=_axes(effects),
        shapes=[*_references(effects, at, look), _parting(last - 0.35, look)],
    )


def change_word(change: str) -> str:
    """Return what a change of the gate is called, one of `dlfa.results.CHANGES`."""
    return _(f"figure.change.{change}")


def _places(effects: GateEffects) -> np.ndarray:
    """Return the rows: one per change, then, a little apart, the baseline."""
    return np.array([*range(len(effects.changes)), len(effects.changes) + 0.3])


def _points(effects: GateEffects, at: int, look: Look) -> Iterator[Settings]:
    paints = label_paints(effects.labels)
    words = [*map(change_word, effects.changes), _("figure.head.baseline")]
    for place, label in enumerate(effects.labels):
        colour = paints[label].colour
        deviations = np.append(effects.deviations[:, at, place], 0)
        yield {
            "type": "scatter",
            "mode": "markers",
            "x": np.append(effects.probabilities[:, at, place], effects.baseline[place]),
            "y": _places(effects),
            "error_x": {"array": deviations, "color": look.muted, "thickness": 1.5, "width": 3},
            "marker": {
                "symbol": MARKERS[place % len(MARKERS)][0],
                "size": look.small - 1,
                "color": colour,
                "line": {"color": look.text, "width": 1},
            },
            "name": escape(label_word(label)),
            "customdata": words,
            "hovertemplate": _("figure.effects.hover"),
            "cliponaxis": False,
        }


def _ends(effects: GateEffects, at: int, look: Look) -> Settings:
    """Return the texts at the right: each row's answer, and how far it moved."""
    texts = [
        _("figure.effects.end", mark=_answer(effects, probabilities), points=f"{100 * shift:.1f}")
        for probabilities, shift in zip(
            effects.probabilities[:, at], effects.shifts[:, at], strict=True
        )
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [1.0] * (len(texts) + 1),
        "y": _places(effects),
        "text": [f"\u2002{text}" for text in (*texts, _answer(effects, effects.baseline))],
        "textposition": "middle right",
        "textfont": {"size": look.small, "color": look.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _answer(effects: GateEffects, probabilities: np.ndarray) -> str:
    return escape(label_mark(effects.labels[int(probabilities.argmax())]))


def _references(effects: GateEffects, at: int, look: Look) -> list[Settings]:
    line = {"color": look.muted, "width": 1, "dash": "dot"}
    tall = {"type": "line", "xref": "x", "yref": "y", "y0": -0.5, "layer": "below", "line": line}
    end = len(effects.changes) - 0.5
    return [tall | {"x0": x, "x1": x, "y1": end} for x in map(float, effects.probabilities[0, at])]


def _parting(height: float, look: Look) -> Settings:
    line = {"color": look.text, "width": 1}
    place = {"xref": "x domain", "x0": 0, "x1": 1, "yref": "y", "y0": height, "y1": height}
    return {"type": "line", "line": line, "opacity": 0.5} | place


def _axes(effects: GateEffects) -> dict[str, Settings]:
    across = {
        "range": [0, 1],
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "tickformat": ".0%",
        "title": _("figure.probabilities.axis"),
        "fixedrange": True,
    }
    places = _places(effects)
    down = {
        "range": [places[-1] + 0.5, -0.5],
        "tickvals": places,
        "ticktext": [*map(change_word, effects.changes), _("figure.head.baseline")],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": down}


def _subtitle(effects: GateEffects, look: Look) -> list[str]:
    paints = label_paints(effects.labels)
    labels = (
        (paints[label].colour, MARKERS[place % len(MARKERS)][1], _marked(label))
        for place, label in enumerate(effects.labels)
    )
    words = _("figure.effects.subtitle", draws=effects.draws)
    return [made_by(effects.provenance), words, key(labels)]


def _marked(label: str) -> str:
    """Return a label with its mark: ``entailment (E)``."""
    words, mark = escape(label_word(label)), escape(label_mark(label))
    return _("figure.effects.label", label=words, mark=mark)


def describe_change_effects(effects: GateEffects, *, head: str) -> str:
    """Return `change_effects` in words: the trained answer, and the change that moves it most.

    Raises:
        ValueError: a head that was not changed.
    """
    at = effects.heads.index(head)
    answers = effects.probabilities[:, at].argmax(-1)
    shifts = effects.shifts[:, at]
    most = int(shifts.argmax())
    trained = int(answers[0])
    return _(
        "figure.effects.alt",
        head=head_word(head),
        label=label_word(effects.labels[trained]),
        percent=percent(float(effects.probabilities[0, at, trained])),
        change=change_word(effects.changes[most]),
        points=f"{100 * float(shifts[most]):.1f}",
        flipped=int((answers != trained).sum()),
        changes=len(effects.changes) - 1,
        baseline=label_word(effects.labels[int(effects.baseline.argmax())]),
    )
