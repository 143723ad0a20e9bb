"""What is taken off vectors before they are compared: their length, and what all have in common."""

import numpy as np
from jaxtyping import Float

from dlfa.errors import InputError

__all__ = ["centred_by_language", "check_finite", "unit", "without_mean", "without_rounding"]

ROUNDING = 1e-5  # of a channel's largest value, or a vector's length: what is left of equal ones


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


def without_mean(
    vectors: Float[np.ndarray, "*space row dim"],
) -> Float[np.ndarray, "*space row dim"]:
    """Return the vectors without their mean; a channel that is the same in all becomes 0."""
    # In double precision: of thousands of equal rows, float32 would leave more than rounding.
    mean = vectors.mean(axis=-2, keepdims=True, dtype=float)
    found = (vectors - mean).astype(vectors.dtype)
    largest, left = (np.abs(values).max(axis=-2, keepdims=True) for values in (vectors, found))
    found[np.broadcast_to(left <= ROUNDING * largest, found.shape)] = 0
    return found


def centred_by_language(
    vectors: Float[np.ndarray, "*space sentence dim"], languages: np.ndarray
) -> Float[np.ndarray, "*space sentence dim"]:
    """Return vectors without their language's mean, space by space (Libovický et al. 2020).

    What rounding leaves becomes 0, so that nobody takes it for a direction or a correlation: in a
    channel that is the same in all sentences of a language, and in a vector that equals its mean.

    Args:
        vectors: as pooled.
        languages: each sentence's code, ``(sentence)``.
    """
    centred = np.empty_like(vectors)
    for code in np.unique(languages):
        rows = languages == code
        centred[..., rows, :] = without_mean(vectors[..., rows, :])
    return without_rounding(centred, vectors)


def without_rounding(
    left: Float[np.ndarray, "*space row dim"], before: Float[np.ndarray, "*space row dim"]
) -> Float[np.ndarray, "*space row dim"]:
    """Return what is left of vectors; what is too short to be more than rounding becomes 0.

    Args:
        left: after something was taken off.
        before: the vectors as they were.
    """
    lengths = np.linalg.norm(before, axis=-1, keepdims=True)
    longer = np.linalg.norm(left, axis=-1, keepdims=True) > ROUNDING * lengths
    return np.where(longer, left, np.zeros((), left.dtype))
