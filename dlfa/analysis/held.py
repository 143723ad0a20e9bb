"""Lay out space after space by UMAP's rules, each held to the places of the one before."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.sparse import coo_matrix

from dlfa.analysis import rapids
from dlfa.analysis.fuzzy_graph import fuzzy_graph
from dlfa.analysis.layout import Course, lay_out
from dlfa.analysis.neighbours import directions, nearest_unless
from dlfa.analysis.principal import flat, principal, turned
from dlfa.analysis.stopping import Stop
from dlfa.results import LayerVectors, Neighbours

__all__ = ["Work", "layouts"]

LARGE = 10_000  # sentences, from which on umap-learn takes 200 epochs instead of 500
FIRST, FIRST_LARGE = (Course(epochs=epochs, rate=1.0) for epochs in (300, 200))
NEXT = Course(epochs=100, rate=1.0)
HOLD = 0.3
"""Of points that keep all their neighbours; that of others falls with the square of the share they
keep. By measurement (`benchmarks.maps`): with no hold points drift half as far again; held all
alike, languages that merge stay apart on the map for layers."""

WIDTH, NOISE = 10.0, 1e-4  # of the first beginning, as umap-learn scales it


class Work(NamedTuple):
    """What is to be laid out, and how."""

    vectors: LayerVectors
    languages: np.ndarray | None
    """Of the sentences, if their means are to be taken off."""
    axes: int
    k: int
    """umap-learn's ``n_neighbors``, the sentence itself included."""
    seed: int
    neighbours: Neighbours | None
    stop: Stop


def layouts(
    work: Work,
) -> Iterator[tuple[Float[np.ndarray, "sentence axis"], Float[np.ndarray, "sentence dim"]]]:
    """Yield each space's places, centred on 0, and its directions; ends early when stopped.

    A space in which all vectors are the same is one point, and nobody's beginning.
    """
    last: _Laid | None = None
    for index, space in enumerate(work.vectors.vectors):
        unit = directions(space, work.languages)
        if flat(unit):
            yield np.zeros((len(unit), work.axes), np.float32), unit
            continue
        near = _near(work, index, unit)
        if near is None:
            return
        rows, away = near
        graph = fuzzy_graph(rows, away)
        if work.stop():
            return
        found = _next(work, index, graph, rows, last) if last else _first(work, index, unit, graph)
        if found is None:
            return
        last = _Laid(found, rows)
        yield found, unit


class _Laid(NamedTuple):
    """A space that is done."""

    points: np.ndarray
    rows: np.ndarray
    """Each sentence's neighbours in it."""


def _first(work: Work, index: int, unit: np.ndarray, graph: coo_matrix) -> np.ndarray | None:
    """Lay a space out from its principal components."""
    course = FIRST if len(unit) < LARGE else FIRST_LARGE
    if rapids.installed():
        seed = work.seed + index
        found = rapids.fitted(unit, work.axes, k=work.k, epochs=course.epochs, seed=seed)
        return found - found.mean(axis=0)
    points, _ = principal(unit, work.axes)
    noise = np.random.default_rng(work.seed).normal(scale=NOISE, size=points.shape)
    start = points * (WIDTH / np.abs(points).max()) + noise
    laid = lay_out(graph, start, course, seed=(work.seed, index), stop=work.stop)
    return None if laid is None else laid - laid.mean(axis=0)


def _next(
    work: Work, index: int, graph: coo_matrix, rows: np.ndarray, last: _Laid
) -> np.ndarray | None:
    """Lay a space out from the places of the one before, each point held to its own."""
    kept = (rows[:, :, None] == last.rows[:, None, :]).any(axis=2).mean(axis=1)
    seed = (work.seed, index)
    laid = lay_out(graph, last.points, NEXT, hold=HOLD * kept**2, seed=seed, stop=work.stop)
    return None if laid is None else turned(laid - laid.mean(axis=0), last.points)


def _near(work: Work, index: int, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Return each sentence's k − 1 nearest others and the straight distances; None if stopped."""
    known, others = work.neighbours, work.k - 1
    if known is None:
        found = nearest_unless(work.stop, unit, others)
        if found is None:
            return None
        rows, cosine = found
    else:
        rows, cosine = known.rows[index, :, :others], known.similarity[index, :, :others]
    return rows, np.sqrt(np.maximum(2 - 2 * cosine, 0))
