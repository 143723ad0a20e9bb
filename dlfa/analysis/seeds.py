"""How sure a mean over training seeds is: other seeds and other sentences would both change it.

Every seed answers the same sentences, so that seeds and sentences are crossed: the variance of the
mean is what seeds add plus what sentences add (Searle et al., Variance Components, 1992). The
bootstrap of sentences, drawn alike for all seeds, gives the second; the spread between seeds, of
which there are few, the first, and with it Student's t (Satterthwaite 1946). What is particular to
one seed on one sentence is in both: the interval is rather too wide than too narrow.
"""

import numpy as np
from jaxtyping import Float

from dlfa.analysis.statistics import INTERVAL
from dlfa.results import Seeded

__all__ = ["over_seeds"]

MANY = 1e6  # degrees of freedom: beyond, Student's t is the normal distribution


def over_seeds(
    found: Float[np.ndarray, "seed column"],
    drawn: Float[np.ndarray, "seed draw column"],
    tries: int = 1,
) -> Seeded:
    """Return means over seeds with their intervals.

    Of three seeds and no interaction 93 to 97 of 100 intervals hold the truth, of two 89 to 98
    (tests: test_seeds).

    Args:
        found: what each seed's run says, such as a difference in accuracy.
        drawn: the same in every draw of the sentences; a draw is the same sentences in all seeds.
        tries: how many intervals are to hold all at once, 95 times of 100 (Bonferroni): each is
            widened for it. No p is.
    """
    from scipy.special import stdtr, stdtrit

    seeds, mean, means = len(found), found.mean(axis=0), drawn.mean(axis=0)
    tail = INTERVAL[0] / tries
    if seeds == 1:
        low, high = np.percentile(means, (tail, 100 - tail), axis=0)
        strays = (np.abs(means - mean) >= np.abs(mean)).sum(axis=0)
        return Seeded(
            mean=mean,
            low=low,
            high=high,
            p=(1 + strays) / (1 + len(means)),
            seeds=1,
            between=np.full(len(mean), np.nan),
        )
    between = found.var(axis=0, ddof=1)
    of_seeds = between / seeds
    variance = means.var(axis=0, ddof=1) + of_seeds
    ratio = np.divide(variance, of_seeds, out=np.full(len(mean), np.inf), where=of_seeds > 0)
    freedom = np.minimum((seeds - 1) * ratio**2, MANY)
    error = np.sqrt(variance)
    away = stdtrit(freedom, 1 - tail / 100) * error
    t = np.divide(np.abs(mean), error, out=np.full(len(mean), np.inf), where=error > 0)
    return Seeded(
        mean=mean,
        low=mean - away,
        high=mean + away,
        p=np.where((error == 0) & (mean == 0), 1.0, 2 * stdtr(freedom, -t)),
        seeds=seeds,
        between=np.sqrt(between),
    )
