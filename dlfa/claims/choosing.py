"""Which layer would have been chosen, and what it is worth on examples that did not choose it.

The best of eleven layers on the examples that made it the best is too good (the winner's curse).
A layer is therefore chosen on English validation where records tell it, else on one half of the
premises or sentences and measured on the other, both ways, and averaged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from dlfa.claims.gains import Gains, clusters, gains, of_part
from dlfa.claims.quantities import Drawn
from dlfa.results import Evaluated

__all__ = ["Chosen", "by_validation", "crossed", "halves"]

ENGLISH = "en"


@dataclass(frozen=True, eq=False)
class Chosen:
    """What the chosen layer adds, in points."""

    gain: Drawn
    layers: tuple[int, ...]
    """The one that was chosen, or that each half chose."""


def by_validation(one: Gains, validation: Mapping[int, float]) -> Chosen:
    """Return the gain of the layer that is best on English validation, the lowest of equals.

    Args:
        one: on the test examples.
        validation: by layer, the mean over the seeds.
    """
    layer = max(sorted(validation), key=lambda name: validation[name])
    return Chosen(one.layer(layer), (layer,))


def halves(run: Evaluated, seed: int = 0) -> Bool[np.ndarray, "half example"]:
    """Return which examples are in either half; what is drawn together is in one half."""
    names, places = np.unique(clusters(run)[0], return_inverse=True)
    first = np.zeros(len(names), bool)
    first[np.random.default_rng(seed).permutation(len(names))[: len(names) // 2]] = True
    return np.array([first[places], ~first[places]])


def crossed(runs: Sequence[Evaluated], *, english: bool, draws: int) -> Chosen | None:
    """Choose on one half, measure on the other in all languages; both ways, averaged.

    Args:
        runs: one for each seed.
        english: whether English alone chooses, else all languages do.
        draws: of the bootstrap.

    Returns:
        None where a half has nothing to choose or to measure on.
    """
    sides = halves(runs[0])
    voting = runs[0].languages == ENGLISH if english else np.ones(len(runs[0].ids), bool)
    if not all((side & voting).any() for side in sides):
        return None
    measured = [gains([of_part(run, side) for run in runs], draws) for side in sides]
    judged = [
        _means(runs, side & voting) if english else one
        for side, one in zip(sides, measured, strict=True)
    ]
    layers = tuple(one.layers[int(one.found.mean(axis=0).argmax())] for one in judged)
    other = [one.layer(layer) for one, layer in zip(reversed(measured), layers, strict=True)]
    return Chosen(_average(other[0], other[1], len(runs)), layers)


def _means(runs: Sequence[Evaluated], rows: Bool[np.ndarray, " example"]) -> Gains:
    return gains([of_part(run, rows) for run in runs], draws=1)  # only the means are asked for


def _average(one: Drawn, other: Drawn, seeds: int) -> Drawn:
    """Average two halves: their draws are independent, so the second's are taken in other order."""
    order = np.random.default_rng(seeds).permutation(one.drawn.shape[1])
    drawn: Float[np.ndarray, "seed draw"] = (one.drawn + other.drawn[:, order]) / 2
    return Drawn((one.found + other.found) / 2, drawn)
