"""What a map draws: traces that keep their look while their places change, frame by frame."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int

from dlfa.figures.frame import Settings, title_text
from dlfa.figures.map_hover import about_words, kind_value, text_notes, title_word
from dlfa.figures.map_lines import line_places
from dlfa.figures.map_points import (
    INSIDE,
    REACH,
    Kind,
    between,
    filled,
    kinds,
    most_shapes,
    painted,
    shaped,
)
from dlfa.figures.map_words import map_title, quality_lines
from dlfa.figures.palette import Look
from dlfa.messages import _
from dlfa.results import LayerMap, SentenceSet

__all__ = ["HEIGHT", "Drawn", "axes", "frames", "moving", "shape_key", "still"]

HEIGHT = 430  # px
SMOOTH = 1500  # points that plotly moves by itself; more are drawn by WebGL, which cannot
STATES = 5  # at most between two spaces where plotly cannot move points
ROOM = 2_700_000  # bytes of all places in JSON
SIZES = ((300, 9.0), (SMOOTH, 7.0), (5000, 5.0))  # px of a point for so many of them
SMALLEST = 3.5
EYE = {"x": 1.0, "y": 1.0, "z": 0.75}  # nearer than plotly's, for there are no axes to see
RING = 2.2  # points of a ring's width


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What every state of a map is drawn from."""

    mapped: LayerMap
    places: Int[np.ndarray, "space sentence axis"]
    kinds: list[Kind]
    ends: Int[np.ndarray, "line end"]
    chosen: Int[np.ndarray, " row"]
    notes: Mapping[str, np.ndarray]
    """Space -> each sentence's neighbours, as text."""
    known: int | None = None
    """How many sentences are the map's own; all if it is None."""

    @property
    def dims(self) -> int:
        """Two or three."""
        return int(self.mapped.points.shape[2])

    @property
    def smooth(self) -> bool:
        """Whether plotly itself moves the points from state to state."""
        return self.dims == 2 and self.mapped.points.shape[1] <= SMOOTH

    @property
    def type(self) -> str:
        """Plotly's name of the traces."""
        if self.dims == 3:
            return "scatter3d"
        return "scatter" if self.smooth else "scattergl"

    @property
    def states(self) -> int:
        """How many states between two spaces there is room for."""
        spaces, sentences, dims = self.mapped.points.shape
        one = sentences * dims * 2 * 4 / 3  # bytes of a space's places in base64
        left = ROOM / max(one, 1.0) - spaces
        return 0 if self.smooth else int(np.clip(left / max(1, spaces - 1), 0, STATES))


def still(
    drawn: Drawn,
    sentences: SentenceSet,
    look: Look,
    names: Mapping[str, str],
    *,
    colour: str,
    shapes: np.ndarray | None,
) -> list[Settings]:
    """Return the traces without their places: lines, points by kind, rings of the chosen."""
    paints = painted(len(drawn.kinds), look, drawn.dims, shaped=shapes is not None)
    told = np.array(
        [text_notes(sentences.texts), about_words(sentences, names)], dtype=object
    )  # (2 sentence)
    symbols = _symbols(drawn, shapes)
    hover = _hover(drawn, colour)
    traces = []
    for kind, (ink, symbol, fill) in zip(drawn.kinds, paints, strict=True):
        own = [symbol] * len(kind.rows) if symbols is None else symbols[kind.rows].tolist()
        marks = [filled(one, fill, drawn.dims) for one in own]
        shown = ink if kind.value is not None else look.muted
        traces.append(
            _trace(drawn, marks[0] if len(set(marks)) == 1 else marks, shown)
            | {
                "name": kind_value(colour, kind, names),
                "customdata": [[row, *told[::-1, row].tolist()] for row in kind.rows.tolist()],
                "hovertemplate": hover,
            }
        )
    return [_lines(drawn, look), *traces, _rings(drawn, look)]


def _symbols(drawn: Drawn, shapes: np.ndarray | None) -> np.ndarray | None:
    """Return each sentence's symbol, ``(sentence)`` strings; None where colours choose it."""
    if shapes is None:
        return None
    found = kinds(shapes, most_shapes(drawn.dims), drawn.known)
    symbols = np.empty(len(shapes), dtype=object)
    for kind, symbol in zip(found, shaped(len(found), drawn.dims), strict=True):
        symbols[kind.rows] = symbol
    return symbols


