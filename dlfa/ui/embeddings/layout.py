"""How a map is drawn: method, dimensions, what colours and shapes mean, lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dlfa.data.languages import language
from dlfa.figures.spaces import fused, space_word
from dlfa.messages import _
from dlfa.results import Method, SentenceSet
from dlfa.ui import address, inputs
from dlfa.ui.embeddings.maps import METHODS
from dlfa.ui.guard import literal

__all__ = [
    "DIMS",
    "Layout",
    "chosen_layout",
    "column_word",
    "named_columns",
    "named_spaces",
    "names_of",
    "values_of",
]

DIMS = ("2", "3")
WIDTH = 150  # px: all of this in a row on a desk, and two lists beside each other on a phone
ALWAYS = ("language", "script", "family")
NONE = "none"
KNOWN = (*ALWAYS, "label", "genre", "topic", "role")  # with words of ours


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a map is drawn."""

    method: Method
    dims: int
    colour: str
    shape: str
    """A column's name, or empty."""
    lines: bool


def chosen_layout(sentences: SentenceSet) -> Layout:
    """Show how the map can be drawn, and return what is chosen.

    Args:
        sentences: whose columns can be colours and shapes.
    """
    words = {name: column_word(name) for name in ALWAYS} | named_columns(sentences)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = inputs.one_of("method", METHODS, words="embeddings.method")
        dims = inputs.one_of("dims", DIMS, words="embeddings.dims")
        colour = inputs.pick("colour", words, _("embeddings.colour"), width=WIDTH)
        free = {NONE: _("embeddings.shape.none")} | words
        shape = inputs.pick("shape", free, _("embeddings.shape"), width=WIDTH)
        lines = any(sentences.items != "") and st.toggle(
            _("embeddings.lines"),
            value=address.flag("lines", False),
            key="lines",
            help=_("embeddings.lines.help"),
            persist_state="session",
        )
    return Layout(
        method=method,
        dims=int(dims),
        colour=colour,
        shape="" if shape == NONE else shape,
        lines=bool(lines),
    )


def named_columns(sentences: SentenceSet) -> dict[str, str]:
    """Return the columns that tell sentences apart, with what they are called."""
    columns = sentences.columns.items()
    return {name: column_word(name) for name, cells in columns if len(np.unique(cells)) > 1}


def column_word(column: str) -> str:
    """Return what a column is called: ours by name, a visitor's own as it is."""
    return _(f"embeddings.by.{column}") if column in KNOWN else literal(column)


def named_spaces(spaces: Sequence[str]) -> dict[str, str]:
    """Return what spaces are called, in the order of a list: the last layer first."""
    layers = [space for space in spaces if not fused(space)]
    order = [*reversed(layers), *(space for space in spaces if fused(space))]
    return {space: space_word(space) for space in order}


def values_of(sentences: SentenceSet, column: str) -> np.ndarray:
    """Return what a column says of each sentence, ``(sentence)`` strings."""
    if column == "language":
        return sentences.languages
    if column in sentences.columns:
        return sentences.columns[column]
    from dlfa.analysis.families import family, script

    about = {"family": family, "script": script}[column]
    codes, places = np.unique(sentences.languages, return_inverse=True)
    found: np.ndarray = np.array([about(str(code)) for code in codes], dtype=np.str_)[places]
    return found


def names_of(sentences: SentenceSet) -> dict[str, str]:
    """Return the names of the languages, by code."""
    return {str(code): language(str(code)).name for code in np.unique(sentences.languages)}
