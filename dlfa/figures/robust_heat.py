"""Which perturbation hurts in which language: a heat map of one head."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.frame import Settings, colour_bar, draw, made_by
from dlfa.figures.heat import upright
from dlfa.figures.numbered import fewer_to_more, numbered, worse_to_better
from dlfa.figures.palette import Look
from dlfa.figures.robust_words import perturbation_word
from dlfa.figures.scores import count, english_leads, interval, language_word
from dlfa.figures.words import decimals, escape, head_word, hundredths, tenths
from dlfa.messages import _
from dlfa.results.robustness import Effect, Robustness

__all__ = ["Subject", "describe_perturbation_heatmap", "perturbation_heatmap"]

Subject = Literal["drop", "extra", "flips"]
LEAST_REACH = 5.0  # points: of the colours
MOST = 15  # languages: more leave no room for numbers
LETTER = 0.56  # of a font's height: the width of a usual letter

Cells = Float[np.ndarray, "perturbation language"]


def perturbation_heatmap(
    found: Robustness, look: Look, *, head: str, names: Mapping[str, str], subject: Subject = "drop"
) -> go.Figure:
    """Draw one head's change of accuracy, or its flips, by perturbation and language.

    Args:
        found: at least one perturbation.
        look: light or dark, desk or projector.
        head: one of the heads.
        names: language code -> name; a code without one stands for itself.
        subject: ``"drop"``: accuracy afterwards minus before; ``"extra"``: that minus the
            baseline's; ``"flips"``: share of other answers.

    Returns:
        a row per perturbation, a column per language, in points or percent; an empty cell: no pair
        that could be perturbed, or whose label afterwards is known.

    Raises:
        ValueError: a head that is not there.
    """
    column, order = found.heads.index(head), english_leads(found.languages)
    effect: Effect = getattr(found, subject)
    sign = 1 if subject == "flips" else -1
    cells = 100 * sign * effect.by_language[:, column][:, order]
    words = [escape(language_word(found.languages[at], names)) for at in order]
    notes = _notes(found, effect, column, order, words, subject)
    trace = numbered(cells, _texts(cells, subject), notes, _("figure.perturbed.hover"), look)
    return draw(
        [trace | {"coloraxis": "coloraxis"}],
        look,
        title=_(f"figure.perturbed.title.{subject}", head=head_word(head)),
        subtitle="<br>".join([made_by(found.provenance), _("figure.perturbed.subtitle")]),
        height=len(cells) * (look.small + 10),
        top=look.small * (0.8 + LETTER * max(map(len, words))),
        bottom=4.6 * look.small,
        axes={"xaxis": upright(words), "yaxis": _down(found)},
        coloraxis=_colours(cells, subject, look),
    )


def _notes(
    found: Robustness,
    effect: Effect,
    column: int,
    order: Sequence[int],
    words: Sequence[str],
    subject: Subject,
) -> list[list[list[str]]]:
    counts = found.handled if subject == "flips" else found.judged
    parts = (effect.by_language, effect.language_low, effect.language_high)
    value, low, high = (part[:, column] for part in parts)
    return [
        [
            [
                escape(perturbation_word(name)),
                word,
                _amount(float(value[row, at]), subject),
                _bounds(float(low[row, at]), float(high[row, at]), subject),
                count(int(counts[row, at])),
            ]
            for at, word in zip(order, words, strict=True)
        ]
        for row, name in enumerate(found.perturbations)
    ]


def _amount(share: float, subject: Subject) -> str:
    if not np.isfinite(share):
        return "–"
    return tenths(share) if subject == "flips" else hundredths(-share)


def _bounds(low: float, high: float, subject: Subject) -> str:
    if not np.isfinite(low):
        return "–"
    return interval(low, high) if subject == "flips" else interval(-high, -low, signed=True)


def _texts(cells: Cells, subject: Subject) -> list[list[str]]:
    few = cells.shape[1] <= MOST
    signed = subject != "flips"
    return [
        [decimals(one, 0, signed=signed) if few and np.isfinite(one) else "" for one in row]
        for row in cells.tolist()
    ]


def _down(found: Robustness) -> Settings:
    return {
        "range": [len(found.perturbations) - 0.5, -0.5],
        "tickvals": list(range(len(found.perturbations))),
        "ticktext": [escape(perturbation_word(name)) for name in found.perturbations],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }


def _colours(cells: Cells, subject: Subject, look: Look) -> Settings:
    reach = max(LEAST_REACH, float(np.nanmax(np.abs(cells), initial=0)))
    bar = colour_bar(look, _(f"figure.perturbed.scale.{subject}")) | {"nticks": 5}
    scale = fewer_to_more(look) if subject == "flips" else worse_to_better(look)
    return {"colorscale": scale, "cmin": -reach, "cmax": reach, "colorbar": bar}


def describe_perturbation_heatmap(
    found: Robustness, *, head: str, names: Mapping[str, str], subject: Subject = "drop"
) -> str:
    """Return `perturbation_heatmap` in words: the cell that suffers most, and the empty ones.

    Raises:
        ValueError: a head that is not there.
    """
    cells = getattr(found, subject).by_language[:, found.heads.index(head)]
    if not np.isfinite(cells).any():
        return _("figure.perturbed.alt.none", head=head_word(head))
    row, at = np.unravel_index(int(np.nanargmax(cells)), cells.shape)
    return _(
        "figure.perturbed.alt",
        title=_(f"figure.perturbed.title.{subject}", head=head_word(head)),
        perturbations=len(found.perturbations),
        languages=len(found.languages),
        worst=perturbation_word(found.perturbations[int(row)]),
        language=language_word(found.languages[int(at)], names),
        amount=_amount(float(cells[row, at]), subject),
        empty=int((~np.isfinite(cells)).sum()),
    )
