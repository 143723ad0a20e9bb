"""What heads answer: for one pair, and for labelled examples of many languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.results.provenance import Provenance

__all__ = ["Evaluation", "Prediction"]


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """One head's answer for one sentence pair."""

    head: str
    """``"baseline"``, ``"D_8"`` (gate as printed) or ``"D_8_aff"``."""
    probabilities: Float[np.ndarray, " label"]
    """Sum to 1."""
    labels: tuple[str, ...]
    """The task's label keys, in the order of ``probabilities``."""
    tokens: int
    """Length of the input in sub-words, special tokens included, as the model saw it."""
    truncated: bool
    """Whether the text was cut to the model's longest input."""
    provenance: Provenance

    @property
    def label(self) -> str:
        """The likeliest label."""
        return self.labels[int(self.probabilities.argmax())]

    @property
    def margin(self) -> float:
        """Probability of the likeliest label minus that of the second, in [0, 1]."""
        second, first = np.sort(self.probabilities)[-2:]
        return float(first - second)


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Every head's answers on labelled examples of several languages."""

    ids: np.ndarray
    """Example ids, ``(example)`` strings; translations share theirs."""
    languages: np.ndarray
    """ISO 639-1 codes, ``(example)`` strings."""
    gold: Int[np.ndarray, " example"]
    """Index of the right label."""
    tokens: Int[np.ndarray, " example"]
    """Input length in sub-words."""
    probabilities: Float[np.ndarray, "example head label"]
    heads: tuple[str, ...]
    labels: tuple[str, ...]
    settings: Mapping[str, Any]
    """Task, split, limit, sampling seed, seconds."""
    provenance: Provenance

    @property
    def right(self) -> Bool[np.ndarray, "example head"]:
        """Whether each head's likeliest label is the right one."""
        return self.probabilities.argmax(-1) == self.gold[:, None]
