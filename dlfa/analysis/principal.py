"""The two or three directions in which vectors differ most, and maps turned onto each other."""

import numpy as np
from jaxtyping import Float

__all__ = ["flat", "principal", "turned"]

FLAT = 1e-5  # between two vectors' values: closer than that, they are the same
DIGITS = 6  # of a component: what is below is rounding, which differs with the number of threads


def flat(vectors: Float[np.ndarray, "sentence dim"]) -> bool:
    """Return whether vectors of length 1, or 0, are all the same but for rounding."""
    return bool(np.abs(vectors - vectors[:1]).max(initial=0) <= FLAT)


def principal(
    vectors: Float[np.ndarray, "sentence dim"], axes: int
) -> tuple[Float[np.ndarray, "sentence axis"], float]:
    """Return principal components, centred on 0, and the variance of all dimensions together.

    All components are 0 if the vectors (of length 1) are the same but for rounding. A component's
    sign is that of the vector entry that weighs most in it. In double precision and then rounded,
    for UMAP begins here: sums of single precision differ with the number of threads, and a map
    that begins a millionth further on ends elsewhere.

    Args:
        vectors: of length 1 each, or 0.
        axes: how many components; those beyond the rank are 0.
    """
    from scipy.linalg import eigh

    points = np.zeros((len(vectors), axes))
    if flat(vectors):
        return points, 0.0
    middle = vectors - vectors.mean(axis=0, dtype=np.float64)
    covariance = middle.T @ middle / len(vectors)  # (dim dim)
    dims = len(covariance)
    known = min(axes, dims)
    _, basis = eigh(covariance, subset_by_index=[dims - known, dims - 1])
    basis = basis[:, ::-1]  # (dim component), the strongest first
    heaviest = np.abs(basis).argmax(axis=0)
    basis = basis * np.sign(basis[heaviest, np.arange(known)])
    points[:, :known] = (middle @ basis).round(DIGITS)
    return points, float(np.trace(covariance))


def turned(
    points: Float[np.ndarray, "sentence axis"], onto: Float[np.ndarray, "sentence axis"]
) -> Float[np.ndarray, "sentence axis"]:
    """Return the points turned, or mirrored, to lie as near as they can to another map's.

    Orthogonal Procrustes (Schönemann 1966): no distance between points changes.

    Args:
        points: centred on 0.
        onto: the same sentences elsewhere, centred on 0.
    """
    left, _, right = np.linalg.svd(points.T.astype(np.float64) @ onto)
    return points @ (left @ right).astype(points.dtype)
