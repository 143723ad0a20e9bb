"""A mean over training runs that differ in nothing but their seed."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

__all__ = ["Seeded"]


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """Means over seeds, with intervals that know of other seeds and of other sentences."""

    mean: Float[np.ndarray, " column"]
    low: Float[np.ndarray, " column"]
    """95 %; of one seed the bootstrap of sentences alone, which knows nothing of another seed, as
    is ``high``."""
    high: Float[np.ndarray, " column"]
    p: Float[np.ndarray, " column"]
    """Of a mean of 0, two-sided, not corrected for how many they are."""
    seeds: int
    between: Float[np.ndarray, " column"]
    """Standard deviation between the seeds; NaN of one."""
