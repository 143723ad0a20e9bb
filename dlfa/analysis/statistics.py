"""Intervals and tests for shares whose examples hang together.

Three hypotheses share an XNLI premise, fifteen languages share an item: they are right and wrong
together. What is drawn and counted here are therefore premises, never single answers. Everything
holds for one checkpoint; nothing here knows what another training seed would give.
"""

from functools import partial

import numpy as np
from jaxtyping import Float, Int

__all__ = [
    "DRAWS",
    "Draws",
    "best",
    "bounds",
    "draw_size",
    "holm",
    "mcnemar",
    "p_values",
    "per_premise",
    "wilson",
    "worth",
]

DRAWS = 2_000  # of the bootstrap
INTERVAL = (2.5, 97.5)  # percentiles
Z = 1.959964  # standard deviations that hold 95 % of a normal distribution
CELLS = 4_000_000  # of a table of draws by premises that is in memory at once: 16 MB of float32
TIES = 1e-9  # shares that differ by less are equal: only rounding tells them apart


class Draws:
    """Premises drawn with replacement: one set of draws for all that is held against each other.

    Heads and languages that go through the same draws are compared in pairs (the cluster
    bootstrap, Davison and Hinkley 1997, section 3.8).

    Args:
        premises: ``(example)``, whose each example is; at least one.
        draws: how many.
        size: premises in one draw; by default `draw_size` of as many as there are.
        seed: of the draws: the same examples, in any order, give the same intervals.
    """

    def __init__(
        self, premises: np.ndarray, draws: int = DRAWS, size: int | None = None, seed: int = 0
    ) -> None:
        names, self.places = np.unique(premises, return_inverse=True)
        self.premises, self.draws = len(names), draws
        self.size = draw_size(self.premises) if size is None else size
        self.counts = self._counts(np.random.default_rng(seed))  # (draw premise)

    def _counts(self, generator: np.random.Generator) -> np.ndarray:
        """How often each premise is drawn; a byte is enough, for the mean is about 1."""
        even = np.full(self.premises, 1 / self.premises)
        draw = partial(generator.multinomial, self.size, even)
        step = max(1, CELLS // self.premises)
        sizes = [min(step, self.draws - done) for done in range(0, self.draws, step)]
        return np.concatenate([draw(size).astype(np.uint8) for size in sizes])

    def means(
        self, values: Int[np.ndarray, "example column"], groups: Int[np.ndarray, " example"]
    ) -> Float[np.ndarray, "draw group column"]:
        """Return the mean of each column over each group's examples, in every draw.

        Args:
            values: whole numbers, such as 1 where a head is right.
            groups: numbers from 0, none left out; −1 for examples that are in no group.

        Returns:
            in a draw that holds no example of a group, the mean of all its examples.
        """
        found = np.empty((self.draws, groups.max() + 1, values.shape[1]))
        for group in range(found.shape[1]):
            rows = np.flatnonzero(groups == group)
            found[:, group] = self._means(values[rows], self.places[rows])
        return found

    def _means(
        self, values: Int[np.ndarray, "example column"], places: Int[np.ndarray, " example"]
    ) -> Float[np.ndarray, "draw column"]:
        drawn, within = np.unique(places, return_inverse=True)
        sizes = np.bincount(within)[:, None]
        totals = self._totals(drawn, np.hstack([sizes, per_premise(values, within)]))
        return np.divide(
            totals[:, 1:],
            totals[:, :1],
            out=np.tile(values.mean(0), (self.draws, 1)),
            where=totals[:, :1] > 0,
        )

    def _totals(
        self, drawn: Int[np.ndarray, " premise"], sums: Int[np.ndarray, "premise column"]
    ) -> Float[np.ndarray, "draw column"]:
        """Sums over what is drawn: exact, for float32 holds whole numbers up to 16 million."""
        columns = sums.astype(np.float32)
        step = max(1, CELLS // len(drawn))
        tables = (self.counts[at : at + step, drawn] for at in range(0, self.draws, step))
        return np.concatenate([table.astype(np.float32) @ columns for table in tables], dtype=float)


def draw_size(premises: int) -> int:
    """Return how many premises one draw has to hold, so that of few, 95 % are 95 %.

    Draws of n out of n make intervals too narrow. Those of n − 1 have the right variance (Rao and
    Wu 1988); those of (n − 1) (z / t)², with Student's t, are as wide as intervals from an
    estimated variance have to be. Of 24 that is 20, of 1,670 it is 1,666.
    """
    from scipy.special import stdtrit

    if premises == 1:
        return 1
    student = stdtrit(premises - 1, INTERVAL[1] / 100)
    return max(1, int((premises - 1) * (Z / student) ** 2))


def per_premise(
    values: Int[np.ndarray, "example column"], places: Int[np.ndarray, " example"]
) -> Int[np.ndarray, "premise column"]:
    """Return the sum over each premise's examples; ``places`` leave out no number from 0."""
    order = np.argsort(places, kind="stable")
    starts = np.searchsorted(places[order], np.arange(places.max() + 1))
    return np.add.reduceat(values[order], starts, axis=0, dtype=np.int64)


def bounds(drawn: Float[np.ndarray, "draw ..."]) -> Float[np.ndarray, "2 ..."]:
    """Return the percentile interval of what the draws gave: low and high."""
    return np.percentile(drawn, INTERVAL, axis=0)


def worth(
    hits: Int[np.ndarray, "example column"], premises: np.ndarray, tries: int = 1
) -> Float[np.ndarray, " column"]:
    """Return how many independent answers these are worth: as many as have the same variance.

    Kish's design effect (Survey Sampling, 1965), never below 1. Where it cannot be estimated (all
    or none are right, or there is one premise only), what one premise holds counts as alike.

    Args:
        hits: right answers of each example.
        premises: ``(example)``, whose each example is.
        tries: answers of each example.
    """
    _names, places = np.unique(premises, return_inverse=True)
    n, sizes = len(hits) * tries, np.bincount(places)[:, None] * tries
    share = hits.sum(0) / n
    strays = per_premise(hits, places) - sizes * share
    clustered, independent = (strays**2).sum(0) / n**2, share * (1 - share) / n
    alike = np.full_like(share, (sizes**2).sum() / n)
    known = (independent > 0) & (len(sizes) > 1)
    return n / np.maximum(np.divide(clustered, independent, out=alike, where=known), 1)


def wilson(
    share: Float[np.ndarray, "..."], n: Float[np.ndarray, "..."]
) -> Float[np.ndarray, "2 ..."]:
    """Return the score interval of a share (Wilson 1927), 95 %: low and high.

    Args:
        share: in [0, 1].
        n: how many answers it is of, above 0; see `worth`.
    """
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    spread = np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) * Z / (1 + Z**2 / n)
    return np.clip([middle - spread, middle + spread], 0, 1)


def p_values(
    drawn: Float[np.ndarray, "draw column"],
    found: Float[np.ndarray, " column"],
    differing: Int[np.ndarray, " column"],
) -> Float[np.ndarray, " column"]:
    """Return two-sided p-values of no difference, from bootstrapped differences.

    How often the draws stray from the difference by as much as it is itself; among many heads this
    claims less often by chance than asking how often they cross 0 (Hall and Wilson 1991). Draws
    of k premises that differ cannot tell more than their signs could: no p is below 2^(1 − k).

    Args:
        drawn: differences in every draw.
        found: differences of all examples.
        differing: premises on which there is a difference.
    """
    strays = (np.abs(drawn - found) >= np.abs(found) - TIES).sum(0)
    signs = 2.0 ** (1 - np.minimum(differing, 60))
    return np.clip((1 + strays) / (1 + len(drawn)), np.minimum(signs, 1), 1)


def holm(p: Float[np.ndarray, " column"]) -> Float[np.ndarray, " column"]:
    """Return p-values corrected for how many they are (Holm 1979)."""
    order = np.argsort(p)
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    found = np.empty(len(p))
    found[order] = np.minimum(steps, 1)
    return found


def mcnemar(
    only_first: Int[np.ndarray, "..."], only_second: Int[np.ndarray, "..."]
) -> Float[np.ndarray, "..."]:
    """Return exact two-sided p-values of no difference (McNemar 1947, in its binomial form).

    Args:
        only_first: pairs on which only the first is right.
        only_second: pairs on which only the second is.
    """
    from scipy.special import bdtr

    fewer = np.minimum(only_first, only_second).astype(float)
    return np.minimum(2 * bdtr(fewer, only_first + only_second, 0.5), 1)


def best(drawn: Float[np.ndarray, "draw column"]) -> Float[np.ndarray, " column"]:
    """Return in which share of the draws each column is the highest; ties share."""
    first = drawn >= drawn.max(1, keepdims=True) - TIES
    return (first / first.sum(1, keepdims=True)).mean(0)
