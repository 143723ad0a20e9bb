"""What an evaluation says: accuracy, differences, agreement, mistakes, each with its interval.

All intervals hold 95 % and are about examples, for one checkpoint: none of them knows what another
training seed would give.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from dlfa.results.provenance import Provenance

__all__ = [
    "SLICES",
    "Accuracies",
    "Agreement",
    "Confusions",
    "Differences",
    "Report",
    "RunComparison",
    "Slices",
    "Stability",
]

SLICES = ("tokens", "overlap", "negation", "genre")
"""By what examples are sorted into kinds."""


@dataclass(frozen=True, kw_only=True)
class Accuracies:
    """How good each head is, language by language and on average."""

    metric: str = "accuracy"
    """One of the task's metrics, see `dlfa.data.tasks.Metric`."""
    heads: tuple[str, ...]
    languages: tuple[str, ...]
    n: Int[np.ndarray, " language"]
    """Pairs, or words."""
    right: Int[np.ndarray, "head language"]
    """Pairs, or words, that are answered right, whatever the metric."""
    measured: Float[np.ndarray, "head language"] | None = None
    """The metric in [0, 1]; None where it is the share that is right."""
    low: Float[np.ndarray, "head language"]
    """Of pairs Wilson's interval (Wilson 1927) of one language, as are ``high``: on as many
    examples as the clustered variance is worth (Kish), for three hypotheses share a premise. Of
    words a bootstrap of sentences."""
    high: Float[np.ndarray, "head language"]
    average: Float[np.ndarray, " head"]
    """Mean over the languages, each counting the same."""
    average_low: Float[np.ndarray, " head"]
    """Bootstrap of premises, jointly over languages; of words, of sentences: jointly where
    languages share them, else each language on its own."""
    average_high: Float[np.ndarray, " head"]

    @property
    def share(self) -> Float[np.ndarray, "head language"]:
        """The metric in [0, 1]; NaN where there are no examples."""
        if self.measured is not None:
            return self.measured
        missing = np.full(self.right.shape, np.nan)
        there = np.broadcast_to(self.n > 0, self.right.shape)
        found: np.ndarray = np.divide(self.right, self.n, out=missing, where=there)
        return found


@dataclass(frozen=True, kw_only=True)
class Differences:
    """Accuracy (or another metric) of some minus that of a reference, on the same examples."""

    metric: str = "accuracy"
    """As of `Accuracies`."""
    heads: tuple[str, ...]
    reference: str
    """The baseline's name, or another run's."""
    languages: tuple[str, ...]
    average: Float[np.ndarray, " head"]
    """Mean over the languages, in [−1, 1]."""
    low: Float[np.ndarray, " head"]
    """Bootstrap of premises, jointly over languages; where fewer than 20 of them differ, widened to
    the score interval (Tango 1998). So are ``high`` and the bounds by language. Of words it is
    sentences that are drawn, and sentences that a head tags better or worse that Tango's counts."""
    high: Float[np.ndarray, " head"]
    p: Float[np.ndarray, " head"]
    """Of no difference: from the same bootstrap, two-sided."""
    p_holm: Float[np.ndarray, " head"]
    """The same after Holm (1979) over all heads."""
    by_language: Float[np.ndarray, "head language"]
    language_low: Float[np.ndarray, "head language"]
    language_high: Float[np.ndarray, "head language"]
    mcnemar: Float[np.ndarray, "head language"]
    """McNemar's exact p, language by language (pairs as if independent), not corrected; NaN of
    words, which hang together."""
    only_head: Int[np.ndarray, "head language"]
    """Pairs, or words, that the head gets right and the reference wrong."""
    only_reference: Int[np.ndarray, "head language"]
    draws: int
    """Of the bootstrap."""

    def claimed(self, level: float = 0.05) -> tuple[str, ...]:
        """Return the heads whose difference stands after Holm's correction."""
        return tuple(head for head, p in zip(self.heads, self.p_holm, strict=True) if p < level)


