"""Encoders without heads in memory: loaded once for all visitors, and few at a time."""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st
from cachetools import LRUCache
from streamlit.delta_generator import DeltaGenerator

from dlfa.errors import DlfaError
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.analysis.embedder import Embedder
    from dlfa.results import LayerVectors, SentenceSet

__all__ = ["embedded_by", "is_known_raw", "raw_digest", "raw_encoder"]

_ENCODERS: LRUCache[str, "Embedder"] = LRUCache(maxsize=2)
_DIGESTS: LRUCache[str, str] = LRUCache(maxsize=100)
_LOADING = Lock()  # one at a time: who comes for the same one finds it loaded


def raw_encoder(name: str, place: DeltaGenerator) -> "Embedder":
    """Return an encoder as it was published.

    Args:
        name: a short name, a folder or ``hub-id@revision``.
        place: where whoever has to wait sees that it loads; empty afterwards.

    Raises:
        DlfaError: see `dlfa.analysis.embedder.Embedder.raw`.
    """
    found = _ENCODERS.get(name)
    if found is None:
        try:
            with place.status(_("ui.model.loading")) as box:
                box.update(label=_("ui.model.loading.encoder"))
                found = _load(name)
        except DlfaError:  # the page says what is wrong
            place.empty()
            raise
        place.empty()
    return found


def raw_digest(name: str, place: DeltaGenerator | None = None) -> str:
    """Return the digest of an encoder: what its results are kept under.

    Raises:
        DlfaError: see `raw_encoder`.
    """
    if name not in _DIGESTS:
        _DIGESTS[name] = raw_encoder(name, st.empty() if place is None else place).digest
    return _DIGESTS[name]


def is_known_raw(name: str) -> bool:
    """Return whether `raw_digest` knows an encoder already."""
    return name in _DIGESTS


def _load(name: str) -> "Embedder":
    from dlfa.analysis.embedder import Embedder

    with _LOADING:
        if name not in _ENCODERS:
            _ENCODERS[name] = Embedder.raw(name)
        return _ENCODERS[name]


def embedded_by(name: str) -> Callable[["SentenceSet"], "LayerVectors"]:
    """Return what gives an encoder's vectors of sentences in every layer, from any thread.

    Args:
        name: as of `raw_encoder`; it is loaded when it is asked first.
    """

    def embedded(sentences: "SentenceSet") -> "LayerVectors":
        from dlfa.analysis.embedding import embed

        embedder = _load(name)
        return embed(embedder, sentences.texts, embedder.layers)

    return embedded
