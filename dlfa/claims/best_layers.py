"""Which layers may be the best one? A set that holds it, and how often each is."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from dlfa.analysis.statistics import best
from dlfa.claims.gains import Gains, with_seeds

__all__ = ["Candidates", "candidates"]

EQUAL = 1e-9  # standard errors below are rounding


@dataclass(frozen=True, eq=False)
class Candidates:
    """One task's layers, each with what is to be said for its being the best."""

    layers: tuple[int, ...]
    p: Float[np.ndarray, " layer"]
    """Of each layer's being a best one: a bootstrap of the largest studentised distance to any
    other layer (as in Hansen, Lunde and Nason's model confidence set, 2011). The bare share of
    draws in which a layer is the best would not do: of layers that are equally good, chance alone
    lets one lead most of the draws. Several seeds are too few for the joint spread of all layers:
    there each other layer is a test of its own, after Bonferroni."""
    share: Float[np.ndarray, " layer"]
    """Of the draws in which each is the best; ties share."""

    def likely(self, level: float) -> tuple[int, ...]:
        """Return the layers that may be the best: among them is a best one, but for ``level``."""
        return tuple(layer for layer, p in zip(self.layers, self.p, strict=True) if p > level)


def candidates(one: Gains, seed: int = 0) -> Candidates:
    """Return what is to be said for every layer's being the best.

    Args:
        one: a task's gains; at least two layers.
        seed: of the draws of training seeds.
    """
    drawn = with_seeds(one, np.random.default_rng(seed))
    mean = one.found.mean(axis=0)
    behind = mean[None, :] - mean[:, None]  # (layer other): how far each other is ahead
    centred = drawn - drawn.mean(axis=0)
    if len(one.found) > 1:
        p = np.array([_p_of_seeds(one, at) for at in range(len(mean))])
    else:
        p = np.array([_p(at, behind[at], centred) for at in range(len(mean))])
    return Candidates(one.layers, p, best(drawn))


def _p_of_seeds(one: Gains, at: int) -> float:
    """Return how likely some layer is as far ahead of this one in seeds of equal layers.

    Student's t of the seeds alone: far out in its tail, degrees of freedom that are estimated from
    two or three seeds (Satterthwaite) would claim too much.
    """
    from scipy.special import stdtr

    seeds = len(one.found)
    others = [other for other in range(len(one.layers)) if other != at]
    ahead = one.found[:, others] - one.found[:, [at]]
    drawn = (one.drawn[..., others] - one.drawn[..., [at]]).mean(axis=0)
    error = np.sqrt(drawn.var(axis=0, ddof=1) + ahead.var(axis=0, ddof=1) / seeds)
    t = ahead.mean(axis=0) / np.maximum(error, EQUAL)
    return float(min(1.0, len(others) * stdtr(seeds - 1, -t).min()))


def _p(
    at: int, behind: Float[np.ndarray, " layer"], centred: Float[np.ndarray, "draw layer"]
) -> float:
    """Return how often chance alone puts some layer as far ahead of this one."""
    apart = centred - centred[:, [at]]  # (draw other)
    error = apart.std(axis=0)
    known = error > EQUAL
    if not known.any():
        return 1.0
    farthest = (behind[known] / error[known]).max()
    chance = (apart[:, known] / error[known]).max(axis=1)
    return float((1 + (chance >= farthest).sum()) / (1 + len(chance)))