@dataclass(frozen=True, kw_only=True)
class Stability:
    """How often each head of one kind of gate is the best when the examples are drawn again."""

    kind: str
    """``"paper"`` or ``"aff"``."""
    heads: tuple[str, ...]
    """In the order of their layers."""
    best: str
    """The best on all examples; of equals the lowest layer."""
    share: Float[np.ndarray, " head"]
    """Of the draws in which each is the best; ties share. Sums to 1."""
    draws: int

    @property
    def held(self) -> float:
        """Share of the draws in which the best of all examples stays the best."""
        return float(self.share[self.heads.index(self.best)])


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Whether a head gives the same answer to all translations of one item."""

    heads: tuple[str, ...]
    languages: tuple[str, ...]
    """At least two."""
    reference: str
    """The language that the others are held against: English where it is there."""
    items: int
    """That are there in all these languages."""
    unanimous: Float[np.ndarray, " head"]
    """Share of items with one answer in all languages."""
    unanimous_low: Float[np.ndarray, " head"]
    unanimous_high: Float[np.ndarray, " head"]
    pairwise: Float[np.ndarray, " head"]
    """Share of equal answers, mean over pairs of languages."""
    pairwise_low: Float[np.ndarray, " head"]
    pairwise_high: Float[np.ndarray, " head"]
    expected: Float[np.ndarray, " head"]
    """The control: ``pairwise`` if a head's answers in two languages had nothing in common but
    the right label (independent given it, with each language's own confusions)."""
    with_reference: Float[np.ndarray, "head language"]
    """Share of items answered as in the reference language; 1 for itself."""
    with_reference_low: Float[np.ndarray, "head language"]
    with_reference_high: Float[np.ndarray, "head language"]


@dataclass(frozen=True, kw_only=True)
class Confusions:
    """What is answered where something else is right."""

    heads: tuple[str, ...]
    languages: tuple[str, ...]
    labels: tuple[str, ...]
    counts: Int[np.ndarray, "head language label answer"]
    """Pairs, or words, by right label and answer; those without an answer are in none."""


@dataclass(frozen=True, kw_only=True)
class Slices:
    """Accuracy by kind of example."""

    by: str
    """One of `SLICES`."""
    bins: tuple[str, ...]
    """Their codes, in order: ``"1-20"`` sub-words, ``"0-25"`` percent of overlap, ``"yes"``,
    ``"no"``, or a genre's own name."""
    heads: tuple[str, ...]
    n: Int[np.ndarray, " bin"]
    """Examples of all languages together."""
    right: Int[np.ndarray, "head bin"]
    low: Float[np.ndarray, "head bin"]
    """Wilson's, as in `Accuracies`: a bin may hold few examples; so is ``high``."""
    high: Float[np.ndarray, "head bin"]
    difference: Float[np.ndarray, "head bin"]
    """To the baseline; 0 for itself, NaN where it was not evaluated. Its bounds are from the
    bootstrap of premises, widened as in `Differences`."""
    difference_low: Float[np.ndarray, "head bin"]
    difference_high: Float[np.ndarray, "head bin"]

    @property
    def share(self) -> Float[np.ndarray, "head bin"]:
        """Accuracy in [0, 1]."""
        return self.right / self.n


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that one evaluation says."""

    accuracies: Accuracies
    differences: Differences | None
    """To the baseline; None where it, or every other head, was left out."""
    stability: tuple[Stability, ...]
    """One per kind of gate with at least two heads."""
    agreement: Agreement | None
    """None where no item is there in two languages."""
    confusions: Confusions
    slices: tuple[Slices, ...]
    """Those by which the examples differ at all."""
    n: int
    """Examples answered."""
    total: int
    """Examples asked for."""
    premises: int
    """Different premises, or sentences of words: what the bootstrap draws."""
    warnings: tuple[str, ...]
    """What is suspicious, in words: numbers missing, accuracy far below chance, ..."""
    notes: tuple[str, ...] = ()
    """What a reader has to know of the measure and of the data, in words."""
    settings: Mapping[str, Any]
    """The evaluation's."""
    provenance: Provenance


@dataclass(frozen=True, kw_only=True)
class RunComparison:
    """Two evaluations on the examples, languages and heads that they have in common."""

    names: tuple[str, str]
    """What the first and the second are called."""
    n: int
    """Examples in common."""
    first: Accuracies
    second: Accuracies
    differences: Differences
    """First minus second."""
    turned: Int[np.ndarray, "head language"]
    """Examples that the two answer differently."""
    provenance: tuple[Provenance, Provenance]
