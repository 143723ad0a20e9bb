"""What is taken off vectors before they are compared: their length, and what all have in common."""

import numpy as np
from jaxtyping import Float

__all__ = ["centred_by_language", "unit", "without_mean"]

ROUNDING = 1e-5  # of a channel's largest value: what is left of equal ones by rounding


def unit(vectors: Float[np.ndarray, "row dim"]) -> Float[np.ndarray, "row dim"]:
    """Return vectors of length 1; one of length 0 stays, and is like nothing."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)


def without_mean(vectors: Float[np.ndarray, "row dim"]) -> Float[np.ndarray, "row dim"]:
    """Return the vectors without their mean; a channel that is the same in all becomes 0."""
    found = vectors - vectors.mean(0)
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
