"""Two heads, or two models, on the same pairs; and shares with their intervals."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from dlfa.results.provenance import Provenance

__all__ = ["Contest", "Duel", "Proportion"]


@dataclass(frozen=True, kw_only=True)
class Proportion:
    """How many of how many, with the 95 % interval of the share (Wilson 1927)."""

    count: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """In [0, 1]; NaN of none."""
        return self.count / self.n if self.n else float("nan")


@dataclass(frozen=True, kw_only=True)
class Contest:
    """Which of two is right more often, on pairs whose right label is known."""

    both: int
    first_only: int
    """Pairs on which the first is right and the second is wrong."""
    second_only: int
    neither: int
    p: float
    """McNemar's exact test, two-sided: of no difference between the two."""

    @property
    def n(self) -> int:
        """Pairs with a known label."""
        return self.both + self.first_only + self.second_only + self.neither


@dataclass(frozen=True, kw_only=True)
class Duel:
    """The answers of two, A and B, to the same pairs."""

    names: tuple[str, str]
    """What A and B are called: head, and model where it differs."""
    labels: tuple[str, ...]
    counts: Int[np.ndarray, "label label"]
    """Pairs by A's answer (first axis) and B's."""
    differ: tuple[int, ...]
    """Rows on which the two disagree, from 0."""
    contest: Contest | None
    """None where no right label is known."""
    provenance: tuple[Provenance, Provenance]

    @property
    def n(self) -> int:
        """Pairs compared."""
        return int(self.counts.sum())
