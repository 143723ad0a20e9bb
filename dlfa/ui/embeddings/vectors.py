"""The vectors of the chosen sentences, computed in turns with other visitors and kept for all."""

from typing import TYPE_CHECKING

import streamlit as st

from dlfa.messages import _
from dlfa.results import LayerVectors, PooledBy, SentenceSet, head_gate
from dlfa.ui.embeddings.encoders import ChosenEncoder
from dlfa.ui.store import SPACES
from dlfa.ui.turns import stepwise

if TYPE_CHECKING:
    from dlfa.analysis.embedder import Embedder

__all__ = ["known_spaces", "spaces_within", "vectors"]

ROOM = 400_000_000  # bytes of one set's vectors


def vectors(
    encoder: ChosenEncoder,
    sentences: SentenceSet,
    pooled_by: PooledBy,
    spaces: tuple[str, ...] | None = None,
) -> LayerVectors:
    """Return one vector a sentence and space: known already, or computed with a bar that grows.

    Args:
        encoder: the chosen one.
        sentences: any number.
        pooled_by: ``"mean"`` or ``"first"``.
        spaces: in which; as many as there is room for by default.

    Raises:
        DlfaError: see `dlfa.analysis.embedding`; BusyError if the line is too long.
    """
    place = st.empty()  # there in any case, so that nothing below it moves
    name = ("vectors", encoder.source(place), sentences.digest, pooled_by, spaces)
    found: LayerVectors | None = SPACES.get(name)
    if found is None:
        embedder = encoder.loaded(place)
        from dlfa.analysis.embedding import Embedding

        with place, st.spinner(_("ui.working.prepare")):
            chosen = spaces or spaces_within(embedder, len(sentences.texts))
            work = Embedding(embedder, sentences.texts, chosen, pooled_by)
        found = stepwise(encoder.line, name, work.steps(), work.result, SPACES, place)
        place.empty()
    return found


def known_spaces(
    encoder: ChosenEncoder, sentences: SentenceSet, pooled_by: PooledBy
) -> tuple[str, ...]:
    """Return the spaces in which sentences were embedded; none where they were not, lately."""
    if not encoder.is_known:
        return ()
    found = SPACES.get(("vectors", encoder.source(), sentences.digest, pooled_by, None))
    return found.spaces if found else ()


def spaces_within(embedder: "Embedder", count: int) -> tuple[str, ...]:
    """Return the spaces that there is room for: of many sentences the layers only, or every other.

    The gates as printed in the paper stand for both readings.

    Args:
        embedder: with all its spaces.
        count: sentences.
    """
    heads = tuple(name for name in embedder.heads if head_gate(name) != "aff")
    most = max(1, ROOM // (4 * embedder.dim * max(1, count)))
    if len(embedder.layers) + len(heads) <= most:
        return (*embedder.layers, *heads)
    step = -(-len(embedder.layers) // most)
    return embedder.layers[::-1][::step][::-1]
