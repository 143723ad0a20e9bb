"""Every space of the encoder as a map, each aligned to the one before.

PCA is there at once. UMAP's first space is laid out from its PCA; every further one begins where
the one before ended, in fewer epochs, and is held to it (see `dlfa.analysis.layout`), so that what
moves on the screen is what moved in the encoder. `benchmarks.maps` holds both against
umap-learn's ``AlignedUMAP``.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from dlfa.analysis.fits import turn
from dlfa.analysis.held import Work, layouts
from dlfa.analysis.map_quality import (
    Quality,
    counted,
    drift,
    judged,
    quality,
    shared_neighbours,
    spread,
)
from dlfa.analysis.neighbours import directions
from dlfa.analysis.principal import principal, turned
from dlfa.analysis.stopping import OnLayer, Stop, never, untold
from dlfa.results import LayerMap, LayerVectors, Method, Neighbours, SentenceSet

__all__ = ["FEWEST", "pca_map", "umap_map", "with_stability"]

FEWEST = 15
"""Points that UMAP needs; of fewer PCA is given, with a notice."""


def pca_map(
    vectors: LayerVectors,
    sentences: SentenceSet,
    *,
    centred: bool,
    dims: int = 2,
    k: int = 15,
    seed: int = 0,
    stop: Stop = never,
    on_layer: OnLayer = untold,
) -> LayerMap | None:
    """Return every space's first principal components, the same for every seed.

    There at once, of a few thousand sentences; None if `stop` said so.

    Args:
        vectors: of the sentences.
        sentences: whose languages are asked when centring.
        centred: whether each language's mean is taken off first.
        dims: 2 or 3.
        k: neighbours that the quality counts.
        seed: kept beside the map; nothing here is random.
        stop: asked twice in a space: whether nobody wants the map any more.
        on_layer: told how many spaces are done, and of how many.

    Raises:
        InputError: some vectors hold values that are no finite numbers.
    """
    languages = _languages(sentences, centred)
    k = counted(k, len(sentences.texts))
    maps: list[np.ndarray] = []
    qualities, explained = [], []
    for space in vectors.vectors:
        if stop():
            return None
        unit = directions(space, languages)
        points, variance = principal(unit, dims)
        maps.append(turned(points, maps[-1]) if maps else points)
        if stop():
            return None
        explained.append((maps[-1] ** 2).mean(axis=0) / (variance or 1))
        qualities.append(quality(unit, points, k))
        on_layer(len(maps), len(vectors.spaces))
    found = _map(vectors, "pca", np.stack(maps), qualities, centred=centred, k=k, seed=seed)
    return replace(found, explained=np.stack(explained), stability=np.ones(len(maps)))


def umap_map(
    vectors: LayerVectors,
    sentences: SentenceSet,
    *,
    centred: bool,
    dims: int = 2,
    k: int = 15,
    seed: int = 0,
    neighbours: Neighbours | None = None,
    stop: Stop = never,
    on_layer: OnLayer = untold,
) -> LayerMap | None:
    """Return every space's UMAP, each held to the one before; None if `stop` said so.

    Same seed, same map, bit for bit. Its stability is NaN until `with_stability` has measured it.
    Fewer than `FEWEST` sentences give PCA, with a notice. A space in which all vectors are the
    same is one point.

    Args:
        vectors: of the sentences.
        sentences: whose languages are asked when centring.
        centred: whether each language's mean is taken off first.
        dims: 2 or 3.
        k: neighbours that the graph (umap-learn's ``n_neighbors``) and the quality count.
        seed: of the descent.
        neighbours: of the same vectors, as centred, at least k − 1 of each; found if not given.
        stop: asked about once a second: whether nobody wants the map any more.
        on_layer: told how many spaces are done, and of how many.

    Raises:
        InputError: some vectors hold values that are no finite numbers.
        BusyError: others have been fitting for ten minutes.
    """
    if vectors.vectors.shape[1] < FEWEST:
        found = pca_map(vectors, sentences, centred=centred, dims=dims, k=k, seed=seed, stop=stop)
        return found and replace(found, notice="notice.map.few")
    k = counted(k, len(sentences.texts))
    work = Work(vectors, _languages(sentences, centred), dims, k, seed, neighbours, stop)
    maps, qualities = [], []
    with turn(stop) as mine:
        for points, unit in layouts(work) if mine else ():
            maps.append(points)
            qualities.append(quality(unit, points, k))
            on_layer(len(maps), len(vectors.spaces))
    if len(maps) < len(vectors.spaces):
        return None
    return _map(vectors, "umap", np.stack(maps), qualities, centred=centred, k=k, seed=seed)


def with_stability(
    found: LayerMap,
    vectors: LayerVectors,
    sentences: SentenceSet,
    *,
    neighbours: Neighbours | None = None,
    stop: Stop = never,
    on_layer: OnLayer = untold,
) -> LayerMap | None:
    """Return the map with its `stability`: a second one, of the next seed, held against it.

    Costs as much as the map itself; None if `stop` said so. PCA is returned as it is.

    Args:
        found: by `umap_map`.
        vectors: which it was made of.
        sentences: which it was made of.
        neighbours: as of `umap_map`.
        stop: as of `umap_map`.
        on_layer: as of `umap_map`.
    """
    if found.method == "pca":
        return found
    languages, dims = _languages(sentences, found.centred), found.points.shape[2]
    work = Work(vectors, languages, dims, found.k, found.seed + 1, neighbours, stop)
    shares: list[float] = []
    with turn(stop) as mine:
        for points, _ in layouts(work) if mine else ():
            shares.append(shared_neighbours(found.points[len(shares)], points, found.k))
            on_layer(len(shares), len(vectors.spaces))
    if len(shares) < len(vectors.spaces):
        return None
    return replace(found, stability=np.array(shares))


def _map(
    vectors: LayerVectors,
    method: Method,
    points: np.ndarray,
    qualities: list[Quality],
    **chosen: Any,
) -> LayerMap:
    """Put the spaces together at one scale: a root mean square distance of 1 from the middle."""
    count = points.shape[1]
    points = (points / (spread(points) or 1)).astype(np.float32)
    return LayerMap(
        spaces=vectors.spaces,
        method=method,
        points=points,
        trustworthiness=np.array([found.trustworthiness for found in qualities]),
        overlap=np.array([found.overlap for found in qualities]),
        chance=chosen["k"] / max(1, count - 1),
        judged=len(judged(count)),
        stability=np.full(len(points), np.nan),
        drift=drift(points),
        explained=None,
        provenance=vectors.provenance,
        **chosen,
    )


def _languages(sentences: SentenceSet, centred: bool) -> np.ndarray | None:
    return sentences.languages if centred else None
