"""Put further sentences into a map that is there already: between their nearest on it."""

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.directions import without_rounding
from dlfa.analysis.neighbours import directions, nearest_rows
from dlfa.results import LayerMap, LayerVectors, Placed, SentenceSet

__all__ = ["place"]

NEAREST = 5  # sentences between which a new one is put
JUDGED = 1_000  # sentences of the map that the error is measured on, evenly spread over its rows
SHARP = 0.02  # of a cosine: as much less near, a sentence counts for 1/e


def place(
    found: LayerMap,
    vectors: LayerVectors,
    sentences: SentenceSet,
    new: LayerVectors,
    languages: np.ndarray,
) -> Placed:
    """Return places for new sentences, without a new fit; how far off that is stands beside them.

    A new sentence lies at the mean of its five nearest, the nearer the heavier. What that is worth
    is measured on up to 1,000 of the map's own sentences, each placed as if it were new (they
    helped to shape the map, so that a new one may be a little further off).

    Args:
        found: the map.
        vectors: which it was made of.
        sentences: which it was made of.
        new: of the new sentences, in the same spaces.
        languages: of the new sentences. On a centred map the mean of a language that it has none of
            is taken from all its sentences.

    Raises:
        InputError: some vectors hold values that are no finite numbers.
    """
    places, errors = [], []
    for index, space in enumerate(vectors.vectors):
        known, points = sentences.languages if found.centred else None, found.points[index]
        unit = directions(space, known)
        added = new.vectors[index]
        if known is not None:
            added = _centred(added, languages, space, known)
        places.append(_between(points, *_near(directions(added, None), unit)))
        errors.append(_error(points, unit))
    return Placed(
        points=np.stack(places),
        error=np.array(errors),
        chance=np.array([_any_error(points) for points in found.points]),
    )


def _centred(
    new: Float[np.ndarray, "new dim"],
    languages: np.ndarray,
    known: Float[np.ndarray, "sentence dim"],
    of: np.ndarray,
) -> Float[np.ndarray, "new dim"]:
    """Return the new vectors without the known mean of their language."""
    means = [
        known[of == code if (of == code).any() else slice(None)].mean(axis=0, dtype=np.float64)
        for code in languages
    ]
    found = (new - np.array(means).reshape(new.shape)).astype(np.float32)
    return without_rounding(found, new)


def _near(
    new: Float[np.ndarray, "new dim"], known: Float[np.ndarray, "sentence dim"]
) -> tuple[Int[np.ndarray, "new k"], Float[np.ndarray, "new k"]]:
    """Return the rows of each new vector's nearest known ones, and their cosines."""
    cosine = new @ known.T
    rows = np.argsort(-cosine, axis=1, kind="stable")[:, :NEAREST]
    return rows, np.take_along_axis(cosine, rows, axis=1)


def _between(
    points: Float[np.ndarray, "sentence axis"],
    rows: Int[np.ndarray, "new k"],
    cosine: Float[np.ndarray, "new k"],
) -> Float[np.ndarray, "new axis"]:
    """Return the weighted means of the neighbours' places."""
    if rows.shape[1] == 0:
        return np.zeros((len(rows), points.shape[1]), dtype=points.dtype)
    weight = np.exp((cosine - cosine[:, :1]) / SHARP)
    weight /= weight.sum(axis=1, keepdims=True)
    return np.einsum("nk,nka->na", weight, points[rows]).astype(points.dtype)


def _error(
    points: Float[np.ndarray, "sentence axis"], unit: Float[np.ndarray, "sentence dim"]
) -> float:
    """Return how far from its place a sentence would be put by its neighbours, on average."""
    count = len(points)
    judged = np.linspace(0, count - 1, min(count, JUDGED)).round().astype(np.int64)
    again = _between(points, *nearest_rows(unit, NEAREST, judged))
    return float(np.linalg.norm(again - points[judged], axis=1).mean())


def _any_error(points: Float[np.ndarray, "sentence axis"]) -> float:
    """Return how far off a place drawn from the map's own would be, on average."""
    drawn = np.random.default_rng(0).permutation(len(points))
    return float(np.linalg.norm(points[drawn] - points, axis=1).mean())
