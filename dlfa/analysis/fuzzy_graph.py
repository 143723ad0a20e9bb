"""UMAP's graph: how strongly each sentence belongs to its neighbours (McInnes et al. 2018, §3.1).

Equal to umap-learn's ``fuzzy_simplicial_set`` (a test holds them against each other), in plain
numpy: umap-learn compiles its own for up to a minute in every new process.
"""

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import coo_matrix

__all__ = ["fuzzy_graph"]

HALVINGS = 64
LEAST = 1e-3  # of the mean distance: no bandwidth is smaller


def fuzzy_graph(
    rows: Int[np.ndarray, "sentence k"], distances: Float[np.ndarray, "sentence k"]
) -> coo_matrix:
    r"""Return the symmetric graph of memberships, ``(sentence sentence)``.

    .. math::
        v_{ij} = \exp(-\max(0, d_{ij} - \rho_i) / \sigma_i), \qquad
        w_{ij} = v_{ij} + v_{ji} - v_{ij} v_{ji}

    ρ is the distance to the nearest neighbour that is not at the same place, σ such that the
    memberships sum to log₂(k + 1), the sentence itself counted as umap-learn counts it.

    Args:
        rows: each sentence's nearest others.
        distances: to them.
    """
    count, k = rows.shape
    apart = np.where(distances > 0, distances, np.inf).min(axis=1)
    nearest = np.where(np.isfinite(apart), apart, 0)[:, None]
    beyond = np.maximum(distances - nearest, 0).astype(np.float64)
    width = np.maximum(_widths(beyond, np.log2(k + 1)), _least(distances, nearest[:, 0]))
    member = np.exp(-beyond / width[:, None])
    places = np.repeat(np.arange(count), k), rows.ravel()
    one_way = coo_matrix((member.ravel(), places), shape=(count, count)).tocsr()
    graph = (one_way + one_way.T - one_way.multiply(one_way.T)).tocoo()
    graph.eliminate_zeros()
    return graph


def _widths(
    beyond: Float[np.ndarray, "sentence k"], target: float
) -> Float[np.ndarray, " sentence"]:
    """Return each σ, by halving."""
    low, high = np.zeros(len(beyond)), np.full(len(beyond), np.inf)
    width = np.ones(len(beyond))
    for _ in range(HALVINGS):
        wide = np.exp(-beyond / width[:, None]).sum(axis=1) > target
        low, high = np.where(wide, low, width), np.where(wide, width, high)
        width = np.where(np.isinf(high), 2 * width, (low + np.minimum(high, 1e30)) / 2)
    return width


def _least(
    distances: Float[np.ndarray, "sentence k"], nearest: Float[np.ndarray, " sentence"]
) -> Float[np.ndarray, " sentence"]:
    """Return the smallest width allowed: of the own distances, or of all where all are 0."""
    own = distances.sum(axis=1) / (
        distances.shape[1] + 1
    )  # the sentence itself, at distance 0, counts
    return np.maximum(LEAST * np.where(nearest > 0, own, own.mean()), np.finfo(float).tiny)
