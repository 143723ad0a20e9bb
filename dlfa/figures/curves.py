"""Curves over an encoder's layers, with bands; the heads' fused spaces stand apart as points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from dlfa.figures.frame import Settings
from dlfa.figures.palette import Look
from dlfa.figures.spaces import fused_places, layers_of, space_places, space_word

__all__ = ["Band", "axis_range", "band", "course", "courses", "values_axis"]

AVERAGE = "#0072B2", "#56B4E9"  # on light, on dark
FADED = 0.2  # of a band's ink
STEPS = 6  # ticks at most


@dataclass(frozen=True, kw_only=True)
class Band:
    """One value a space, with its interval."""

    spaces: tuple[str, ...]
    values: Float[np.ndarray, " space"]
    low: Float[np.ndarray, " space"]
    high: Float[np.ndarray, " space"]


def band(found: Band, look: Look, hover: str, notes: Sequence[Sequence[str]]) -> list[Settings]:
    """Return a curve in its band over the layers, and points with bars for the fused spaces.

    Args:
        found: the values.
        look: light or dark, desk or projector.
        hover: plotly's template.
        notes: what it tells of each space.
    """
    colour = AVERAGE[look.dark]
    at, apart = layers_of(found.spaces), fused_places(found.spaces)
    line = {"mode": "lines+markers", "line": {"color": colour, "width": 2.4}}
    traces = [_area(found, at, colour)] if at else []
    for rows, style in ((at, line), (apart, {"mode": "markers"} | _bars(found, apart, colour))):
        if rows:
            traces.append(
                _course(found.spaces, found.values, rows)
                | style
                | {"marker": {"color": colour, "size": look.small - 5}}
                | {"customdata": [list(notes[row]) for row in rows], "hovertemplate": hover}
            )
    return traces


def _area(found: Band, at: Sequence[int], colour: str) -> Settings:
    x = space_places(found.spaces)[list(at)]
    shade = tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.concatenate([x, x[::-1]]),
        "y": np.concatenate([found.high[list(at)], found.low[list(at)][::-1]]),
        "fill": "toself",
        "fillcolor": f"rgba({','.join(map(str, shade))},{FADED})",
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _bars(found: Band, at: Sequence[int], colour: str) -> Settings:
    rows = list(at)
    ends = found.high[rows] - found.values[rows], found.values[rows] - found.low[rows]
    bars = {"array": ends[0], "arrayminus": ends[1], "color": colour, "width": 0}
    return {"error_y": bars | {"thickness": 2}}


def _course(
    spaces: Sequence[str], values: Float[np.ndarray, " space"], rows: Sequence[int]
) -> Settings:
    at = list(rows)
    return {"type": "scatter", "x": space_places(spaces)[at], "y": values[at], "cliponaxis": False}


def course(
    spaces: Sequence[str], values: Float[np.ndarray, " space"], look: Look, dash: str, hover: str
) -> list[Settings]:
    """Return a line without a band: a control; short strokes for the fused spaces."""
    notes = [space_word(space) for space in spaces]
    ink = {"color": look.muted, "width": 1.6, "dash": dash}
    stroke = {"symbol": "line-ew-open", "size": look.small, "color": look.muted}
    styles = (
        (layers_of(spaces), {"mode": "lines", "line": ink}),
        (fused_places(spaces), {"mode": "markers", "marker": stroke}),
    )
    return [
        _course(spaces, values, rows)
        | style
        | {"customdata": [notes[row] for row in rows], "hovertemplate": hover}
        for rows, style in styles
        if rows
    ]


def courses(
    spaces: Sequence[str],
    values: Float[np.ndarray, "row space"],
    look: Look,
    hover: str,
    notes: Sequence[Sequence[Sequence[str]]],
) -> list[Settings]:
    """Return many thin lines as one trace, a gap between two; thin dots in the fused spaces.

    Args:
        spaces: along the axis.
        values: a row for each line.
        look: light or dark, desk or projector.
        hover: plotly's template.
        notes: what it tells, by row and space.
    """
    styles = (
        (layers_of(spaces), {"mode": "lines", "line": {"color": look.muted, "width": 0.8}}),
        (fused_places(spaces), {"mode": "markers"}),
    )
    dots = {"size": 4, "color": look.muted, "line": {"width": 0}}
    return [
        {
            "type": "scatter",
            "x": np.tile(np.append(space_places(spaces)[at], np.nan), len(values)),
            "y": np.concatenate([np.append(row[at], np.nan) for row in values]),
            "opacity": 0.45,
            "marker": dots,
            "customdata": [
                list(note)
                for row in notes
                for note in [*(row[one] for one in at), [""] * len(row[0])]
            ],
            "hovertemplate": hover,
        }
        | style
        for at, style in styles
        if at and len(values)
    ]


def axis_range(*values: Float[np.ndarray, "..."]) -> tuple[float, float]:
    """Return the ends of an axis that holds all values and 0, with a little room."""
    every = np.concatenate([np.ravel(one) for one in values])
    if np.isnan(every).all():
        return 0.0, 1.0
    low, high = (float(end) for end in (np.nanmin(every), np.nanmax(every)))
    low, high = min(0.0, low), max(0.0, high, low + 0.05)
    room = 0.05 * (high - low)
    return low - room * (low < 0), high + room


def values_axis(ends: tuple[float, float], title: str, *, shares: bool) -> Settings:
    """Return the settings of a y axis: shares in percent, anything else as it is."""
    return {
        "range": list(ends),
        "nticks": STEPS,
        "tickformat": ".0%" if shares else ".1~f",
        "title": title,
        "automargin": True,
        "fixedrange": True,
    }
