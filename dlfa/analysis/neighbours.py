"""Which sentences lie nearest to which, in every space: exact, by torch, in bounded memory."""

from collections.abc import Iterator

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from dlfa.analysis.directions import centred_by_language, check_finite, unit
from dlfa.analysis.stopping import OnLayer, Stop, never, untold
from dlfa.model.device import hardware
from dlfa.results import LayerVectors, Neighbours

__all__ = [
    "device",
    "directions",
    "nearest",
    "nearest_rows",
    "nearest_unless",
    "similarity_ranks",
]

BLOCK = 4_000_000  # similarities at a time: 32 MB
Nearest = tuple[Int[np.ndarray, "row k"], Float[np.ndarray, "row k"]]
GRAIN = 2.0**20  # cosines are compared in steps of a millionth: what is below is rounding


def directions(
    vectors: Float[np.ndarray, "sentence dim"], languages: np.ndarray | None
) -> Float[np.ndarray, "sentence dim"]:
    """Return one space's vectors at length 1, centred by language first if languages are given.

    A vector of zeros stays one.

    Raises:
        InputError: some values are no finite numbers.
    """
    check_finite(vectors)
    found = vectors if languages is None else centred_by_language(vectors, languages)
    return unit(found).astype(np.float32, copy=False)


def nearest(
    vectors: LayerVectors,
    k: int,
    centre: np.ndarray | None = None,
    *,
    stop: Stop = never,
    on_layer: OnLayer = untold,
) -> Neighbours | None:
    """Return each sentence's nearest others in every space, by cosine; None if `stop` said so.

    Args:
        vectors: of the sentences.
        k: how many; fewer where there are not as many others.
        centre: each sentence's language, to take off the languages' means first.
        stop: asked several times in a space, as one of 20,000 sentences takes ten seconds.
        on_layer: told how many spaces are done, and of how many.

    Raises:
        InputError: some values are no finite numbers.
    """
    found: list[Nearest] = []
    for space in vectors.vectors:
        here = nearest_unless(stop, directions(space, centre), k)
        if here is None:
            return None
        found.append(here)
        on_layer(len(found), len(vectors.spaces))
    return Neighbours(
        spaces=vectors.spaces,
        rows=np.stack([rows for rows, _ in found]),
        similarity=np.stack([similarity for _, similarity in found]),
        centred=centre is not None,
    )


def nearest_rows(
    points: Float[np.ndarray, "sentence dim"], k: int, asked: Int[np.ndarray, " row"] | None = None
) -> Nearest:
    """Return the rows of points' k nearest others and their cosines, nearest first.

    Of equally near ones the one with the smaller row comes first: same input, same answer.

    Args:
        points: of length 1 each, see `directions`.
        k: how many; fewer where there are not as many others.
        asked: rows of the points whose nearest are wanted; all if it is None.
    """
    found = nearest_unless(never, points, k, asked)
    assert found is not None, "nobody stops it"
    return found


def nearest_unless(
    stop: Stop,
    points: Float[np.ndarray, "sentence dim"],
    k: int,
    asked: Int[np.ndarray, " row"] | None = None,
) -> Nearest | None:
    """Return what `nearest_rows` does; None if `stop`, asked before every block, said so."""
    k = max(0, min(k, len(points) - 1))
    asked = np.arange(len(points)) if asked is None else asked
    # One result made beforehand: small ones kept between the blocks would hold their memory fast.
    rows, cosine = np.empty((len(asked), k), np.int64), np.empty((len(asked), k), np.float32)
    done = 0
    for block, keys in similarity_ranks(points, asked):
        if stop():
            return None
        top = keys.topk(k, dim=1)
        steps = torch.ceil(top.values / _stride(len(points)))
        here = slice(done, done := done + len(block))
        rows[here] = top.indices.cpu().numpy()
        cosine[here] = (steps / GRAIN).clamp(-1, 1).cpu().numpy()
    return rows, cosine


def similarity_ranks(
    points: Float[np.ndarray, "sentence dim"], rows: Int[np.ndarray, " row"]
) -> Iterator[tuple[Int[np.ndarray, " row"], Float[Tensor, "row sentence"]]]:
    """Yield blocks of rows with numbers that order all points by their likeness to each.

    The larger the nearer, no two equal: the cosine in steps of `GRAIN`, then the smaller row. A
    point itself is minus infinity.
    """
    where = device()
    everything = torch.from_numpy(points).to(where)
    order = torch.arange(len(points), dtype=torch.float64, device=where)
    for block in np.array_split(rows, max(1, -(-len(rows) * len(points) // BLOCK))):
        chosen = torch.from_numpy(block).to(where)
        steps = (everything[chosen] @ everything.T).mul_(GRAIN).round_().double()
        keys = steps.mul_(_stride(len(points))).sub_(order)
        keys[torch.arange(len(block), device=where), chosen] = -torch.inf
        yield block, keys


def device() -> str:
    """Return where likeness is computed: the GPU if this process uses one, else the CPU."""
    return "cuda" if torch.cuda.is_available() and hardware().device == "cuda" else "cpu"


def _stride(count: int) -> float:
    """Return how far two steps of likeness lie apart: beyond every row, a power of two."""
    return 2.0 ** int(count).bit_length()
