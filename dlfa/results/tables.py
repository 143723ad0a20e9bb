"""The paper's tables, measured: what every head of a task is worth beside its own baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from dlfa.results.provenance import Provenance

__all__ = ["AVERAGE", "Choice", "Measured", "Source", "Trained", "Way"]

AVERAGE = "average"
"""The group of all languages, in the place of a language's code."""

Cells = Float[np.ndarray, "group head"]


@dataclass(frozen=True, kw_only=True)
class Way:
    """How heads were trained and tested: what numbers of one column have in common."""

    backbone: str
    recipe: str
    """``"paper"``, ``"joint"``, …; empty where the model is not here to tell."""
    together: bool
    """Whether all heads of a task share one encoder."""
    max_tokens: int | None = None
    """Training tokens asked for; None for the recipe's epochs, or for what the shipped models of
    each task had."""
    limit: int | None = None
    """Test examples of each language; None for all."""

    @property
    def key(self) -> str:
        """Its code in links."""
        budget, limit = self.max_tokens or "whole", self.limit or "all"
        return f"{Path(self.backbone).name}~{self.recipe or 'unknown'}~{budget}~{limit}"


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What is known of the training of a head, or of all heads that share an encoder."""

    command: str
    """That repeats it."""
    tokens: int | None = None
    seconds: float | None = None
    tested: float | None = None
    """Seconds that the evaluation took."""
    hardware: str = ""
    commit: str = ""
    validation: float | None = None
    """Of this head, on English validation data, in [0, 1]."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One record: what heads of one task and one seed answered."""

    name: str
    """As the page Evaluate lists it."""
    folder: Path
    way: Way
    task: str
    split: str
    seed: int
    heads: tuple[str, ...]
    provenance: Provenance
    origin: str = ""
    """The corpus, and whether it is a mirror or a Hub commit."""
    trained: Mapping[str, Trained]
    """By head."""
    shipped: bool
    """Whether it lies in the repository."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which layer is taken: by English validation data, or by the test data themselves."""

    heads: tuple[str, ...]
    """Fused heads that every seed has, in the order of their layers."""
    seeds: tuple[int, ...]
    validation: Float[np.ndarray, "seed head"]
    """In [0, 1]; NaN where nobody measured it."""
    chosen: tuple[str, ...]
    """By each seed's validation; of equals the lowest layer; empty where it is not known."""
    chosen_by_mean: str
    """By the mean of all seeds' validation; empty where one is not known."""
    best: str
    """Highest on the test data, over all seeds; of equals the lowest layer."""
    best_by_seed: tuple[str, ...]
    draws: Float[np.ndarray, " head"]
    """Share of the draws of test examples in which each is the highest; ties share. Sums to 1."""
    shares: Float[np.ndarray, " head"]
    """Share of the seeds in which each is the highest; ties share. Sums to 1."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One task's heads, trained in one way: means over seeds, with their differences.

    Intervals hold 95 %. Of several seeds they know of other seeds and of other sentences; of one
    seed they are about sentences only (see `dlfa.analysis.seeds`). What cannot be had is NaN.
    """

    way: Way
    task: str
    metric: str
    split: str
    heads: tuple[str, ...]
    """The baseline and the heads of one reading of the gate that any seed has, in order."""
    languages: tuple[str, ...]
    absent: tuple[str, ...]
    """The task's languages that these records lack."""
    n: Int[np.ndarray, " language"]
    """Pairs, or sentences."""
    groups: tuple[str, ...]
    """`AVERAGE`; the paper's groups of languages that are all here; each language."""
    sources: tuple[Source, ...]
    """A record per seed, the lowest first."""
    unlike: tuple[int, ...]
    """Seeds left out because they answered other examples than the first one."""
    missing: tuple[tuple[str, int], ...]
    """Heads of the paper's table that a seed does not have yet."""
    seeds: Int[np.ndarray, " head"]
    """How many stand behind each head's difference; of the baseline, behind its value."""
    value: Cells
    """The metric in [0, 1], mean over languages and seeds."""
    value_low: Cells
    value_high: Cells
    difference: Cells
    """To the baseline of the same seed on the same examples; NaN for the baseline itself."""
    low: Cells
    high: Cells
    p: Cells
    """Of no difference, two-sided."""
    p_holm: Cells
    """The same after Holm (1979) over the heads of the group."""
    between: Cells
    """Standard deviation of the difference between seeds; NaN of one."""
    choice: Choice | None
    """None with fewer than two fused heads that every seed has."""
    draws: int
    """Of the bootstrap."""

    def at(self, group: str, head: str) -> tuple[int, int] | None:
        """Return a cell's indices; None where there is no such cell."""
        if group not in self.groups or head not in self.heads:
            return None
        return self.groups.index(group), self.heads.index(head)

    @property
    def fused(self) -> tuple[str, ...]:
        """The heads that have a difference."""
        there = np.isfinite(self.difference[0])
        return tuple(head for head, one in zip(self.heads, there, strict=True) if one)

    def claimed(self, group: str = AVERAGE, level: float = 0.05) -> tuple[str, ...]:
        """Return the heads whose difference stands after Holm's correction."""
        row = self.p_holm[self.groups.index(group)]
        return tuple(head for head, p in zip(self.heads, row, strict=True) if p < level)
