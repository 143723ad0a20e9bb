"""What became of the answers when a gate was changed: of one pair, over the layers, over a set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from dlfa.results.gates import Tokens
from dlfa.results.interventions import Intervention
from dlfa.results.provenance import Provenance

__all__ = ["InterventionTrial", "LayerAnswers", "SetEffect", "Swapped", "WhatIf"]


@dataclass(frozen=True, kw_only=True)
class Swapped:
    """How a translation's gate was laid over a pair's tokens."""

    words: int
    """Words of the pair."""
    aligned: int
    """Those with a counterpart in the translation; the others take its part's mean gate."""
    token_by_token: int
    """Aligned words whose counterpart has as many sub-words; the others take its mean gate."""


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """One pair's answers under interventions on the gate, each beside its control."""

    interventions: tuple[Intervention, ...]
    """The first leaves the gate as trained."""
    heads: tuple[str, ...]
    """Fusion heads only: the baseline has no gate."""
    labels: tuple[str, ...]
    probabilities: Float[np.ndarray, "change head label"]
    """For shuffles the mean over ``draws``."""
    deviations: Float[np.ndarray, "change head label"]
    """Standard deviation over ``draws``; 0 where nothing is left to chance."""
    controls: Float[np.ndarray, "change head label"]
    """What each intervention is held against, see `Intervention.control`: the untrained twin's
    gate, or for an edit the same at as many random tokens and channels, mean over ``draws``."""
    control_deviations: Float[np.ndarray, "change head label"]
    baseline: Float[np.ndarray, " label"]
    """The baseline's answer, which no gate touches; NaN if the model has none."""
    lower: Float[np.ndarray, "head label"]
    """The gate forced to 1: the lower layer alone through the head's classifier."""
    draws: int
    """Permutations per shuffle, and random places per edit."""
    variants: int
    """Gates per head in the head-only pass: draws and controls count too."""
    error: float
    """Largest difference of a probability between the head-only pass, which is linear in the gate,
    and a second full pass that fuses every token with each gate, one by one."""
    passes: int
    """Encoder passes, that of the error left out: one, or two with a translation."""
    milliseconds: float
    """Wall time of the head-only pass over all variants and heads, in ms."""
    encoder_milliseconds: float
    """Wall time of the encoder, in ms."""
    tokens: Tokens
    swapped: Swapped | None
    """None without a translation."""
    provenance: Provenance

    @property
    def shifts(self) -> Float[np.ndarray, "change head"]:
        """Total variation distance to the answer with the gate as trained, in [0, 1]."""
        shifts: np.ndarray = np.abs(self.probabilities - self.probabilities[:1]).sum(-1) / 2
        return shifts

    @property
    def control_shifts(self) -> Float[np.ndarray, "change head"]:
        """The same for the controls."""
        shifts: np.ndarray = np.abs(self.controls - self.probabilities[:1]).sum(-1) / 2
        return shifts


@dataclass(frozen=True, kw_only=True)
class LayerAnswers:
    """A pair and its translations, answered by every head as trained and with the gate changed."""

    intervention: Intervention
    languages: tuple[str, ...]
    """Codes, or what own texts are called; the first is the pair that is looked at."""
    heads: tuple[str, ...]
    """Of one reading of the gate, by layer."""
    layers: tuple[int, ...]
    labels: tuple[str, ...]
    trained: Float[np.ndarray, "language head label"]
    changed: Float[np.ndarray, "language head label"]
    control: Float[np.ndarray, "language head label"]
    """The intervention's control, see `WhatIf.controls`: one draw."""
    baseline: Float[np.ndarray, "language label"]
    """NaN if the model has none."""
    error: float
    """As of `WhatIf`, largest over the languages."""
    passes: int
    milliseconds: float
    """Of encoder and heads together, in ms."""
    provenance: Provenance


@dataclass(frozen=True, kw_only=True)
class SetEffect:
    """What interventions do to one measure, against the gate as trained, with 95 % intervals."""

    measure: str
    """``"accuracy"``, or ``"agreement"``: the share of items answered as in the reference."""
    languages: tuple[str, ...]
    """Of agreement without the reference itself."""
    before: Float[np.ndarray, "head language"]
    """The measure with the gate as trained, in [0, 1]."""
    by_language: Float[np.ndarray, "change head language"]
    """Differences to ``before``, in [−1, 1]."""
    language_low: Float[np.ndarray, "change head language"]
    language_high: Float[np.ndarray, "change head language"]
    average: Float[np.ndarray, "change head"]
    """Mean over the languages, each counting the same."""
    low: Float[np.ndarray, "change head"]
    """Paired bootstrap of premises with all their examples, jointly over the languages; widened as
    in `dlfa.results.Differences`, as are ``high`` and the bounds by language."""
    high: Float[np.ndarray, "change head"]
    p: Float[np.ndarray, "change head"]
    """Of no difference: from the same bootstrap, two-sided."""
    p_holm: Float[np.ndarray, "change head"]
    """The same after Holm (1979) over all interventions and heads."""
    beyond_average: Float[np.ndarray, "asked head"]
    """Each intervention minus its own control, example by example; controls have no row."""
    beyond_low: Float[np.ndarray, "asked head"]
    beyond_high: Float[np.ndarray, "asked head"]
    beyond_p_holm: Float[np.ndarray, "asked head"]


@dataclass(frozen=True, kw_only=True)
class InterventionTrial:
    """What interventions on the gate do over labelled pairs in several languages."""

    data: str
    """``"built-in"`` or ``"xnli/test"``."""
    changes: tuple[str, ...]
    """Interventions as `str` writes them, without the gate as trained; controls come last."""
    controls: int
    """How many of ``changes`` are controls."""
    heads: tuple[str, ...]
    """Fusion heads only."""
    n: int
    """Examples answered."""
    total: int
    """Examples asked for."""
    items: int
    """Of them in all compared languages; 0 where there are no translations."""
    reference: str
    """The language that agreement is with; empty where there are no translations."""
    accuracy: SetEffect
    agreement: SetEffect | None
    """None where no item is there in two languages."""
    flipped: Int[np.ndarray, "change head"]
    """Answers that differ from those with the gate as trained."""
    settings: Mapping[str, Any]
    provenance: Provenance
