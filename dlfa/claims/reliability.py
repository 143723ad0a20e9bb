"""Do languages differ in a task by more than sampling error? What does not cannot correlate."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from dlfa.analysis.accuracies import by_language
from dlfa.analysis.statistics import DRAWS, Draws
from dlfa.analysis.tag_measures import tag_measure
from dlfa.claims.gains import kept
from dlfa.claims.sources import Runs
from dlfa.results import BASELINE, Evaluated, TaggedEvaluation, pairs_of

__all__ = ["reliability"]


def reliability(runs: Runs, languages: Sequence[str], draws: int = DRAWS) -> float:
    """Return which share of the variance between languages' scores is not error, in [0, 1].

    The baseline's scores, the mean over the seeds, each against the mean of all: errors are those
    of a bootstrap of the examples, jointly over languages, and of the seeds where there are several
    (the classical reliability, Lord and Novick 1968; what is particular to one seed on one example
    counts twice then, so that it is rather too low). A correlation with scores of reliability r is
    too small by the factor sqrt(r).

    Args:
        runs: a task's.
        languages: two at least, which its examples have.
        draws: of the bootstrap.
    """
    every = [_by_language(kept(run, [BASELINE]), draws) for run in runs.evaluations]
    columns = [every[0][0].index(code) for code in languages]
    found = _centred(np.array([one for _codes, one, _many in every])[:, columns])
    drawn = _centred(np.mean([many for _codes, _one, many in every], axis=0)[:, columns])
    error = drawn.var(axis=0, ddof=1).mean()
    if len(found) > 1:
        error += found.var(axis=0, ddof=1).mean() / len(found)
    between = found.mean(axis=0).var(ddof=1)
    return float(np.clip(1 - error / between, 0, 1)) if between > 0 else 0.0


def _centred(values: Float[np.ndarray, "row language"]) -> Float[np.ndarray, "row language"]:
    less: np.ndarray = values - values.mean(axis=1, keepdims=True)
    return less


def _by_language(
    run: Evaluated, draws: int
) -> tuple[tuple[str, ...], Float[np.ndarray, " language"], Float[np.ndarray, "draw language"]]:
    """Return the only head's score in each language, and in every draw."""
    if isinstance(run, TaggedEvaluation):
        told = tag_measure(run, draws=draws)
        return told.codes, told.found[0], told.drawn[..., 0]
    pairs = pairs_of(run)
    codes, groups = by_language(pairs)
    right = pairs.right.astype(np.int8)
    found = np.array([right[groups == at].mean() for at in range(len(codes))])
    return codes, found, Draws(pairs.premises, draws).means(right, groups)[..., 0]
