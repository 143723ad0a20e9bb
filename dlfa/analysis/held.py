"""Lay out space after space by UMAP's rules, each held to the places of the one before."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dlfa.analysis import rapids
from dlfa.analysis.fuzzy_graph import fuzzy_graph
from dlfa.analysis.layout import Course, lay_out
from dlfa.analysis.neighbours import directions, nearest_rows
from dlfa.analysis.principal import flat, principal, turned
from dlfa.results import LayerVectors, Neighbours

__all__ = ["Stop", "Work", "layouts", "never"]

LARGE = 10_000  # sentences, from which on umap-learn takes 200 epochs instead of 500
FIRST, FIRST_LARGE = (Course(epochs=epochs, rate=1.0, hold=0.0) for epochs in (300, 200))
NEXT = Course(epochs=60, rate=0.5, hold=0.2)
"""By measurement (`benchmarks.maps`): without the hold points drift half as far again, with much
more of it the map no longer follows its space."""

WIDTH, NOISE = 10.0, 1e-4  # of the first beginning, as umap-learn scales it

Stop = Callable[[], bool]


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


def never() -> bool:
    """Return that nobody wants to stop."""
    return False


def layouts(
    work: Work,
) -> Iterator[tuple[Float[np.ndarray, "sentence axis"], Float[np.ndarray, "sentence dim"]]]:
    """Yield each space's places, centred on 0, and its directions; ends early when stopped.

    A space in which all vectors are the same is one point, and nobody's beginning.
    """
    last: np.ndarray | None = None
    for index, space in enumerate(work.vectors.vectors):
        unit = directions(space, work.languages)
        if flat(unit):
            yield np.zeros((len(unit), work.axes), np.float32), unit
            continue
        found = _first(work, index, unit) if last is None else _next(work, index, unit, last)
        if found is None:
            return
        last = found
        yield last, unit


def _first(work: Work, index: int, unit: np.ndarray) -> np.ndarray | None:
    course = FIRST if len(unit) < LARGE else FIRST_LARGE
    if rapids.installed():
        found = rapids.fitted(
            unit, work.axes, k=work.k, epochs=course.epochs, seed=work.seed + index
        )
        return found - found.mean(axis=0)
    points, _ = principal(unit, work.axes)
    noise = np.random.default_rng(work.seed).normal(scale=NOISE, size=points.shape)
    start = (points * (WIDTH / np.abs(points).max()) + noise).astype(np.float32)
    return _laid_out(work, index, unit, start, course)


def _next(work: Work, index: int, unit: np.ndarray, last: np.ndarray) -> np.ndarray | None:
    found = _laid_out(work, index, unit, last, NEXT)
    return None if found is None else turned(found, last)


def _laid_out(
    work: Work, index: int, unit: np.ndarray, start: np.ndarray, course: Course
) -> np.ndarray | None:
    if work.stop():
        return None
    graph = fuzzy_graph(*_near(work, index, unit))
    found = lay_out(graph, start, course, seed=(work.seed, index), stop=work.stop)
    return None if found is None else found - found.mean(axis=0)


def _near(work: Work, index: int, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each sentence's k − 1 nearest others and the straight distances to them."""
    known, others = work.neighbours, work.k - 1
    if known is None:
        rows, cosine = nearest_rows(unit, others)
    else:
        rows, cosine = known.rows[index, :, :others], known.similarity[index, :, :others]
    return rows, np.sqrt(np.maximum(2 - 2 * cosine, 0))
