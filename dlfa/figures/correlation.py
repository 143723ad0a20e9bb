"""How alike the gates of a pair and its translation are, beside what chance makes alike."""

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.aligned import language_word, numbers
from dlfa.figures.frame import Settings, draw, key, nothing
from dlfa.figures.headrows import head_axis, head_headings, head_rows
from dlfa.figures.palette import STATE_SYMBOLS, Look
from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.results import GateComparison, head_gate

__all__ = ["describe_gate_correlation", "gate_correlation"]

STEP = 0.2  # the axis ends at a multiple of it


def gate_correlation(comparison: GateComparison, look: Look) -> go.Figure:
    """Draw, head by head, Pearson's r between the gates of aligned words.

    Args:
        comparison: a pair and its translation.
        look: light or dark, desk or projector.

    Returns:
        r with its 95 % interval over the links, on the band in which 95 % of random alignments
        lie, and the untrained twin's r; pointed at, also how far r is above the twin's, with its
        interval. Without any correlation (too few links, flat gates) it says so.
    """
    title = _("figure.correlation.title")
    if not np.isfinite(comparison.correlation).any():
        return nothing(title, _("figure.correlation.few"), look)
    rows = head_rows(comparison.heads)
    at = np.array([comparison.heads.index(head) for head in rows.values()])
    return draw(
        [
            _chance(comparison, rows, at, look),
            _trained(comparison, rows, at, look),
            _twin(comparison, rows, at, look),
        ],
        look,
        title=title,
        subtitle="<br>".join(_subtitle(comparison, look)),
        height=(max(rows) + 1) * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        axes={"xaxis": _across(comparison), "yaxis": head_axis(rows)},
        annotations=head_headings(rows, look),
        shapes=[_zero(look)],
    )


def _chance(
    comparison: GateComparison, rows: dict[int, str], at: np.ndarray, look: Look
) -> Settings:
    low, high = comparison.chance_low[at], comparison.chance_high[at]
    return {
        "type": "bar",
        "orientation": "h",
        "base": low,
        "x": high - low,
        "y": np.array(list(rows)),
        "width": 0.62,
        "marker": {"color": look.muted, "line": {"width": 0}},
        "opacity": 0.3,
        "hoverinfo": "skip",
    }


def _twin(comparison: GateComparison, rows: dict[int, str], at: np.ndarray, look: Look) -> Settings:
    symbol = {"symbol": STATE_SYMBOLS["noise"][0], "size": 8, "color": look.text}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": comparison.noise_correlation[at],
        "y": np.array(list(rows)),
        "marker": symbol | {"line": {"color": look.text, "width": 1.5}},
        "customdata": [head_word(head) for head in rows.values()],
        "hovertemplate": _("figure.correlation.hover.twin"),
    }


def _trained(
    comparison: GateComparison, rows: dict[int, str], at: np.ndarray, look: Look
) -> Settings:
    r = comparison.correlation[at]
    colours = [look.head_colour(head_gate(head) or "") for head in rows.values()]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": r,
        "y": np.array(list(rows)),
        "error_x": {
            "array": comparison.high[at] - r,
            "arrayminus": r - comparison.low[at],
            "color": look.muted,
            "thickness": 1.5,
            "width": 0,
        },
        "marker": {"symbol": "circle", "size": 9, "color": colours},
        "customdata": [
            [head_word(head), *list(numbers(comparison, int(place)).values())]
            for head, place in zip(rows.values(), at, strict=True)
        ],
        "hovertemplate": _("figure.correlation.hover"),
    }


def _across(comparison: GateComparison) -> Settings:
    every = np.concatenate(
        [
            comparison.low,
            comparison.high,
            comparison.chance_low,
            comparison.chance_high,
            comparison.noise_correlation,
            comparison.correlation,
        ]
    )
    low, high = float(np.nanmin(every)), float(np.nanmax(every))
    ends = [min(-STEP, STEP * np.floor(low / STEP)), max(STEP, STEP * np.ceil(high / STEP))]
    axis = {"range": [ends[0] - 0.02, ends[1] + 0.02], "nticks": 6, "fixedrange": True}
    return axis | {"title": _("figure.correlation.axis")}


def _zero(look: Look) -> Settings:
    line = {"color": look.muted, "width": 1, "dash": "dot"}
    place = {"xref": "x", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, "layer": "below"} | place


def _subtitle(comparison: GateComparison, look: Look) -> list[str]:
    kinds = dict.fromkeys(head_gate(head) or "" for head in comparison.heads)
    colour = look.head_colour(next(iter(kinds)))
    signs = [
        (colour, "●", _("figure.correlation.trained")),
        (look.text, STATE_SYMBOLS["noise"][1], _("figure.state.noise")),
        (look.muted, "▬", _("figure.correlation.chance")),
    ]
    names = [language_word(comparison, side) for side in (0, 1)]
    links = len(comparison.alignment)
    words = _(
        "figure.correlation.subtitle",
        first=names[0],
        second=names[1],
        links=links,
        layer=comparison.alignment.layer,
    )
    return [words, key(signs)]


def describe_gate_correlation(comparison: GateComparison) -> str:
    """Return `gate_correlation` in words: the head most alike, and how many exceed chance."""
    if not np.isfinite(comparison.correlation).any():
        return _("figure.correlation.few")
    best = int(np.nanargmax(comparison.correlation))
    return _(
        "figure.correlation.alt",
        head=head_word(comparison.heads[best]),
        **numbers(comparison, best),
        links=len(comparison.alignment),
        layer=comparison.alignment.layer,
        above=int(comparison.beyond_chance.sum()),
        more=int(comparison.beyond_twin.sum()),
        heads=len(comparison.heads),
    )
