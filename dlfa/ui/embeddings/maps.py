"""The maps of the chosen sentences: precomputed, or PCA at once and UMAP behind it."""

from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import streamlit as st

from dlfa.messages import _
from dlfa.results import LayerMap, LayerVectors, Method, Neighbours, SentenceSet
from dlfa.ui.background import Piece
from dlfa.ui.embeddings.looked import Looked, Shown
from dlfa.ui.embeddings.vectors import vectors
from dlfa.ui.store import SPACES
from dlfa.ui.waiting import made

__all__ = ["METHODS", "Placing", "map_of", "neighbours_of", "placed", "shown_map", "with_new"]

METHODS: tuple[Method, ...] = get_args(Method)
NEAR = 15  # neighbours that a map's quality counts
TOLD = 5  # neighbours that are named


@dataclass(frozen=True, kw_only=True)
class Placing:
    """A map with a visitor's sentences put into it."""

    mapped: LayerMap
    sentences: SentenceSet
    """Those of the map, then the visitor's new ones."""
    rows: tuple[int, ...]
    """Of all the visitor's."""
    neighbours: Neighbours
    error: np.ndarray
    """How far off places are, by space, in units of the map's spread."""
    chance: np.ndarray


def map_of(looked: Looked, method: Method, dims: int) -> LayerMap | None:
    """Return a map; while UMAP is not there yet, PCA, with a bar; None while there is neither.

    Raises:
        DlfaError: see `dlfa.analysis.layer_maps`.
    """
    wanted = _shipped(looked, method, dims)
    if wanted is not None:
        return wanted
    vectors = looked.vectors()
    if method == "pca":
        return _pca(looked, vectors, dims)
    name = ("map-umap", dims, looked.centred, looked.source)
    known: LayerMap | None = SPACES.get(name)
    if known is not None:
        return known
    first = _shipped(looked, "pca", dims) or _pca(looked, vectors, dims)
    if first is None:  # it is at hand in a moment, unless it shares the processors with UMAP
        return None

    def fit(piece: Piece) -> LayerMap | None:
        from dlfa.analysis.layer_maps import umap_map, with_stability

        spaces = len(vectors.spaces)
        options = {"centred": looked.centred, "dims": dims, "k": NEAR, "stop": piece.stop}
        found = umap_map(
            vectors,
            looked.sentences,
            on_layer=lambda done, total: piece.tell(done, 2 * spaces),
            **options,  # type: ignore[arg-type]
        )
        return found and with_stability(
            found,
            vectors,
            looked.sentences,
            stop=piece.stop,
            on_layer=lambda done, total: piece.tell(spaces + done, 2 * spaces),
        )

    found: LayerMap | None = made(name, fit, "embeddings.work.umap")
    return first if found is None else found


def _shipped(looked: Looked, method: Method, dims: int) -> LayerMap | None:
    found: LayerMap | None = looked.at_hand(f"map/{method}/{dims}/{looked.reading}")
    return found


def _pca(looked: Looked, vectors: LayerVectors, dims: int) -> LayerMap | None:
    def fit(piece: Piece) -> LayerMap | None:
        from dlfa.analysis.layer_maps import pca_map

        return pca_map(
            vectors,
            looked.sentences,
            centred=looked.centred,
            dims=dims,
            k=NEAR,
            stop=piece.stop,
            on_layer=piece.tell,
        )

    name = ("map-pca", dims, looked.centred, looked.source)
    found: LayerMap | None = made(name, fit, "embeddings.work.pca")
    return found


def neighbours_of(looked: Looked) -> Neighbours | None:
    """Return every sentence's nearest others in the full spaces; None while they are not there.

    Raises:
        DlfaError: see `dlfa.analysis.neighbours`.
    """
    shipped: Neighbours | None = looked.at_hand(f"neighbours/{looked.reading}")
    if shipped is not None:
        return shipped
    vectors = looked.vectors()

    def find(piece: Piece) -> Neighbours | None:
        from dlfa.analysis.neighbours import nearest

        centre = looked.sentences.languages if looked.centred else None
        return nearest(vectors, TOLD, centre, stop=piece.stop, on_layer=piece.tell)

    name = ("neighbours", looked.centred, looked.source)
    found: Neighbours | None = made(name, find, "embeddings.work.neighbours")
    return found


