"""Every head's answer before and after the gate is changed, beside the change's control."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import Settings, draw, key, made_by
from dlfa.figures.palette import Look, label_paints
from dlfa.figures.panels import Panels
from dlfa.figures.tables import Row, source
from dlfa.figures.whatif_words import change_title, control_title, whatif_verdict
from dlfa.figures.words import escape, head_word, kind_word, label_word
from dlfa.messages import _
from dlfa.results import WhatIf, head_gate

__all__ = ["answers_changed", "describe_answers_changed", "whatif_table"]

SIGNS = {"before": ("circle-open", "○"), "after": ("circle", "●"), "control": ("x-thin-open", "×")}


def answers_changed(found: WhatIf, look: Look, *, kind: str, change: int = 1) -> go.Figure:
    """Draw each label's probability for every head of one reading of the gate.

    Args:
        found: of one pair.
        look: light or dark, desk or projector.
        kind: ``"paper"`` or ``"aff"``.
        change: the intervention's place.

    Returns:
        a panel per label, a row per head; hollow as trained, filled with the gate changed, a cross
        the control (± one standard deviation over its draws); a dotted line at the baseline.

    Raises:
        ValueError: no head of this kind.
    """
    rows = _rows(found, kind)
    panels = Panels(count=len(found.labels), columns=len(found.labels), across=0.05)
    paints = label_paints(found.labels)
    traces = [
        trace | panels.on(at)
        for at, label in enumerate(found.labels)
        for trace in _traces(found, change, rows, at, paints[label].colour, look)
    ]
    axes = panels.axes(
        {"range": [-0.03, 1.03], "fixedrange": True}
        | {"tickvals": [0, 0.5, 1], "ticktext": ["0", "50", "100"]},
        {
            "range": [len(rows) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": [head_word(found.heads[row]) for row in rows],
            "showgrid": False,
            "automargin": True,
            "fixedrange": True,
        },
    )
    return draw(
        traces,
        look,
        title=_("figure.whatif.title"),
        subtitle="<br>".join(_subtitle(found, kind, change, look)),
        height=len(rows) * 0.9 * look.row,
        top=2.2 * look.small,
        bottom=3.4 * look.small,
        axes=axes,
        annotations=[
            *(
                panels.heading(at, look, escape(label_word(label)))
                for at, label in enumerate(found.labels)
            ),
            panels.title_below(look, _("figure.whatif.axis"), ticks=True),
        ],
        shapes=_baselines(found, look),
    )


def _rows(found: WhatIf, kind: str) -> list[int]:
    rows = [at for at, head in enumerate(found.heads) if head_gate(head) == kind]
    if not rows:
        raise ValueError(kind)
    return rows


def _traces(
    found: WhatIf, change: int, rows: Sequence[int], label: int, colour: str, look: Look
) -> list[Settings]:
    """Return the three kinds of points of one panel, and the lines from before to after."""
    before, after = found.probabilities[0, rows, label], found.probabilities[change, rows, label]
    control = found.controls[change, rows, label]
    lines = np.array([before, after, np.full(len(rows), np.nan)]).T.ravel()
    states = {
        "control": (control, found.control_deviations[change, rows, label], look.muted),
        "before": (before, np.zeros(len(rows)), look.text),
        "after": (after, found.deviations[change, rows, label], colour),
    }
    first: Settings = {
        "type": "scatter",
        "mode": "lines",
        "x": lines,
        "y": np.repeat(np.arange(len(rows)), 3),
        "line": {"color": colour, "width": 3},
        "opacity": 0.5,
        "hoverinfo": "skip",
    }
    names = [head_word(found.heads[row]) for row in rows]
    return [
        first,
        *(
            {
                "type": "scatter",
                "mode": "markers",
                "x": values,
                "y": np.arange(len(rows)),
                "error_x": {"array": deviations, "color": ink, "thickness": 1.2, "width": 0},
                "marker": {"symbol": SIGNS[state][0], "size": look.small - 2, "color": ink}
                | {"line": {"color": look.text if state == "after" else ink, "width": 1.6}},
                "customdata": [[name, _(f"figure.whatif.{state}")] for name in names],
                "hovertemplate": _("figure.whatif.hover"),
                "cliponaxis": False,
            }
            for state, (values, deviations, ink) in states.items()
        ),
    ]


def _baselines(found: WhatIf, look: Look) -> list[Settings]:
    line = {"color": look.muted, "width": 1, "dash": "dot"}
    return [
        {"type": "line", "x0": float(share), "x1": float(share), "y0": 0, "y1": 1}
        | {"xref": f"x{at + 1 if at else ''}", "yref": f"y{at + 1 if at else ''} domain"}
        | {"layer": "below", "line": line}
        for at, share in enumerate(found.baseline)
        if np.isfinite(share)
    ]


def _subtitle(found: WhatIf, kind: str, change: int, look: Look) -> list[str]:
    words = {state: _(f"figure.whatif.{state}") for state in SIGNS}
    words["control"] = escape(control_title(found.interventions[change]))
    signs = [(look.text, SIGNS[state][1], words[state]) for state in SIGNS]
    return [
        f"{made_by(found.provenance)} · {kind_word(kind)}",
        f"<b>{escape(change_title(found.interventions[change]))}</b>",
        _("figure.whatif.baseline"),
        key(signs[:2]),
        key(signs[2:]),
    ]


def describe_answers_changed(found: WhatIf, *, kind: str, change: int = 1) -> str:
    """Return `answers_changed` in words: how many heads turn, and the one that moves most.

    Raises:
        ValueError: no head of this kind.
    """
    rows = _rows(found, kind)
    answers = found.probabilities[:, rows].argmax(-1)
    most = rows[int(found.shifts[change, rows].argmax())]
    return _(
        "figure.whatif.alt",
        change=change_title(found.interventions[change]),
        turned=int((answers[change] != answers[0]).sum()),
        heads=len(rows),
        verdict=whatif_verdict(found, found.heads[most], change).replace("*", ""),
    )


def whatif_table(found: WhatIf) -> list[Row]:
    """Return one row per intervention, head and label, with its control."""
    made = source(found.provenance)
    return [_row(found, *place) | made for place in np.ndindex(*found.probabilities.shape)]


def _row(found: WhatIf, change: int, head: int, label: int) -> Row:
    place = change, head, label
    return {
        "change": str(found.interventions[change]),
        "head": found.heads[head],
        "label": found.labels[label],
        "p": float(found.probabilities[place]),
        "sd": float(found.deviations[place]),
        "p_control": float(found.controls[place]),
        "sd_control": float(found.control_deviations[place]),
        "p_baseline": float(found.baseline[label]),
        "error": found.error,
    }
