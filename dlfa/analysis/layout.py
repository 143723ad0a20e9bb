"""Lay a graph out in the plane or in space, each point held near a place of its own.

UMAP's stochastic descent (McInnes et al. 2018, §3.2) with one thing added: after every epoch each
point is drawn towards its anchor, its place on the map before. That is what keeps neighbouring
layers' maps comparable; umap-learn offers it in `AlignedUMAP` only, over all layers at once.

It runs on one thread (the same seed gives the same bits) and lets other threads work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import numpy as np
from jaxtyping import Float
from scipy.sparse import coo_matrix

__all__ = ["Course", "compiled", "lay_out"]

PART = 4_000_000  # edges between two looks at whether to stop: about a second at most

_compiling = Lock()


@dataclass(frozen=True, kw_only=True)
class Course:
    """How long and how hard to work on one layout."""

    epochs: int
    rate: float
    """Step length at the beginning; it falls to 0 in a straight line."""


def lay_out(
    graph: coo_matrix,
    start: Float[np.ndarray, "sentence axis"],
    course: Course,
    *,
    hold: Float[np.ndarray, " sentence"] | None = None,
    seed: tuple[int, ...],
    stop: Callable[[], bool] = lambda: False,
) -> Float[np.ndarray, "sentence axis"] | None:
    """Return the points' places; None if `stop` said so.

    Args:
        graph: memberships, see `dlfa.analysis.fuzzy_graph`.
        start: where the points begin, and their anchors.
        course: how long and how hard.
        hold: how strongly each is drawn to its own: in an epoch by the step length times this share
            of the way; not at all if not given.
        seed: of the order of chance; same seed, same bits.
        stop: asked about once a second.
    """
    random = np.random.default_rng(seed)
    points = np.array(start, dtype=np.float32, order="C")
    weight = (graph.data / graph.data.max()).astype(np.float32)
    due = random.random(len(weight), dtype=np.float32)  # the edges' turns are spread evenly
    state = random.integers(1, 2**63, size=1, dtype=np.uint64)
    edges = graph.row.astype(np.int32), graph.col.astype(np.int32), weight, due
    held = np.zeros(len(points)) if hold is None else hold
    fixed = points.copy(), held.astype(np.float32), course.rate, course.epochs
    part = max(1, PART // max(1, len(weight)))
    descend = compiled()
    for first in range(0, course.epochs, part):
        if stop():
            return None
        descend(points, *edges, *fixed, first, min(first + part, course.epochs), state)
    return points


def compiled() -> Callable[..., None]:
    """Return the loop as machine code; compiling takes a few seconds the first time."""
    with _compiling:  # whoever comes meanwhile waits for it
        from dlfa.analysis.descent import descend
    return descend