def placed(looked: Looked, mapped: LayerMap, typed: SentenceSet) -> Placing:
    """Put a visitor's sentences into a map, without a new fit.

    Raises:
        DlfaError: see `dlfa.analysis.placing`.
    """
    known = looked.vectors()
    new = vectors(looked.encoder, typed, looked.pooled_by, known.spaces)
    form = mapped.method, mapped.points.shape[2], mapped.centred
    name = ("placed", *form, looked.source, typed.digest)
    found: Placing | None = SPACES.get(name)
    if found is None:
        with st.spinner(_("embeddings.work.placing")):
            found = _placed(looked, mapped, typed, known, new)
        SPACES.put(name, found)
    return found


def _placed(
    looked: Looked, mapped: LayerMap, typed: SentenceSet, known: LayerVectors, new: LayerVectors
) -> Placing:
    from dlfa.analysis.placing import place
    from dlfa.data.sentences import merged, rows_of

    both = merged(looked.sentences, typed)
    rows = rows_of(typed, both)
    fresh = rows >= len(looked.sentences.texts)  # the others are on the map already
    found = place(mapped, known, looked.sentences, new, typed.languages)
    points = np.concatenate([mapped.points, found.points[:, fresh]], axis=1)
    joined = replace(
        known,
        vectors=np.concatenate([known.vectors, new.vectors[:, fresh]], axis=1),
        tokens=np.concatenate([known.tokens, new.tokens[fresh]]),
        cut=np.concatenate([known.cut, new.cut[fresh]]),
    )
    return Placing(
        mapped=replace(mapped, points=points),
        sentences=both,
        rows=tuple(rows.tolist()),
        neighbours=with_new(
            neighbours_of(looked), joined, both.languages if looked.centred else None
        ),
        error=found.error,
        chance=found.chance,
    )


def with_new(
    known: Neighbours | None, joined: LayerVectors, centre: np.ndarray | None
) -> Neighbours:
    """Return the new sentences' nearest beside what is known of the others.

    Args:
        known: of a map's own sentences, which are not asked again; None where they have to be.
        joined: of these sentences, then of the new ones.
        centre: the languages of all, to take off the languages' means first.
    """
    from dlfa.analysis.neighbours import directions, nearest, nearest_rows

    if known is None or known.spaces != joined.spaces or known.rows.shape[2] != TOLD:
        found = nearest(joined, TOLD, centre)
        assert found is not None, "nobody stops it"
        return found
    new = np.arange(known.rows.shape[1], joined.vectors.shape[1])
    fresh = [nearest_rows(directions(one, centre), TOLD, new) for one in joined.vectors]
    rows, similarity = (np.stack(part) for part in zip(*fresh, strict=True))
    return replace(
        known,
        rows=np.concatenate([known.rows, rows], axis=1),
        similarity=np.concatenate([known.similarity, similarity], axis=1),
    )


def shown_map(mapped: LayerMap) -> Shown:
    """Return how a map and its quality are made again."""
    about = f"centred={mapped.centred}, dims={mapped.points.shape[2]}, k={mapped.k}"
    lines = [f"found = {mapped.method}_map(vectors, sentences, {about}, seed={mapped.seed})"]
    if mapped.method == "umap":
        lines.append("found = with_stability(found, vectors, sentences)")
    lines.append("found.points, found.trustworthiness, found.overlap, found.stability, found.drift")
    return Shown(
        provenance=mapped.provenance,
        imports="from dlfa.analysis.layer_maps import pca_map, umap_map, with_stability",
        lines="\n".join(lines),
        spaces=mapped.spaces,
    )
