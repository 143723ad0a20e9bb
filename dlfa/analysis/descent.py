"""The loop that lays a graph out, as machine code: import it only where it runs.

numba compiles it when this module is imported, in a few seconds the first time on a machine; the
code is kept beside this file, or in the user's cache where that cannot be written.
"""

from collections.abc import Callable
from typing import Any, no_type_check

import numba
import numpy as np

__all__ = ["descend"]

A, B = np.float32(1.5769434603), np.float32(0.8950608779)
"""umap-learn's curve for its defaults, min_dist 0.1 and spread 1."""
NEGATIVES = 5  # points pushed away for every neighbour drawn near
ONE, TWO, FOUR, NEAR = (np.float32(number) for number in (1, 2, 4, 0.001))

REAL, INDEX = numba.float32, numba.int32
COURSE = (numba.float64, numba.int64, numba.int64, numba.int64)
TYPES = numba.void(
    *(REAL[:, ::1], INDEX[::1], INDEX[::1], REAL[::1], REAL[::1], REAL[:, ::1], REAL[::1]),
    *(*COURSE, numba.uint64[::1]),
)


def _compiled(types: Any = None) -> Callable[[Callable], Callable]:
    """Compile on one thread, which lets others work, and keep the code if there is a place."""

    def compiled(function: Callable) -> Callable:
        try:
            return numba.njit(types, nogil=True, cache=True)(function)
        except RuntimeError:  # no folder can be written
            return numba.njit(types, nogil=True)(function)

    return compiled


@_compiled()
@no_type_check  # here and below: it must reach numba as it stands
def _away(points: Any, i: int, j: int) -> float:
    """Return the squared distance."""
    found = np.float32(0)
    for axis in range(points.shape[1]):
        found += (points[i, axis] - points[j, axis]) ** 2
    return found


@_compiled()
@no_type_check
def _draw_near(points: Any, i: int, j: int, step: float) -> None:
    """Move two neighbours towards each other."""
    away = _away(points, i, j)
    if away > 0:
        power = away**B
        force = -TWO * A * B * power / away / (A * power + ONE)
        for axis in range(points.shape[1]):
            move = force * (points[i, axis] - points[j, axis])
            move = min(max(move, -FOUR), FOUR) * step
            points[i, axis] += move
            points[j, axis] -= move


@_compiled()
@no_type_check
def _push_away(points: Any, i: int, j: int, step: float) -> None:
    """Move the first away from the second."""
    away = _away(points, i, j)
    if away > 0:
        force = TWO * B / ((NEAR + away) * (A * away**B + ONE))
        for axis in range(points.shape[1]):
            move = force * (points[i, axis] - points[j, axis])
            points[i, axis] += min(max(move, -FOUR), FOUR) * step


@_compiled()
@no_type_check
def _hold_back(points: Any, anchors: Any, hold: Any, step: float) -> None:
    """Move every point a share of its way back."""
    for i in range(points.shape[0]):
        share = min(step * hold[i], ONE)
        for axis in range(points.shape[1]):
            points[i, axis] += share * (anchors[i, axis] - points[i, axis])


@_compiled(TYPES)
@no_type_check
def descend(
    points: Any,
    heads: Any,
    tails: Any,
    weight: Any,
    due: Any,
    anchors: Any,
    hold: Any,
    rate: float,
    epochs: int,
    first: int,
    end: int,
    state: Any,
) -> None:
    """Move the points for the epochs from `first` to before `end`.

    Everything is changed in place, so that a later call goes on as if there had been one.

    Args:
        points: where they are, ``(sentence axis)``.
        heads: where each edge begins, ``(edge)``.
        tails: where it ends.
        weight: its share of the epochs, the heaviest edge's 1.
        due: its share of a turn so far.
        anchors: what the points are held to, ``(sentence axis)``.
        hold: each point's share of the way back, at a step length of 1.
        rate: step length at the beginning; it falls to 0 in a straight line.
        epochs: in all.
        first: the epoch to begin with.
        end: the one to end before.
        state: of a xorshift64 generator (Marsaglia 2003), ``(1)``, not 0.
    """
    chance = state[0]
    for epoch in range(first, end):
        step = np.float32(rate * (1 - epoch / epochs))
        for edge in range(heads.shape[0]):
            due[edge] += weight[edge]
            if due[edge] < 1:
                continue
            due[edge] -= ONE
            _draw_near(points, heads[edge], tails[edge], step)
            for _ in range(NEGATIVES):
                chance ^= chance << np.uint64(13)
                chance ^= chance >> np.uint64(7)
                chance ^= chance << np.uint64(17)
                other = np.int64((chance >> np.uint64(11)) % np.uint64(points.shape[0]))
                _push_away(points, heads[edge], other, step)
        _hold_back(points, anchors, hold, step)
    state[0] = chance
