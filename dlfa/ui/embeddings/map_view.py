"""The view of the map: every space on one figure, and the sentences that somebody chose on it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from dlfa import figures
from dlfa.figures.spaces import space_word
from dlfa.figures.words import decimals
from dlfa.messages import _
from dlfa.results import LayerMap, Neighbours, SentenceSet
from dlfa.ui import chrome
from dlfa.ui.embeddings.layout import Layout, chosen_layout, names_of, values_of
from dlfa.ui.embeddings.looked import Looked, Shown
from dlfa.ui.embeddings.maps import Placing, map_of, neighbours_of, placed, shown_map
from dlfa.ui.embeddings.selected import chosen_rows, show_selected, take_choice
from dlfa.ui.embeddings.typed import typed_sentences
from dlfa.ui.guard import guarded, literal

__all__ = ["show"]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the figure shows."""

    mapped: LayerMap
    sentences: SentenceSet
    neighbours: Neighbours | None
    rows: tuple[int, ...]
    """Of the visitor's own sentences, which are ringed."""
    known: int
    """How many sentences are the map's own; those that were typed come after them."""


def show(looked: Looked) -> Shown | None:
    """Show the view."""
    layout = chosen_layout(looked.sentences)
    above, below = st.container(), st.container()
    typed = None
    with below, guarded():  # what cannot be placed takes no map away
        typed = typed_sentences(set(looked.sentences.languages.tolist()))
    with above:
        mapped = map_of(looked, layout.method, layout.dims)
        if mapped is None:
            return None
        near = neighbours_of(looked)
        place = placed(looked, mapped, typed) if typed else None
        seen = _seen(looked, mapped, near, place)
        _figure(seen, layout)
        st.info(literal(figures.map_verdict(mapped)), icon=":material/scatter_plot:")
    with below:
        if place is not None:
            _how_far_off(place)
        show_selected(seen.sentences, seen.mapped.spaces, seen.neighbours, seen.rows)
    return shown_map(mapped)


def _seen(looked: Looked, mapped: LayerMap, near: Neighbours | None, place: Placing | None) -> Seen:
    own, known = looked.sentences, len(looked.sentences.texts)
    if place is None:
        return Seen(mapped=mapped, sentences=own, neighbours=near, rows=(), known=known)
    return Seen(
        mapped=place.mapped,
        sentences=place.sentences,
        neighbours=place.neighbours,
        rows=place.rows,
        known=known,
    )


def _figure(seen: Seen, layout: Layout) -> None:
    options: dict[str, Any] = {
        "colour": layout.colour,
        "colours": values_of(seen.sentences, layout.colour),
        "names": names_of(seen.sentences),
    }
    shapes = values_of(seen.sentences, layout.shape) if layout.shape else None
    others = figures.map_others(
        layout.colour,
        options["colours"],
        dims=layout.dims,
        shape=layout.shape,
        shapes=shapes,
        known=seen.known,
    )
    chrome.figure(
        partial(
            figures.layer_map,
            **options,
            shape=layout.shape,
            shapes=shapes,
            neighbours=seen.neighbours,
            lines=layout.lines,
            known=seen.known,
            chosen=_ringed(seen, layout),
        ),
        partial(figures.describe_layer_map, **options),
        seen.mapped,
        seen.sentences,
        key="map",
        caption=" ".join([*others, _(f"embeddings.map.caption.{layout.dims}")]),
        rows=partial(_rows, seen),
        on_choice=partial(take_choice, seen.sentences.digest) if layout.dims == 2 else None,
    )


def _ringed(seen: Seen, layout: Layout) -> tuple[int, ...]:
    """Return the rows to ring. A choice changes the figure only where lines wait for one."""
    if layout.lines and not figures.lines_fit(seen.sentences):
        return (*seen.rows, *chosen_rows(seen.sentences))
    return seen.rows


def _how_far_off(place: Placing) -> None:
    at = int(np.nanargmax(place.error))
    words = _(
        "embeddings.typed.error",
        error=decimals(float(np.nanmean(place.error)), 2),
        chance=decimals(float(np.nanmean(place.chance)), 2),
        worst=decimals(float(place.error[at]), 2),
        space=space_word(place.mapped.spaces[at]),
    )
    st.caption(words)


def _rows(seen: Seen) -> list[dict[str, Any]]:
    """Return every sentence's place in every space, for a table."""
    return [
        row
        for space in seen.mapped.spaces
        for row in figures.map_table(
            seen.mapped, seen.sentences, space=space, neighbours=seen.neighbours
        )
    ]
