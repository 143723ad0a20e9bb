"""Is a head right more often than the baseline, or than in another run? Always in pairs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.analysis.accuracies import accuracies, averages, by_language
from dlfa.analysis.matching import matched
from dlfa.analysis.paired import Drawing, by_group, over_groups
from dlfa.analysis.statistics import Draws, holm, mcnemar, p_values, per_premise
from dlfa.results import (
    BASELINE,
    Differences,
    Evaluated,
    Evaluation,
    RunComparison,
    pairs_of,
)

__all__ = ["compare", "tested", "to_baseline"]


def to_baseline(evaluation: Evaluation, draws: Draws) -> Differences | None:
    """Return every fused head's difference to the baseline.

    Args:
        evaluation: at least one example.
        draws: of its premises.

    Returns:
        None where the baseline, or every other head, was left out.
    """
    columns = [at for at, head in enumerate(evaluation.heads) if head != BASELINE]
    if BASELINE not in evaluation.heads or not columns:
        return None
    right = evaluation.right
    alone = right[:, [evaluation.heads.index(BASELINE)]]
    return _differences(evaluation, columns, right[:, columns], alone, BASELINE, draws)


def _differences(
    about: Evaluation,
    columns: Sequence[int],
    first: Bool[np.ndarray, "example head"],
    second: Bool[np.ndarray, "example _"],
    reference: str,
    draws: Draws,
) -> Differences:
    codes, groups = by_language(about)
    gains = first.astype(np.int8) - second.astype(np.int8)
    n = np.bincount(groups)
    won, lost = (_counts(found, groups) for found in (first & ~second, second & ~first))
    each = (won - lost) / n  # (head language)
    drawn = draws.means(gains, groups)  # (draw language head)
    differing = (per_premise(gains, draws.places) != 0).sum(0)
    return Differences(
        heads=tuple(about.heads[at] for at in columns),
        reference=reference,
        languages=codes,
        mcnemar=mcnemar(won, lost),
        only_head=won,
        only_reference=lost,
        **tested(each, drawn, gains, groups, draws, differing),
    )


def tested(
    each: Float[np.ndarray, "head language"],
    drawn: Float[np.ndarray, "draw language head"],
    gains: Int[np.ndarray, "example head"],
    groups: Int[np.ndarray, " example"],
    draws: Drawing,
    differing: Int[np.ndarray, " head"],
) -> dict[str, Any]:
    """Return what `Differences` says of chance: averages, intervals, p-values.

    Args:
        each: every head minus the reference.
        drawn: the same in each draw.
        gains: by which examples they differ, and which way.
        groups: each example's language.
        draws: of the bootstrap.
        differing: clusters that differ at all.
    """
    low, high = over_groups(gains, groups, draws, drawn)
    least, most = by_group(gains, groups, draws, drawn).transpose(0, 2, 1)
    p = p_values(drawn.mean(axis=1), each.mean(axis=1), differing)
    return {
        "average": each.mean(axis=1),
        "low": low,
        "high": high,
        "p": p,
        "p_holm": holm(p),
        "by_language": each,
        "language_low": least,
        "language_high": most,
        "draws": draws.draws,
    }


def _counts(
    found: Bool[np.ndarray, "example head"], groups: Int[np.ndarray, " example"]
) -> Int[np.ndarray, "head language"]:
    return np.array([found[groups == group].sum(0) for group in range(groups.max() + 1)]).T


def compare(first: Evaluated, second: Evaluated, names: tuple[str, str]) -> RunComparison:
    """Compare two runs over pairs on the examples, languages and heads that they have in common.

    Args:
        first: one run.
        second: another, of the same data.
        names: what they are called.

    Raises:
        RunError: they have nothing in common, or are of other data.
        WrongTaskError: they are of words.
    """
    one, other = matched(pairs_of(first), pairs_of(second))
    draws = Draws(one.premises)
    columns = range(len(one.heads))
    groups = by_language(one)[1]
    return RunComparison(
        names=names,
        n=len(one.ids),
        first=accuracies(one, averages(one, draws)),
        second=accuracies(other, averages(other, draws)),
        differences=_differences(one, columns, one.right, other.right, names[1], draws),
        turned=_counts(one.answers != other.answers, groups),
        provenance=(one.provenance, other.provenance),
    )
