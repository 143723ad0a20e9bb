"""How sure a mean over training seeds is: other seeds and other sentences would both change it.

Every seed answers the same sentences, so that seeds and sentences are crossed: the variance of the
mean is what seeds add plus what sentences add (Searle et al., Variance Components, 1992). The
bootstrap of sentences, drawn alike for all seeds, gives the second; the spread between seeds, of
which there are few, the first. Each has its own error: Student's t of the seeds and the normal
distribution of the sentences, added as squares, in the way of Graybill and Wang (1980). One t for
both (Satterthwaite 1946) would trust three seeds that lie close together by luck: where seeds are
what differs, it misses 8 of 100 truths, and 28 instead of 5 of 1,000. What is particular to one
seed on one sentence is in both: the interval is rather too wide than too narrow.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from jaxtyping import Float

from dlfa.analysis.statistics import INTERVAL
from dlfa.results import Seeded

__all__ = ["over_seeds"]

Columns = Float[np.ndarray, " column"]

HALVINGS = 60  # of the range of a logarithm: exact to the last digits of a p
LEAST = 1e-15  # of a tail


def over_seeds(
    found: Float[np.ndarray, "seed column"],
    drawn: Float[np.ndarray, "seed draw column"],
    tries: int = 1,
) -> Seeded:
    """Return means over seeds with their intervals.

    95 of 100 intervals hold the truth where seeds alone or sentences alone differ, up to 99 where
    both do and there are two seeds (tests: test_seeds).

    Args:
        found: what each seed's run says, such as a difference in accuracy.
        drawn: the same in every draw of the sentences; a draw is the same sentences in all seeds.
        tries: how many intervals are to hold all at once, 95 times of 100 (Bonferroni): each is
            widened for it. No p is.
    """
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
    errors = np.sqrt(between / seeds), means.std(axis=0, ddof=1)
    half = partial(_half, seeds - 1, *errors)
    away = half(np.full(len(mean), tail / 100))
    return Seeded(
        mean=mean,
        low=mean - away,
        high=mean + away,
        p=_p(half, np.abs(mean)),
        seeds=seeds,
        between=np.sqrt(between),
    )


def _half(freedom: int, of_seeds: Columns, of_sentences: Columns, tail: Columns) -> Columns:
    """Return half the interval that leaves out so much on either side."""
    from scipy.special import ndtri, stdtrit

    found: Columns = np.hypot(stdtrit(freedom, tail) * of_seeds, ndtri(tail) * of_sentences)
    return found


def _p(half: Callable[[Columns], Columns], distance: Columns) -> Columns:
    """Return twice the tail of the interval that just reaches 0, found by halving."""
    low, high = np.full(len(distance), np.log(LEAST)), np.full(len(distance), np.log(0.5))
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        wider = half(np.exp(middle)) > distance
        low, high = np.where(wider, middle, low), np.where(wider, high, middle)
    return np.where(distance == 0, 1.0, 2 * np.exp(high))
