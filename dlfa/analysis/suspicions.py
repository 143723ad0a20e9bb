"""What is suspicious about an evaluation, in words."""

from collections.abc import Iterator

import numpy as np
from babel.numbers import format_percent
from jaxtyping import Float, Int

from dlfa.analysis.accuracies import by_language
from dlfa.analysis.paired import over_groups
from dlfa.analysis.statistics import Draws
from dlfa.messages import _, keys, spoken
from dlfa.results import BASELINE, Accuracies, Confusions, Evaluation

__all__ = ["suspicions"]

FEWEST = 20  # premises: from fewer, 95 % may be rather less (tests/unit/analysis/test_coverage.py)
GAIN = 0.10  # in accuracy: another order of labels has to give more than this, for certain


def suspicions(
    evaluation: Evaluation, accuracies: Accuracies, confusions: Confusions, draws: Draws
) -> Iterator[str]:
    """Yield what a reader has to know before the numbers.

    Args:
        evaluation: at least one example.
        accuracies: its own.
        confusions: its own.
        draws: of its premises.
    """
    yield from _faults(evaluation)
    if not evaluation.complete:
        n, total = len(evaluation.ids), evaluation.settings["total"]
        yield _("evaluation.warning.partial", n=n, total=total)
    premises = len(np.unique(evaluation.premises))
    if premises < FEWEST:
        yield _("evaluation.warning.few", premises=premises)
    column = evaluation.heads.index(BASELINE) if BASELINE in evaluation.heads else 0
    chance = 1 / len(evaluation.labels)
    below = bool(accuracies.average_high[column] < chance)
    if below:
        yield _(
            "evaluation.warning.chance",
            head=evaluation.heads[column],
            accuracy=_percent(accuracies.average[column]),
            chance=_percent(chance),
        )
    table = (confusions.counts[column] / accuracies.n[:, None, None]).mean(0)
    meant = _meant(table)
    changed = bool((meant != np.arange(len(meant))).any())
    if changed and (below or _gain(evaluation, column, meant, draws) > GAIN):
        yield _order(evaluation, column, table, meant)


def _faults(evaluation: Evaluation) -> Iterator[str]:
    rows = np.flatnonzero((evaluation.answers < 0).any(1))
    if len(rows):
        order = np.lexsort((evaluation.languages[rows], evaluation.ids[rows]))
        first = rows[order[0]]
        yield _(
            "evaluation.warning.faults",
            n=len(rows),
            example=evaluation.ids[first],
            language=evaluation.languages[first],
        )


def _meant(table: Float[np.ndarray, "label answer"]) -> Int[np.ndarray, " answer"]:
    """What each answer stands for in the order of labels that makes most of them right.

    Only two labels swapped may leave an accuracy at chance, so that chance tells nothing here.
    """
    from scipy.optimize import linear_sum_assignment

    right, said = linear_sum_assignment(table, maximize=True)
    meant = np.empty(len(table), int)
    meant[said] = right
    return meant


def _gain(
    evaluation: Evaluation, column: int, meant: Int[np.ndarray, " answer"], draws: Draws
) -> float:
    """By how much that order is better, at least: the low end of the interval."""
    answers, groups = evaluation.answers[:, column], by_language(evaluation)[1]
    read = np.append(meant, -1)[answers]  # the last is of no answer, −1
    right = (read == evaluation.gold).astype(np.int8)
    gains = (right - (answers == evaluation.gold))[:, None]
    return float(over_groups(gains, groups, draws, draws.means(gains, groups))[0, 0])


def _order(
    evaluation: Evaluation,
    column: int,
    table: Float[np.ndarray, "label answer"],
    meant: Int[np.ndarray, " answer"],
) -> str:
    words = [_label(label) for label in evaluation.labels]
    swaps = [(said, right) for said, right in enumerate(meant.tolist()) if said != right]
    return _(
        "evaluation.warning.order",
        head=evaluation.heads[column],
        swaps=", ".join(f"{words[said]} → {words[right]}" for said, right in swaps),
        accuracy=_percent(table[meant, np.arange(len(meant))].sum()),
        now=_percent(np.trace(table)),
    )


def _label(label: str) -> str:
    """In the visitor's language; as it is where the catalogue does not know it."""
    key = f"label.{label}"
    return _(key) if key in keys() else label


def _percent(share: float) -> str:
    return format_percent(share, "0.0 %", locale=spoken())
