"""What the views of an evaluation say in words: plainly, and never more than intervals bear.

Every verdict is about examples, for one checkpoint; the first of them is `headline`'s.
"""

from collections.abc import Mapping

import numpy as np

from dlfa.figures.confusion_cells import confusion_counts, confusion_place, confusion_shares
from dlfa.figures.headline import difference_words
from dlfa.figures.runs import run_words
from dlfa.figures.scores import count, interval, measured
from dlfa.figures.words import head_word, kind_word, label_word, tenths
from dlfa.messages import _
from dlfa.results import (
    BASELINE,
    Agreement,
    Confusions,
    Differences,
    RunComparison,
    Stability,
)

__all__ = [
    "agreement_verdict",
    "comparison_verdict",
    "confusion_verdict",
    "stability_verdict",
]

SETTLED = 0.95  # of the draws in which the best layer stays the best


def comparison_verdict(comparison: RunComparison) -> str:
    """Return whether two runs differ on the examples that they share, and where most."""
    found = comparison.differences
    first, second = run_words(comparison)
    names: dict[str, object] = {"first": first, "second": second, "n": count(comparison.n)}
    if not comparison.turned.any():
        return measured("figure.verdict.runs.same", found.metric, **names)
    most = int(np.argmax(np.abs(found.average)))
    told = _("figure.verdict.runs.most", **difference_words(found, most))
    if found.claimed():
        names |= _counted(found)
        return " ".join([measured("figure.verdict.runs.some", found.metric, **names), told])
    return " ".join([measured("figure.verdict.runs.none", found.metric, **names), told])


def _counted(found: Differences) -> dict[str, int]:
    """Return how many heads differ after Holm's correction, and which way."""
    claimed = [found.heads.index(head) for head in found.claimed()]
    above = sum(float(found.average[at]) > 0 for at in claimed)
    ways = {"above": above, "below": len(claimed) - above}
    return {"claimed": len(claimed), "heads": len(found.heads)} | ways


def stability_verdict(
    stability: Stability, differences: Differences | None = None, *, split: str = ""
) -> str:
    """Return how surely these examples choose a layer, and that this makes it no better.

    Args:
        stability: of one kind of gate.
        differences: to the baseline, on the same examples; the chosen layer's is told.
        split: of the examples: a layer chosen on ``"test"`` has no data left to be tested on.
    """
    outcome = "settled" if stability.held >= SETTLED else "open"
    told = [
        _(
            f"figure.verdict.stability.{outcome}",
            kind=kind_word(stability.kind),
            best=head_word(stability.best),
            held=tenths(stability.held),
            even=tenths(1 / len(stability.heads)),
        )
    ]
    if differences is not None and stability.best in differences.heads:
        at = differences.heads.index(stability.best)
        told.append(_("figure.verdict.stability.difference", **difference_words(differences, at)))
    if split == "test":
        told.append(_("figure.verdict.stability.test"))
    return " ".join(told)


def agreement_verdict(agreement: Agreement, *, head: str) -> str:
    """Return how often a head answers translations alike, and whether labels explain it.

    Raises:
        ValueError: a head that is not there.
    """
    at = agreement.heads.index(head)
    low, high = float(agreement.pairwise_low[at]), float(agreement.pairwise_high[at])
    outcome = "more" if low > float(agreement.expected[at]) else "no"
    whole = float(agreement.unanimous_low[at]), float(agreement.unanimous_high[at])
    alike = _(
        "figure.verdict.agreement",
        head=head_word(head),
        items=count(agreement.items),
        languages=len(agreement.languages),
        unanimous=tenths(float(agreement.unanimous[at])),
        unanimous_interval=interval(*whole),
        pairwise=tenths(float(agreement.pairwise[at])),
        pairwise_interval=interval(low, high),
    )
    expected = tenths(float(agreement.expected[at]))
    return f"{alike} {_(f'figure.verdict.agreement.{outcome}', expected=expected)}"


def confusion_verdict(
    confusions: Confusions,
    *,
    head: str,
    language: str | None = None,
    against: str = BASELINE,
    names: Mapping[str, str] | None = None,
) -> str:
    """Return a head's most frequent mistake, and how often another head makes it.

    Args:
        confusions: of at least one head.
        head: whose mistakes.
        language: one language's code; None: all languages together.
        against: the other head; not told where it is the same or was not evaluated.
        names: language code -> name; a code without one stands for itself.

    Raises:
        ValueError: a head or a language that is not there.
    """
    counts = confusion_counts(confusions, head, language)
    place = confusion_place(language, names)
    wrong = counts * ~np.eye(len(counts), dtype=bool)
    if not wrong.any():
        return _("figure.verdict.confusion.none", head=head_word(head), place=place)
    row, column = (int(at) for at in np.unravel_index(int(wrong.argmax()), wrong.shape))
    told = _(
        "figure.verdict.confusion",
        head=head_word(head),
        place=place,
        label=label_word(confusions.labels[row]),
        answer=label_word(confusions.labels[column]),
        number=count(int(wrong[row, column])),
        total=count(int(counts[row].sum())),
        percent=tenths(float(confusion_shares(counts)[row, column])),
    )
    if against == head or against not in confusions.heads:
        return told
    other = float(confusion_shares(confusion_counts(confusions, against, language))[row, column])
    told_other = {"against": head_word(against), "percent": tenths(other)}
    return f"{told} {_('figure.verdict.confusion.against', **told_other)}"
