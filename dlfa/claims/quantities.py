"""Numbers with their error, in the one form that the rules ask for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from dlfa.analysis.seeds import over_seeds
from dlfa.analysis.statistics import INTERVAL

__all__ = ["Drawn", "Quantity", "Student", "correlation", "jackknifed", "mean_of"]


@runtime_checkable
class Quantity(Protocol):
    """A number that rules are held against."""

    @property
    def value(self) -> float:
        """What was found."""

    def bounds(self, tries: int = 1) -> tuple[float, float]:
        """Return the 95 % interval; with ``tries``, so wide that as many hold all at once."""

    def p(self, threshold: float = 0.0) -> float:
        """Return the two-sided p of the threshold's being the truth, not corrected."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A mean over training seeds, with a bootstrap of the examples (`dlfa.analysis.seeds`)."""

    found: Float[np.ndarray, " seed"]
    drawn: Float[np.ndarray, "seed draw"]

    @property
    def value(self) -> float:
        return float(self.found.mean())

    def bounds(self, tries: int = 1) -> tuple[float, float]:
        told = over_seeds(self.found[:, None], self.drawn[..., None], tries)
        return float(told.low[0]), float(told.high[0])

    def p(self, threshold: float = 0.0) -> float:
        moved = self.found[:, None] - threshold, self.drawn[..., None] - threshold
        return float(over_seeds(*moved).p[0])


@dataclass(frozen=True, kw_only=True)
class Student:
    """An estimate with a standard error, on a scale on which Student's t holds."""

    estimate: float
    """On that scale."""
    error: float
    freedom: float
    """Degrees of it; infinite for the normal distribution."""
    onto: Callable[[float], float] = float
    """Brings a number of the scale back."""
    scale: Callable[[float], float] = float
    """Brings a number onto the scale."""
    least: float = -np.inf
    most: float = np.inf
    """What the number can be: an interval goes no farther."""

    @property
    def value(self) -> float:
        return self.onto(self.estimate)

    def bounds(self, tries: int = 1) -> tuple[float, float]:
        from scipy.stats import t

        away = float(t.ppf(1 - INTERVAL[0] / 100 / tries, self.freedom)) * self.error
        low, high = (self.onto(self.estimate + sign * away) for sign in (-1, 1))
        return max(low, self.least), min(high, self.most)

    def p(self, threshold: float = 0.0) -> float:
        from scipy.stats import t

        apart = abs(self.estimate - self.scale(threshold))
        if self.error == 0:
            return 1.0 if apart == 0 else 0.0
        return float(2 * t.sf(apart / self.error, self.freedom))


def mean_of(values: Float[np.ndarray, " case"]) -> Student:
    """Return a mean over independent cases, such as languages (Student's t)."""
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    return Student(estimate=float(values.mean()), error=error, freedom=float(len(values) - 1))


def correlation(one: Sequence[float], other: Sequence[float]) -> Student:
    """Return Spearman's rank correlation over cases.

    Its interval is that of Fisher's z with the standard error of Bonett and Wright (2000,
    Psychometrika 65), sqrt((1 + rho²/2) / (n − 3)), which holds from about ten cases on.
    """
    from scipy.stats import spearmanr

    constant = min(np.ptp(one), np.ptp(other)) == 0  # which goes with nothing
    rho = 0.0 if constant else float(spearmanr(one, other).statistic)
    rho = float(np.clip(rho, -0.9999, 0.9999))
    error = float(np.sqrt((1 + rho**2 / 2) / (len(one) - 3)))
    return Student(
        estimate=float(np.arctanh(rho)),
        error=error,
        freedom=np.inf,
        onto=lambda z: float(np.tanh(z)),
        scale=lambda r: float(np.arctanh(r)),
    )


def jackknifed(whole: float, without: Float[np.ndarray, " case"]) -> Student:
    """Return a share or an area under a curve with its error over cases.

    Args:
        whole: of all cases.
        without: of all but one, each left out in turn (Arvesen 1969 for statistics of pairs).
    """
    n = len(without)
    spread = ((without - without.mean()) ** 2).sum() * (n - 1) / n
    error = float(np.sqrt(spread))
    return Student(estimate=whole, error=error, freedom=n - 1.0, least=0.0, most=1.0)
