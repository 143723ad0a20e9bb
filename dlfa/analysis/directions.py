"""What is taken off vectors before they are compared: their length, and what all have in common."""

import numpy as np
from jaxtyping import Float

from dlfa.errors import InputError

__all__ = ["centred_by_language", "check_finite", "unit", "without_mean"]

ROUNDING = 1e-5  # of a channel's largest value: what is left of equal ones by rounding


def check_finite(vectors: Float[np.ndarray, "*space sentence dim"]) -> None:
    """Raise InputError for vectors that nothing can be told of, and say of how many sentences."""
    wrong = ~np.isfinite(vectors).all(axis=-1)  # (*space sentence)
    count = int(wrong.any(axis=tuple(range(wrong.ndim - 1))).sum())
    if count:
        raise InputError("error.vectors.nan", count=count)


def unit(vectors: Float[np.ndarray, "row dim"]) -> Float[np.ndarray, "row dim"]:
    """Return vectors of length 1; one of length 0 stays, and is like nothing."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)


def without_mean(vectors: Float[np.ndarray, "row dim"]) -> Float[np.ndarray, "row dim"]:
    """Return the vectors without their mean; a channel that is the same in all becomes 0."""
    # In double precision: of thousands of equal rows, float32 would leave more than rounding.
    found = (vectors - vectors.mean(0, dtype=float)).astype(vectors.dtype)
    constant = np.abs(found).max(0) <= ROUNDING * np.abs(vectors).max(0)
    found[:, constant] = 0
    return found


def centred_by_language(
    vectors: Float[np.ndarray, "sentence dim"], languages: np.ndarray
) -> Float[np.ndarray, "sentence dim"]:
    """Return vectors from which each language's mean is taken (Libovický et al. 2020)."""
    centred = np.empty_like(vectors)
    for code in np.unique(languages):
        centred[languages == code] = without_mean(vectors[languages == code])
    return centred
