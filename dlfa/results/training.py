"""How a training run goes: its losses, and its looks at validation."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

__all__ = ["TrainingCurve"]


@dataclass(frozen=True, eq=False, kw_only=True)
class TrainingCurve:
    """What a run has logged until now; ``point`` is a mean over some steps, ``look`` a look at
    English validation data.
    """

    metric: str
    """What checkpoints compete on: ``"accuracy"``, ``"f1"`` or ``"word_accuracy"``."""
    total: int
    """English training examples of the whole run, each pass counted."""
    seen: Float[np.ndarray, " point"]
    """Examples until then."""
    losses: Float[np.ndarray, " point"]
    """Mean cross entropy over heads and examples, in nats."""
    looked: Float[np.ndarray, " look"]
    """Examples until then."""
    baseline: Float[np.ndarray, " look"]
    """The baseline's score, in [0, 1]."""
    mean: Float[np.ndarray, " look"]
    """The mean score over all heads, which decides; in [0, 1]."""
    evaluated: int
    """Validation examples of each look."""
    intervals: Float[np.ndarray, "series side look"] | None
    """95 % intervals of baseline and mean, low and high; None where examples are not single
    answers (tags of one sentence hang together)."""

    @property
    def best(self) -> int:
        """The look at which the mean is highest: its checkpoint is the result.

        Raises:
            ValueError: there was no look yet.
        """
        return int(self.mean.argmax())
