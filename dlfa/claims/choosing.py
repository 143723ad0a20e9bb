"""Which layer would have been chosen, and what it is worth on examples that did not choose it.

The best of eleven layers on the examples that made it the best is too good (the winner's curse).
A layer is therefore chosen on English validation where records tell it, else on one half of the
premises or sentences and measured on the other, both ways, and averaged. Seeds have their curse,
too: a layer whose few trainings went well is the best on validation and on the test. Of several
seeds, each one's layer is therefore chosen by the others alone.
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
    """Those that were chosen, by each half for each seed."""


def by_validation(one: Gains, validation: Mapping[int, Sequence[float]]) -> Chosen:
    """Return the gain of the layer that is best on English validation, the lowest of equals.

    Args:
        one: on the test examples.
        validation: by layer, of every seed.
    """
    values = np.array([validation[layer] for layer in one.layers]).T  # (seed layer)
    return _taken(one, _by_others(values))


def _by_others(values: Float[np.ndarray, "seed layer"]) -> list[int]:
    """Return, for each seed, the place of the layer that is best in the mean of the others."""
    seeds = len(values)
    if seeds == 1:
        return [int(values[0].argmax())]
    return [int(np.delete(values, seed, axis=0).mean(axis=0).argmax()) for seed in range(seeds)]


def _taken(one: Gains, places: Sequence[int]) -> Chosen:
    """Return the gain of each seed's own layer."""
    both = list(enumerate(places))
    found = np.array([one.found[seed, at] for seed, at in both])
    drawn = np.array([one.drawn[seed, :, at] for seed, at in both])
    return Chosen(Drawn(found, drawn), tuple(one.layers[at] for at in places))


def halves(run: Evaluated, seed: int = 0) -> Bool[np.ndarray, "half example"]:
    """Return which examples are in either half; what is drawn together is in one half."""
    names, places = np.unique(clusters(run)[0], return_inverse=True)
    first = np.zeros(len(names), bool)
    first[np.random.default_rng(seed).permutation(len(names))[: len(names) // 2]] = True
    return np.array([first[places], ~first[places]])


def crossed(runs: Sequence[Evaluated], *, english: bool, draws: int) -> Chosen | None:
    """Choose on one half and by the other seeds, measure on the other half in all languages.

    Both ways, averaged.

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
    first, second = (
        _taken(one, _by_others(other.found))
        for one, other in zip(measured, reversed(judged), strict=True)
    )
    return Chosen(_average(first.gain, second.gain, len(runs)), first.layers + second.layers)


def _means(runs: Sequence[Evaluated], rows: Bool[np.ndarray, " example"]) -> Gains:
    return gains([of_part(run, rows) for run in runs], draws=1)  # only the means are asked for


def _average(one: Drawn, other: Drawn, seeds: int) -> Drawn:
    """Average two halves: their draws are independent, so the second's are taken in other order."""
    order = np.random.default_rng(seeds).permutation(one.drawn.shape[1])
    drawn: Float[np.ndarray, "seed draw"] = (one.drawn + other.drawn[:, order]) / 2
    return Drawn((one.found + other.found) / 2, drawn)
