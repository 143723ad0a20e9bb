"""What the fused layers add to the baseline, by seed and layer, with a bootstrap of the examples.

A task's runs are the same examples, answered by models that differ in their training seed only. A
draw takes the same examples in all of them, all heads and all languages; languages count alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from dlfa.analysis.accuracies import by_language
from dlfa.analysis.statistics import DRAWS, Draws
from dlfa.analysis.tag_measures import tag_measure
from dlfa.claims.quantities import Drawn
from dlfa.results import (
    BASELINE,
    Evaluated,
    Evaluation,
    TaggedEvaluation,
    head_layer,
    pairs_of,
)

__all__ = ["FEW", "Gains", "clusters", "gains", "kept", "of_part", "with_seeds"]

FEW = 20  # premises or sentences on which heads differ: of fewer, a bootstrap claims too much
POINTS = 100


@dataclass(frozen=True, eq=False)
class Gains:
    """Differences to the baseline, in percentage points."""

    layers: tuple[int, ...]
    """Those that were fused, ascending."""
    found: Float[np.ndarray, "seed layer"]
    drawn: Float[np.ndarray, "seed draw layer"]
    n: int
    """Premises or sentences."""
    of: str
    differing: int
    """Of them, those on which a head and the baseline answer differently, in some seed."""
    taught: bool = True
    """Whether some head is surely better than always giving the most frequent label."""

    def weighed(self, weights: Float[np.ndarray, " layer"]) -> Drawn:
        """Return a weighted sum over the layers."""
        return Drawn(self.found @ weights, self.drawn @ weights)

    @property
    def mean(self) -> Drawn:
        """The mean over the layers."""
        return self.weighed(np.full(len(self.layers), 1 / len(self.layers)))

    def only(self, layers: Sequence[int]) -> "Gains":
        """Return these gains without the other layers."""
        columns = [self.layers.index(layer) for layer in layers]
        found, drawn = self.found[:, columns], self.drawn[..., columns]
        return replace(self, layers=tuple(layers), found=found, drawn=drawn)

    def layer(self, layer: int) -> Drawn:
        """Return one layer's."""
        return self.weighed((np.array(self.layers) == layer).astype(float))


def kept(run: Evaluated, names: Sequence[str]) -> Evaluated:
    """Return a run with some of its heads, in this order, and without probabilities."""
    columns = [run.heads.index(head) for head in names]
    assert isinstance(run, Evaluation | TaggedEvaluation)
    plain: dict[str, Any] = {"answers": run.answers[:, columns], "heads": tuple(names)}
    if isinstance(run, Evaluation):
        plain |= {"probabilities": None, "gates": None}
    return replace(run, **plain)


def clusters(run: Evaluated) -> tuple[np.ndarray, str]:
    """Return what each example is drawn with, and what that is called."""
    if isinstance(run, TaggedEvaluation):
        return run.ids, "sentences"
    return pairs_of(run).premises, "premises"


def of_part(run: Evaluated, rows: Bool[np.ndarray, " example"]) -> Evaluated:
    """Return some of a run's examples, at least one."""
    if not isinstance(run, TaggedEvaluation):
        return pairs_of(run).part(np.flatnonzero(rows))
    words = np.repeat(rows, run.sizes)
    arrays = {one.name: getattr(run, one.name) for one in fields(run)}
    some: dict[str, Any] = {
        name: value[words if name in ("gold", "answers") else rows]
        for name, value in arrays.items()
        if isinstance(value, np.ndarray)
    }
    return replace(run, **some)


def gains(runs: Sequence[Evaluated], draws: int = DRAWS) -> Gains:
    """Return what every fused layer adds, in the mean over the languages.

    Args:
        runs: one for each seed, of the same examples and heads, the baseline among them.
        draws: of the bootstrap.
    """
    heads = runs[0].heads
    base = heads.index(BASELINE)
    layers = sorted(layer for head in heads if (layer := head_layer(head)) is not None)
    columns = [heads.index(f"D_{layer}") for layer in layers]
    each = [_scores(run, draws) for run in runs]
    found = np.array([one[columns] - one[base] for one, _drawn in each])
    drawn = np.array([many[:, columns] - many[:, [base]] for _one, many in each])
    names, of = clusters(runs[0])
    differ = np.any([_differ(run, base) for run in runs], axis=0)
    return Gains(
        layers=tuple(layers),
        found=POINTS * found,
        drawn=POINTS * drawn,
        n=len(np.unique(names)),
        of=of,
        differing=len(np.unique(names[differ])),
        taught=_taught(runs[0], each),
    )


def _taught(
    run: Evaluated,
    each: Sequence[tuple[Float[np.ndarray, " head"], Float[np.ndarray, "draw head"]]],
) -> bool:
    """Return whether a head is better than one that never looks; of tags F1 says so by itself."""
    if isinstance(run, TaggedEvaluation):
        return True
    pairs = pairs_of(run)
    frequent = np.bincount(pairs.gold).argmax()
    codes, groups = by_language(pairs)
    constant = np.mean([(pairs.gold[groups == at] == frequent).mean() for at in range(len(codes))])
    found, drawn = (np.array(both) for both in zip(*each, strict=True))
    lows = [
        Drawn(found[:, at], drawn[..., at]).bounds(len(run.heads))[0]
        for at in range(len(run.heads))
    ]
    return bool(max(lows) > constant)


def _scores(
    run: Evaluated, draws: int
) -> tuple[Float[np.ndarray, " head"], Float[np.ndarray, "draw head"]]:
    """Return every head's mean score over the languages, and the same in every draw."""
    if isinstance(run, TaggedEvaluation):
        told = tag_measure(run, draws=draws)
        return told.found.mean(axis=1), told.drawn.mean(axis=1)
    pairs = pairs_of(run)
    codes, groups = by_language(pairs)
    right = pairs.right.astype(np.int8)
    found = np.mean([right[groups == at].mean(0) for at in range(len(codes))], axis=0)
    return found, Draws(pairs.premises, draws).means(right, groups).mean(1)


def _differ(run: Evaluated, base: int) -> Bool[np.ndarray, " example"]:
    assert isinstance(run, Evaluation | TaggedEvaluation)
    apart: np.ndarray = (run.answers != run.answers[:, [base]]).any(axis=1)
    if isinstance(run, TaggedEvaluation):
        starts = np.cumsum(run.sizes) - run.sizes
        return np.logical_or.reduceat(apart, starts)
    return apart


def with_seeds(one: Gains, generator: np.random.Generator) -> Float[np.ndarray, "draw layer"]:
    """Return draws of the means over seeds that know of other seeds, too.

    To every draw of the examples a draw of the seeds' mean is added, from the spread that the
    seeds show, all layers together, as wide as Student's t of so few; of one seed nothing is known.
    """
    seeds, draws = len(one.found), one.drawn.shape[1]
    drawn: np.ndarray = one.drawn.mean(axis=0)
    if seeds == 1:
        return drawn
    apart = one.found - one.found.mean(axis=0)
    normal = generator.normal(size=(draws, seeds)) @ apart / np.sqrt(seeds * (seeds - 1))
    wide = np.sqrt((seeds - 1) / generator.chisquare(seeds - 1, size=(draws, 1)))
    return drawn + normal * wide
