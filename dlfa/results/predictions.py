"""What a head answers for one pair."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from dlfa.results.provenance import Provenance

__all__ = ["Prediction"]


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
