"""Sentences in every space of an encoder, on one map that moves from layer to layer."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import draw
from dlfa.figures.map_controls import buttons, legend, room_below, slider
from dlfa.figures.map_hover import neighbour_notes, title_word
from dlfa.figures.map_lines import line_ends, lines_fit
from dlfa.figures.map_points import kinds, most, packed
from dlfa.figures.map_traces import HEIGHT, Drawn, axes, frames, moving, shape_key, still
from dlfa.figures.map_words import map_title, quality_lines, space_at
from dlfa.figures.palette import Look
from dlfa.results import LayerMap, Neighbours, SentenceSet

__all__ = ["layer_map"]


def layer_map(
    mapped: LayerMap,
    sentences: SentenceSet,
    look: Look,
    *,
    colour: str = "language",
    colours: np.ndarray | None = None,
    shape: str = "",
    shapes: np.ndarray | None = None,
    names: Mapping[str, str] | None = None,
    neighbours: Neighbours | None = None,
    lines: bool = False,
    chosen: Sequence[int] = (),
    known: int | None = None,
    start: str = "",
) -> go.Figure:
    """Draw sentences in every space, with a slider and a button that play the way between them.

    Args:
        mapped: of these sentences, in two or three dimensions.
        sentences: what the points are.
        look: light or dark, desk or projector.
        colour: what colours tell apart: ``"language"``, ``"script"``, ``"family"``, ``"label"``,
            or any other column's name, for the key.
        colours: its values, ``(sentence)`` strings; None: the sentences' languages.
        shape: as ``colour``, of shapes.
        shapes: its values; None: shapes go with colours, so that neither must be seen.
        names: language code -> name; a code without one stands for itself.
        neighbours: in the full spaces; told when a sentence is pointed at.
        lines: join translations, as far as they can be followed (see `lines_fit`).
        chosen: rows to ring; lines are then drawn from these alone.
        known: how many sentences are the map's own; those after them change no colour of theirs.
            All by default.
        start: the space that is shown first; empty: the first one.

    Returns:
        a frame per space under its name. Above the picture stand the encoder and the quality of
        that space's map. A point's ``customdata`` begins with its row.

    Raises:
        ValueError: a space that the map lacks.
    """
    at, names = space_at(mapped, start), names or {}
    values = sentences.languages if colours is None else colours
    joined = lines and lines_fit(sentences, chosen)
    drawn = Drawn(
        mapped=mapped,
        places=packed(mapped.points),
        kinds=kinds(values, most(mapped.points.shape[2], look, shaped=shapes is not None), known),
        ends=line_ends(sentences, chosen) if joined else np.empty((0, 2), dtype=int),
        chosen=np.array(chosen, dtype=int),
        notes=neighbour_notes(mapped, sentences, neighbours),
        known=known,
    )
    fixed = still(drawn, sentences, look, names, colour=colour, shapes=shapes)
    traces = [
        kept | placed
        for kept, placed in zip(fixed, moving(drawn, drawn.places[at], at), strict=True)
    ]
    keys = shape_key(drawn, shape, shapes, look, names)
    words = [[trace["name"] for trace in told if "name" in trace] for told in (traces, keys)]
    return draw(
        [*traces, *keys],
        look,
        title=map_title(mapped, sentences, at),
        subtitle="<br>".join(quality_lines(mapped, at)),
        height=HEIGHT,
        top=0.3 * look.font,
        bottom=room_below(look, [one for one in words if one]),
        frames=list(frames(drawn, sentences, look)),
        **axes(drawn, look),
        showlegend=True,
        legend=legend(
            look, HEIGHT, title_word(colour), words[0], down=room_below(look, []), clicks=True
        ),
        legend2=legend(
            look,
            HEIGHT,
            title_word(shape),
            words[1],
            down=room_below(look, words[:1]),
            clicks=False,
        ),
        sliders=[slider(mapped.spaces, at, look, HEIGHT, smooth=drawn.smooth)],
        updatemenus=[buttons(look, HEIGHT, smooth=drawn.smooth, states=drawn.states)],
        hovermode="closest",
        uirevision="map",
    )
