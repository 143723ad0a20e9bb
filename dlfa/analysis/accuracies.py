"""How often each head is right, and which layer is the best: with intervals."""

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.statistics import Draws, best, bounds, wilson, worth
from dlfa.results import Accuracies, Evaluated, Evaluation, Stability, head_gate, head_layer

__all__ = ["accuracies", "around", "averages", "by_language", "stabilities"]

KINDS = ("paper", "aff")

Drawn = Float[np.ndarray, "draw head"]


def accuracies(evaluation: Evaluation, drawn: Drawn | None = None) -> Accuracies:
    """Return every head's accuracy, also of a partial evaluation: quick enough while it runs.

    Args:
        evaluation: at least one example.
        drawn: `averages`, where they are known already.
    """
    codes, groups = by_language(evaluation)
    right = evaluation.right.astype(np.int8)
    n = np.bincount(groups)
    counts = np.array([right[groups == group].sum(0) for group in range(len(codes))]).T
    low, high = _intervals(right, groups, evaluation.premises)
    average = (counts / n).mean(1)
    if drawn is None:
        drawn = averages(evaluation, Draws(evaluation.premises))
    least, most = around(average, drawn, len(np.unique(evaluation.premises)))
    return Accuracies(
        heads=evaluation.heads,
        languages=codes,
        n=n,
        right=counts,
        low=low,
        high=high,
        average=average,
        average_low=least,
        average_high=most,
    )


def by_language(evaluation: Evaluated) -> tuple[tuple[str, ...], Int[np.ndarray, " example"]]:
    """Return the languages in alphabetical order, and the place of each example's in them."""
    codes, groups = np.unique(evaluation.languages, return_inverse=True)
    return tuple(codes.tolist()), groups


def averages(evaluation: Evaluation, draws: Draws) -> Drawn:
    """Return the mean accuracy over the languages in every draw, each counting the same."""
    groups = by_language(evaluation)[1]
    return draws.means(evaluation.right.astype(np.int8), groups).mean(1)


def _intervals(
    right: Int[np.ndarray, "example head"],
    groups: Int[np.ndarray, " example"],
    premises: np.ndarray,
) -> Float[np.ndarray, "2 head language"]:
    each = [groups == group for group in range(groups.max() + 1)]
    found = [wilson(right[rows].mean(0), worth(right[rows], premises[rows])) for rows in each]
    return np.stack(found, axis=-1)


def around(
    average: Float[np.ndarray, " head"], drawn: Drawn, premises: int
) -> Float[np.ndarray, "2 head"]:
    """Return the bootstrap's interval; Wilson's on the premises where all draws are the same.

    They are where all answers are right: which does not mean that they always will be.
    """
    same = np.ptp(drawn, axis=0) == 0
    return np.where(same, wilson(average, np.full(len(average), float(premises))), bounds(drawn))


def stabilities(found: Accuracies, drawn: Drawn) -> tuple[Stability, ...]:
    """Return how firmly the best layer is the best, for each kind of gate with several heads.

    Args:
        found: the accuracies.
        drawn: the `averages` of the same evaluation.
    """
    return tuple(
        _stability(found.heads, kind, found.average, drawn)
        for kind in KINDS
        if sum(head_gate(head) == kind for head in found.heads) > 1
    )


def _stability(
    heads: tuple[str, ...], kind: str, average: Float[np.ndarray, " head"], drawn: Drawn
) -> Stability:
    columns = [at for at, head in enumerate(heads) if head_gate(head) == kind]
    columns.sort(key=lambda at: head_layer(heads[at]) or 0)
    names = tuple(heads[at] for at in columns)
    shares = np.round(average[columns], 9)  # what differs by rounding only is equal
    return Stability(
        kind=kind,
        heads=names,
        best=names[int(shares.argmax())],
        share=best(drawn[:, columns]),
        draws=len(drawn),
    )
