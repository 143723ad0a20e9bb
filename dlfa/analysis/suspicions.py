"""What is suspicious about an evaluation, in words."""

from collections.abc import Iterator

import numpy as np
from babel.numbers import format_percent
from jaxtyping import Float

from dlfa.messages import _, keys, spoken
from dlfa.results import BASELINE, Accuracies, Confusions, Evaluation

__all__ = ["suspicions"]

FEWEST = 20  # premises: from fewer, 95 % may be rather less (tests/unit/analysis/test_coverage.py)


def suspicions(
    evaluation: Evaluation, accuracies: Accuracies, confusions: Confusions
) -> Iterator[str]:
    """Yield what a reader has to know before the numbers.

    Args:
        evaluation: at least one example.
        accuracies: its own.
        confusions: its own.
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
    if accuracies.average_high[column] < chance:
        yield _(
            "evaluation.warning.chance",
            head=evaluation.heads[column],
            accuracy=_percent(accuracies.average[column]),
            chance=_percent(chance),
        )
        yield from _order(confusions, accuracies, column)


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


def _order(confusions: Confusions, accuracies: Accuracies, column: int) -> Iterator[str]:
    """Which order of the labels would explain an accuracy below chance."""
    from scipy.optimize import linear_sum_assignment

    shares = confusions.counts[column] / accuracies.n[:, None, None]
    table: Float[np.ndarray, "label answer"] = shares.mean(0)
    meant, said = linear_sum_assignment(table, maximize=True)
    swaps = [(a, b) for a, b in zip(said.tolist(), meant.tolist(), strict=True) if a != b]
    if swaps:
        words = [_label(label) for label in confusions.labels]
        yield _(
            "evaluation.warning.order",
            swaps=", ".join(f"{words[a]} → {words[b]}" for a, b in swaps),
            accuracy=_percent(table[meant, said].sum()),
        )


def _label(label: str) -> str:
    """In the visitor's language; as it is where the catalogue does not know it."""
    key = f"label.{label}"
    return _(key) if key in keys() else label


def _percent(share: float) -> str:
    return format_percent(share, "0.0 %", locale=spoken())
