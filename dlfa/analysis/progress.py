"""How far a run is, and how fast."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from dlfa.analysis.batched import Part

__all__ = ["Clock", "Progress", "Turn"]

Turn = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run is."""

    done: int
    """Examples in whole chunks: what `Run.evaluation` holds."""
    answered: int
    """The same, and those of the chunk under way."""
    total: int
    seconds: float
    """Of computing, earlier parts of the run included."""
    rate: float
    """Examples per second of computing, since this process took the run up; 0 before the first."""
    whole: bool
    """Whether a chunk has just become whole."""


class Clock:
    """What this process has computed of a run."""

    def __init__(self) -> None:
        self.examples, self.seconds = 0, 0.0
        self.open = 0.0
        """Seconds spent on the chunk under way."""

    def tick(self, part: Part) -> None:
        self.examples += len(part.rows)
        self.seconds += part.seconds
        self.open += part.seconds

    @property
    def rate(self) -> float:
        """Examples per second; 0 before the first."""
        return self.examples / self.seconds if self.seconds else 0.0
