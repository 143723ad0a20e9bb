"""Two heads, or two models, on the same pairs; and shares with their intervals."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from dlfa.results.predictions import Prediction
from dlfa.results.provenance import Provenance

__all__ = ["AnsweredPair", "Contest", "Duel", "Proportion"]


@dataclass(frozen=True, kw_only=True)
class AnsweredPair:
    """One row of a table of sentence pairs, with its answers."""

    number: int
    """The row, from 1."""
    premise: str
    hypothesis: str
    gold: str
    """The right label; empty where unknown."""
    answers: tuple[Prediction, ...]
    """One per head, at least one; the first is the one that leads."""

    @property
    def label(self) -> str:
        """What the first head answers."""
        return self.answers[0].label

    @property
    def right(self) -> bool | None:
        """Whether that is the right label; None where it is unknown."""
        return self.label == self.gold if self.gold else None

    @property
    def majority(self) -> tuple[str, int]:
        """What most heads answer, and how many do; the first of equals."""
        return Counter(answer.label for answer in self.answers).most_common(1)[0]

    @property
    def agreed(self) -> bool:
        """Whether all heads give the same answer."""
        return self.majority[1] == len(self.answers)


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
