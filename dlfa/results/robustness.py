"""What perturbations do to accuracy and answers, each number with its interval.

All intervals hold 95 % and are about examples, for one checkpoint; see `dlfa.results.reports`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from dlfa.results.provenance import Provenance

__all__ = ["Effect", "Flip", "PerturbedPair", "Robustness"]


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One measure of every perturbation and head; NaN where no example bears it."""

    average: Float[np.ndarray, "perturbation head"]
    """Mean over the languages that have examples, each counting the same."""
    low: Float[np.ndarray, "perturbation head"]
    """Bootstrap of premises, jointly over languages. Of differences, where fewer than 20 premises
    differ, widened to the score interval (Tango 1998), as are ``high`` and the bounds by language;
    of shares the latter are Wilson's, as in `dlfa.results.Accuracies`."""
    high: Float[np.ndarray, "perturbation head"]
    p: Float[np.ndarray, "perturbation head"]
    """Of no effect: from the same bootstrap, two-sided; beyond what its draws can tell apart, from
    a normal distribution with their spread. Of shares NaN."""
    p_holm: Float[np.ndarray, "perturbation head"]
    """The same after Holm (1979) over all perturbations and heads, the control left out."""
    by_language: Float[np.ndarray, "perturbation head language"]
    language_low: Float[np.ndarray, "perturbation head language"]
    language_high: Float[np.ndarray, "perturbation head language"]


@dataclass(frozen=True, kw_only=True)
class Robustness:
    """What perturbations do to a model's heads, on the very examples that were perturbed."""

    perturbations: tuple[str, ...]
    """Their names, see `dlfa.data.perturbations.PERTURBATIONS`."""
    expects: tuple[str, ...]
    """Each one's rule for the label: ``"same"``, ``"mirrored"``, ``"negated"``, ``"parted"`` or
    ``"none"``."""
    heads: tuple[str, ...]
    languages: tuple[str, ...]
    asked: Int[np.ndarray, " language"]
    """Examples."""
    handled: Int[np.ndarray, "perturbation language"]
    """Of them, those that it could change."""
    judged: Int[np.ndarray, "perturbation language"]
    """Of these, those of which the label afterwards is known."""
    left_out: Mapping[str, Mapping[str, int]]
    """How many it cannot handle, by perturbation and reason."""
    clean: Effect
    """Accuracy before, on the judged examples."""
    after: Effect
    """Share that is answered as expected afterwards: the pass rate of a behaviour test."""
    drop: Effect
    """``clean`` minus ``after``, in [−1, 1]: above 0 it does harm."""
    extra: Effect
    """A head's drop minus the baseline's, in [−2, 2]: above 0 it loses more. NaN of the baseline,
    and everywhere where it was left out."""
    flips: Effect
    """Share of the handled examples whose answer is another one."""
    draws: int
    """Of the bootstrap."""
    seconds: float
    """Of computing, the clean run included."""
    settings: Mapping[str, Any]
    """The clean run's."""
    provenance: Provenance

    @property
    def control(self) -> float | None:
        """Largest share of answers that differ where nothing was changed; None if not run."""
        if "identity" not in self.perturbations:
            return None
        found = self.flips.by_language[self.perturbations.index("identity")]
        return float(np.nanmax(found)) if np.isfinite(found).any() else None


@dataclass(frozen=True, kw_only=True)
class Flip:
    """One example that a head answers otherwise after a perturbation."""

    perturbation: str
    head: str
    id: str
    language: str
    gold: str
    """The label that was right before."""
    expected: tuple[str, ...]
    """Those that are right afterwards; empty where nobody can tell."""
    before: str
    after: str
    sure_before: float
    """Probability of the answer, in [0, 1]."""
    sure_after: float


@dataclass(frozen=True, kw_only=True)
class PerturbedPair:
    """One pair after one perturbation, with every head's answer before and after."""

    perturbation: str
    pair: tuple[str, str] | None
    """None where it cannot be handled."""
    reason: str
    """Why not; empty where it can."""
    expected: tuple[str, ...]
    """Labels that are right afterwards; empty where nobody can tell."""
    heads: tuple[str, ...]
    labels: tuple[str, ...]
    before: Float[np.ndarray, "head label"]
    """Probabilities."""
    after: Float[np.ndarray, "head label"]
    """Probabilities; NaN where it cannot be handled."""
    milliseconds: float
    """What all perturbations of the pair took together."""
    provenance: Provenance
