"""What an evaluation says in words: plainly, and never more than its intervals bear.

That one head of many is the highest is no finding; only what Holm's correction leaves standing is
called a difference. Every verdict is about examples, for one checkpoint.
"""

from collections.abc import Mapping

import numpy as np

from dlfa.figures.confusion_cells import confusion_counts, confusion_place, confusion_shares
from dlfa.figures.runs import run_words
from dlfa.figures.scores import count, interval
from dlfa.figures.words import head_word, hundredths, kind_word, label_word, tenths
from dlfa.messages import _
from dlfa.results import (
    BASELINE,
    Accuracies,
    Agreement,
    Confusions,
    Differences,
    Report,
    RunComparison,
    Stability,
)

__all__ = [
    "agreement_verdict",
    "comparison_verdict",
    "confusion_verdict",
    "report_verdict",
    "stability_verdict",
]

SETTLED = 0.95  # of the draws in which the best layer stays the best


def report_verdict(report: Report) -> str:
    """Return whether any head differs from the baseline, and which is the highest.

    Args:
        report: whole or partial.
    """
    if report.differences is None:
        told = _without_baseline(report.accuracies)
    else:
        told = _to_baseline(report.differences)
    return " ".join([*_partial(report), told, *_early(report), _("figure.verdict.scope")])


def _partial(report: Report) -> list[str]:
    if report.n >= report.total:
        return []
    return [_("figure.report.partial", done=count(report.n), total=count(report.total))]


def _early(report: Report) -> list[str]:
    """Warn of a claim before the end: its error rate holds for one look, not for many."""
    claimed = report.differences.claimed() if report.differences else ()
    return [_("figure.verdict.early")] if claimed and report.n < report.total else []


def _without_baseline(found: Accuracies) -> str:
    best = int(np.argmax(found.average))
    ends = float(found.average_low[best]), float(found.average_high[best])
    told = {
        "head": head_word(found.heads[best]),
        "percent": tenths(float(found.average[best])),
        "interval": interval(*ends),
    }
    if len(found.heads) == 1:
        return _("figure.verdict.report.alone", **told)
    return _("figure.verdict.report.without", heads=len(found.heads), **told)


def _to_baseline(found: Differences) -> str:
    if _same(found):
        return _("figure.verdict.report.same")
    best, claimed = int(np.argmax(found.average)), found.claimed()
    if len(found.heads) == 1:
        way = _way(found.average[0]) if claimed else "none"
        return _(f"figure.verdict.report.one.{way}", **_told(found, 0))
    if not claimed:
        return _("figure.verdict.report.none", heads=len(found.heads), **_told(found, best))
    stands = "stands" if found.heads[best] in claimed else "falls"
    return " ".join(
        [
            _("figure.verdict.report.some", **_counted(found)),
            _(f"figure.verdict.report.highest.{stands}", **_told(found, best)),
        ]
    )


def _same(found: Differences) -> bool:
    """Return whether all heads are right and wrong on the very examples of the reference."""
    return not (found.only_head.any() or found.only_reference.any())


def _way(difference: float) -> str:
    return "above" if difference > 0 else "below"


def _told(found: Differences, at: int) -> dict[str, str]:
    """Return one head's difference with its interval, as words."""
    return {
        "head": head_word(found.heads[at]),
        "points": hundredths(float(found.average[at])),
        "interval": interval(float(found.low[at]), float(found.high[at]), signed=True),
    }


def _counted(found: Differences) -> dict[str, int]:
    """Return how many heads differ after Holm's correction, and which way."""
    claimed = [found.heads.index(head) for head in found.claimed()]
    above = sum(float(found.average[at]) > 0 for at in claimed)
    ways = {"above": above, "below": len(claimed) - above}
    return {"claimed": len(claimed), "heads": len(found.heads)} | ways


def comparison_verdict(comparison: RunComparison) -> str:
    """Return whether two runs differ on the examples that they share, and where most."""
    found = comparison.differences
    first, second = run_words(comparison)
    names = {"first": first, "second": second, "n": count(comparison.n)}
    if not comparison.turned.any():
        return _("figure.verdict.runs.same", **names)
    most = int(np.argmax(np.abs(found.average)))
    told = _("figure.verdict.runs.most", **_told(found, most))
    if found.claimed():
        return " ".join([_("figure.verdict.runs.some", **names, **_counted(found)), told])
    return " ".join([_("figure.verdict.runs.none", **names), told])


def stability_verdict(stability: Stability) -> str:
    """Return whether another sample of examples would have chosen another layer."""
    outcome = "settled" if stability.held >= SETTLED else "open"
    return _(
        f"figure.verdict.stability.{outcome}",
        kind=kind_word(stability.kind),
        best=head_word(stability.best),
        held=tenths(stability.held),
        even=tenths(1 / len(stability.heads)),
    )


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