def _hover(drawn: Drawn, colour: str) -> str:
    title = title_word(colour).replace("{", "&#123;")  # plotly would fill it in
    kind = "" if colour == "language" else f"{title}: %{{fullData.name}}<br>"
    near = f"<br>{_('figure.map.hover.neighbours')}<br>%{{text}}" if drawn.notes else ""
    return f"<b>%{{customdata[1]}}</b><br>{kind}%{{customdata[2]}}{near}<extra></extra>"


def _trace(drawn: Drawn, symbol: Any, ink: str) -> Settings:
    many = drawn.places.shape[1]
    size = next((size for most, size in SIZES if many <= most), SMALLEST)
    marker = {"symbol": symbol, "size": size * (0.6 if drawn.dims == 3 else 1), "color": ink}
    return {
        "type": drawn.type,
        "mode": "markers",
        "marker": marker | {"opacity": 0.85, "line": {"width": 0}},
    }


def _lines(drawn: Drawn, look: Look) -> Settings:
    return {
        "type": drawn.type,
        "mode": "lines",
        "line": {"color": look.muted, "width": 1 if drawn.dims == 2 else 2},
        "opacity": 0.7 if len(drawn.chosen) else 0.25,
        "hoverinfo": "skip",
        "showlegend": False,
        "connectgaps": False,
    }


def _rings(drawn: Drawn, look: Look) -> Settings:
    """Ring the chosen; the rings take neither clicks nor the mouse from what they ring."""
    trace = _trace(drawn, "circle-open", look.text)
    bold = {"opacity": 1, "size": trace["marker"]["size"] * 1.9}
    line = {"width": RING, "color": look.text}
    return trace | {
        "marker": trace["marker"] | bold | {"line": line},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def moving(
    drawn: Drawn, places: Int[np.ndarray, "sentence axis"], at: int | None
) -> list[Settings]:
    """Return the traces' places in one state, and in a space its sentences' neighbours.

    Args:
        drawn: of `still`.
        places: of all sentences.
        at: index of the space; None between two.
    """
    notes = None if at is None else drawn.notes.get(drawn.mapped.spaces[at])
    points = [
        _placed(drawn, places[kind.rows].T)
        | ({} if notes is None else {"text": notes[kind.rows].tolist()})
        for kind in drawn.kinds
    ]
    lines = _placed(drawn, line_places(places, drawn.ends))
    return [lines, *points, _placed(drawn, places[drawn.chosen].T)]


def _placed(drawn: Drawn, corners: np.ndarray) -> Settings:
    return {"type": drawn.type} | dict(zip("xyz", map(np.ascontiguousarray, corners), strict=False))


def frames(drawn: Drawn, sentences: SentenceSet, look: Look) -> Iterator[Settings]:
    """Yield a frame per space, with the words above it, and those on the way to it."""
    spaces = drawn.mapped.spaces
    for at, step, places in between(drawn.places, drawn.states):
        traces = moving(drawn, places, None if step else at)
        frame = {"data": traces, "traces": list(range(len(traces)))}
        if step:
            yield frame | {"name": f"{spaces[at - 1]}>{spaces[at]}:{step}"}
        else:
            title = map_title(drawn.mapped, sentences, at)
            text = title_text(look, title, "<br>".join(quality_lines(drawn.mapped, at)))
            yield frame | {"name": spaces[at], "layout": {"title": {"text": text}}}


def shape_key(
    drawn: Drawn, shape: str, shapes: np.ndarray | None, look: Look, names: Mapping[str, str]
) -> list[Settings]:
    """Return traces without points that say what shapes mean; none where colours choose them."""
    if shapes is None:
        return []
    found = kinds(shapes, most_shapes(drawn.dims), drawn.known)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "name": kind_value(shape, kind, names),
            "marker": {"symbol": symbol, "color": look.muted, "size": 9},
            "legend": "legend2",
            "hoverinfo": "skip",
        }
        for kind, symbol in zip(found, shaped(len(found), drawn.dims), strict=True)
    ]


def axes(drawn: Drawn, look: Look) -> dict[str, Any]:
    """Return the picture's axes, without numbers: distances on a map have no unit."""
    reach = REACH * INSIDE
    if drawn.dims == 3:
        flat = {"visible": False, "range": [-reach, reach]}
        scene = {"xaxis": flat, "yaxis": flat, "zaxis": flat, "aspectmode": "cube"}
        return {"axes": {}, "scene": scene | {"camera": {"eye": EYE}, "uirevision": "map"}}
    axis = {
        "range": [-reach, reach],
        "showticklabels": False,
        "showgrid": False,
        "showline": True,
        "mirror": True,
        "linecolor": look.grid,
    }
    return {"axes": {"xaxis": axis, "yaxis": axis | {"scaleanchor": "x"}}}
