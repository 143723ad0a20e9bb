"""Which layer is taken, and would other sentences or another seed have taken another one?"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from dlfa.analysis.statistics import TIES, best
from dlfa.results import BASELINE, Choice, Source

__all__ = ["choice"]

Values = Float[np.ndarray, "seed head"]


def choice(
    heads: Sequence[str],
    sources: Sequence[Source],
    found: Values,
    drawn: Float[np.ndarray, "draw head"],
) -> Choice | None:
    """Return the layer that validation chooses, and how firmly the best on the test is the best.

    Args:
        heads: those that every seed has, in the order of their layers; the baseline is no choice.
        sources: a record per seed.
        found: the measure on the test data, mean over the languages.
        drawn: the mean of the seeds in every draw.

    Returns:
        None for fewer than two fused heads.
    """
    columns = [at for at, head in enumerate(heads) if head != BASELINE]
    if len(columns) < 2:
        return None
    names = tuple(heads[at] for at in columns)
    values = found[:, columns]
    looked = _validation(names, sources)
    return Choice(
        heads=names,
        seeds=tuple(one.seed for one in sources),
        validation=looked,
        chosen=tuple(_highest(names, row) for row in looked),
        chosen_by_mean=_highest(names, looked.mean(axis=0)),
        best=_highest(names, values.mean(axis=0)),
        best_by_seed=tuple(_highest(names, row) for row in values),
        draws=best(drawn[:, columns]),
        shares=best(values),
    )


def _validation(names: Sequence[str], sources: Sequence[Source]) -> Values:
    nobody = float("nan")
    return np.array(
        [
            [
                nobody if (known := source.trained[head].validation) is None else known
                for head in names
            ]
            for source in sources
        ]
    )


def _highest(names: Sequence[str], values: Float[np.ndarray, " head"]) -> str:
    """Return the highest, of equals the lowest layer; empty where one is not known."""
    if not np.isfinite(values).all():
        return ""
    return names[int(np.argmax(values >= values.max() - TIES))]
