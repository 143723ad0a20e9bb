"""What a map keeps of its space: no map is shown without it.

Of more than 5,000 sentences 2,000, evenly spread over the rows, are asked for their neighbours
among all: both are averages over sentences, so that a sample estimates them.
"""

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from dlfa.analysis.neighbours import BLOCK, device, similarity_ranks

__all__ = ["Quality", "counted", "drift", "judged", "quality", "shared_neighbours", "spread"]

WHOLE, SAMPLE = 5000, 2000
NOWHERE = float("nan")


class Quality(NamedTuple):
    """Of one space's map; NaN where it means nothing: too few points, or all of them equal."""

    trustworthiness: float
    overlap: float


def judged(count: int) -> Int[np.ndarray, " row"]:
    """Return the rows that quality is counted on."""
    if count <= WHOLE:
        return np.arange(count)
    return np.linspace(0, count - 1, SAMPLE).round().astype(np.int64)


def counted(k: int, count: int) -> int:
    """Return how many neighbours can be counted: trustworthiness needs fewer than half of all."""
    return max(0, min(k, (count - 1) // 2))


def quality(
    directions: Float[np.ndarray, "sentence dim"],
    points: Float[np.ndarray, "sentence axis"],
    k: int,
) -> Quality:
    r"""Return a map's trustworthiness and its neighbours' overlap with the space.

    .. math:: T = 1 - \frac{2}{nk(2n - 3k - 1)} \sum_i \sum_{j \in N_i} \max(0, r(i, j) - k)

    N_i are the k nearest of i on the map, r(i, j) is the rank of j among the nearest of i in the
    space (Venna & Kaski 2001; equal to scikit-learn's ``trustworthiness``).

    Args:
        directions: the space's vectors at length 1.
        points: their places on the map.
        k: neighbours that count, fewer than half of the sentences.
    """
    count = len(points)
    k = counted(k, count)
    if k == 0 or spread(points) == 0:
        return Quality(NOWHERE, NOWHERE)
    rows = judged(count)
    cost, shared = 0.0, 0.0
    for block, keys in similarity_ranks(directions, rows):
        on_map = _near_on_map(points, block, k)
        ranks = _ranks(keys, on_map)
        cost += float((ranks - k).clamp_min(0).sum())
        shared += _shared(keys.topk(k, dim=1).indices, on_map)
    whole = len(rows) * k * (2 * count - 3 * k - 1)
    return Quality(1 - 2 * cost / whole, shared / (len(rows) * k))


def shared_neighbours(
    one: Float[np.ndarray, "sentence axis"], other: Float[np.ndarray, "sentence axis"], k: int
) -> float:
    """Return the share of a sentence's k nearest on one map that are so on the other."""
    k = counted(k, len(one))
    if k == 0 or spread(one) == 0 or spread(other) == 0:
        return NOWHERE
    rows = judged(len(one))
    blocks = np.array_split(rows, max(1, len(rows) * len(one) // BLOCK))
    shared = sum(_shared(_near_on_map(one, b, k), _near_on_map(other, b, k)) for b in blocks)
    return shared / (len(rows) * k)


def drift(points: Float[np.ndarray, "space sentence axis"]) -> Float[np.ndarray, " step"]:
    """Return how far points move on average from each space to the next, in units of the spread."""
    steps = np.linalg.norm(points[1:] - points[:-1], axis=-1).mean(axis=-1)
    return steps / (spread(points) or 1)


def spread(points: Float[np.ndarray, "*space sentence axis"]) -> float:
    """Return the root mean square distance of points that are centred on 0 from their middle."""
    return float(np.sqrt((points.astype(np.float64) ** 2).sum(axis=-1).mean()))


def _near_on_map(
    points: Float[np.ndarray, "sentence axis"], rows: Int[np.ndarray, " row"], k: int
) -> Int[Tensor, "row k"]:
    everything = torch.from_numpy(points.astype(np.float64)).to(device())
    chosen = torch.from_numpy(rows).to(everything.device)
    exact = "donot_use_mm_for_euclid_dist"
    away = torch.cdist(everything[chosen], everything, compute_mode=exact)
    away[torch.arange(len(rows), device=everything.device), chosen] = torch.inf
    return away.topk(k, dim=1, largest=False).indices


def _ranks(keys: Float[Tensor, "row sentence"], rows: Int[Tensor, "row k"]) -> Int[Tensor, "row k"]:
    """Return the places of the sentences in each row's order, the nearest being 1."""
    asked = keys.gather(1, rows)
    # int32: torch counts so nine times as fast
    columns = [
        (keys > asked[:, column, None]).sum(dim=1, dtype=torch.int32)
        for column in range(rows.shape[1])
    ]
    return torch.stack(columns, dim=1) + 1


def _shared(one: Int[Tensor, "row k"], other: Int[Tensor, "row k"]) -> float:
    return float((one[:, :, None] == other[:, None, :]).sum())
