"""Intervals of differences in pairs, honest also where the two hardly ever differ.

The bootstrap knows only what it has seen: where nothing or little differs its draws are all but the
same, and its interval claims certainty. Score intervals do not; there the wider of the two holds.
"""

from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.statistics import Z, bounds, per_premise

__all__ = ["by_group", "over_groups", "tango"]

FEW = 20  # premises that differ: of fewer, the bootstrap's 95 % may be 75 % (tests: test_coverage)
FEWEST = 5  # premises that differ: fewer do not tell how alike the answers to one premise are
HALVINGS = 40  # of an interval at most 2 long: to 2e-12
CONSTANT = 1e-12  # variance of draws that differ by rounding only

Gains = Int[np.ndarray, "example column"]
"""1 where only the first of two is right, −1 where only the second is, else 0."""
Groups = Int[np.ndarray, " example"]
"""Numbers from 0, none left out; −1 for examples that are in no group."""


@runtime_checkable
class Drawing(Protocol):
    """What is asked of draws: `Draws` of premises, `SentenceDraws`."""

    @property
    def places(self) -> np.ndarray:
        """``(example)``: the number of each one's premise, or sentence."""

    @property
    def draws(self) -> int:
        """How many."""


def by_group(
    gains: Gains, groups: Groups, draws: Drawing, drawn: Float[np.ndarray, "draw group column"]
) -> Float[np.ndarray, "2 group column"]:
    """Return the interval of each group's mean gain: low and high.

    Args:
        gains: see `Gains`.
        groups: see `Groups`.
        draws: of these examples' premises.
        drawn: what ``draws.means(gains, groups)`` gave.
    """
    each = [np.flatnonzero(groups == group) for group in range(drawn.shape[1])]
    found = [
        _interval(drawn[:, group], *_shares(gains[rows]), gains[rows], draws.places[rows])
        for group, rows in enumerate(each)
    ]
    return np.stack(found, axis=1)


def over_groups(
    gains: Gains, groups: Groups, draws: Drawing, drawn: Float[np.ndarray, "draw group column"]
) -> Float[np.ndarray, "2 column"]:
    """Return the interval of the mean over the groups, each counting the same: low and high.

    Args:
        gains: see `Gains`.
        groups: see `Groups`.
        draws: of these examples' premises.
        drawn: what ``draws.means(gains, groups)`` gave.
    """
    there = groups >= 0
    each = [_shares(gains[groups == group]) for group in range(drawn.shape[1])]
    won, lost = np.mean(each, axis=0)
    return _interval(drawn.mean(1), won, lost, gains[there], draws.places[there])


def _shares(gains: Gains) -> tuple[Float[np.ndarray, " column"], Float[np.ndarray, " column"]]:
    """Of the examples: how many only the first gets right, how many only the second."""
    return (gains > 0).mean(0), (gains < 0).mean(0)


def _interval(
    drawn: Float[np.ndarray, "draw column"],
    won: Float[np.ndarray, " column"],
    lost: Float[np.ndarray, " column"],
    gains: Gains,
    places: Int[np.ndarray, " example"],
) -> Float[np.ndarray, "2 column"]:
    """The bootstrap's interval; where few premises differ, widened to the score interval.

    That takes as many independent pairs as have the draws' variance, which the design of the data
    has shaped; where it cannot be told, what one premise holds counts as alike, as in `worth`.
    """
    premises, within = np.unique(places, return_inverse=True)
    differing = (per_premise(gains, within) != 0).sum(0)
    spread, alone = drawn.var(0), won + lost - (won - lost) ** 2
    alike = np.full(len(won), float(len(premises)))
    n = np.divide(alone, spread, out=alike.copy(), where=spread > CONSTANT).clip(1, len(gains))
    n = np.where(differing < FEWEST, np.minimum(n, alike), n)
    few = (differing < FEW) | (spread <= CONSTANT)
    low, high = bounds(drawn)
    least, most = tango(won[few], lost[few], n[few])
    low[few], high[few] = np.minimum(low[few], least), np.maximum(high[few], most)
    return np.array([low, high])


def tango(
    won: Float[np.ndarray, " column"],
    lost: Float[np.ndarray, " column"],
    n: Float[np.ndarray, " column"],
) -> Float[np.ndarray, "2 column"]:
    """Return the score interval of a difference of paired shares (Tango 1998), 95 %.

    Args:
        won: share of the pairs that only the first gets right.
        lost: share that only the second does.
        n: independent pairs, above 0, not necessarily whole.
    """
    found = won - lost
    inside, outside = (
        np.stack([found, found]),
        np.stack([-np.ones_like(found), np.ones_like(found)]),
    )
    for _half in range(HALVINGS):
        middle = (inside + outside) / 2
        b = (2 - found) * middle - won - lost  # eq. 5: the likeliest share that only the second
        root = np.sqrt(np.maximum(b**2 + 8 * lost * middle * (1 - middle), 0))  # gets right, if
        variance = (root - b) / 2 + middle * (1 - middle)  # the difference were the middle
        held = n * (found - middle) ** 2 <= Z**2 * variance
        inside, outside = np.where(held, middle, inside), np.where(held, outside, middle)
    return outside
