"""How far each fused head is from its own baseline on average, over seeds and sentences."""

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.forest_points import SHAPES, kind_of
from dlfa.figures.frame import draw, key
from dlfa.figures.headrows import head_axis, head_headings, head_rows
from dlfa.figures.palette import Look
from dlfa.figures.scores import difference_axis, dotted, interval, measured, p_word
from dlfa.figures.table_words import seeds_word, way_word
from dlfa.figures.words import escape, head_word, hundredths
from dlfa.messages import _
from dlfa.results import AVERAGE, Measured

__all__ = ["average_forest", "describe_average_forest"]


def average_forest(found: Measured, look: Look) -> go.Figure:
    """Draw every fused head's average difference to its own baseline, with 95 % intervals.

    Args:
        found: with at least one fused head.
        look: light or dark, desk or projector.

    Returns:
        points around a dotted line at 0; filled only where Holm's correction over all heads leaves
        a difference standing.
    """
    rows = head_rows(found.fused)
    cells = [found.at(AVERAGE, head) for head in rows.values()]
    values, low, high, p, raw = (
        np.array([getattr(found, name)[cell] for cell in cells])
        for name in ("difference", "low", "high", "p_holm", "p")
    )
    claimed = found.claimed()
    colours = [look.head_colour(kind_of(head)) for head in rows.values()]
    symbols = [
        SHAPES[kind_of(head)][0] + ("" if head in claimed else "-open") for head in rows.values()
    ]
    notes = [
        [
            head_word(head),
            hundredths(value),
            interval(least, most, signed=True),
            escape(p_word(holm)),
            escape(p_word(alone)),
        ]
        for head, value, least, most, holm, alone in zip(
            rows.values(), values, low, high, p, raw, strict=True
        )
    ]
    widest = float(np.nanmax(np.abs([values, low, high])))
    across = difference_axis(widest, measured("figure.forest.axis", found.metric))
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": np.array(list(map(float, rows))),
        "error_x": {"array": high - values, "arrayminus": values - low, "color": look.muted}
        | {"thickness": 1.6, "width": 0},
        "marker": {"symbol": symbols, "size": look.small - 2, "color": colours}
        | {"line": {"color": colours, "width": 2}},
        "customdata": notes,
        "hovertemplate": _("figure.table.forest.hover"),
    }
    numbers = {
        "type": "scatter",
        "mode": "text",
        "x": np.full(len(rows), across["range"][1]),
        "y": points["y"],
        "text": [hundredths(value) for value in values],
        "textposition": "middle right",
        "textfont": {"size": look.small, "color": look.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    signs = [
        (look.head_colour("paper"), "●", _("figure.table.forest.stands")),
        (look.head_colour("paper"), "○", _("figure.table.forest.open")),
    ]
    return draw(
        [points, numbers],
        look,
        title=_("figure.table.forest.title"),
        subtitle=f"{way_word(found.way)}<br>{seeds_word(found)}<br>{key(signs)}",
        height=(max(rows) + 1) * (look.small + 10),
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        right=3.6 * look.small,
        axes={"xaxis": across, "yaxis": head_axis(rows)},
        annotations=head_headings(rows, look),
        shapes=[dotted(0.0, look.muted)],
    )


def describe_average_forest(found: Measured) -> str:
    """Return `average_forest` in words: its ends, and what stands after correction."""
    row = found.groups.index(AVERAGE)
    values = found.difference[row]
    best, worst = int(np.nanargmax(values)), int(np.nanargmin(values))
    return _(
        "figure.table.forest.alt",
        heads=len(found.fused),
        way=way_word(found.way),
        best=_told(found, row, best),
        worst=_told(found, row, worst),
        claimed=len(found.claimed()),
    )


def _told(found: Measured, row: int, at: int) -> str:
    ends = float(found.low[row, at]), float(found.high[row, at])
    return _(
        "figure.report.told",
        name=head_word(found.heads[at]),
        points=hundredths(float(found.difference[row, at])),
        interval=interval(*ends, signed=True),
    )
