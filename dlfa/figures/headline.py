"""What an evaluation says first: how often the baseline is right, and whether any head differs.

That one head of many is the highest is no finding; only what Holm's correction leaves standing is
called a difference. Heads that are equally high are named together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from dlfa.figures.scores import count, interval, language_word, measured
from dlfa.figures.words import head_word, hundredths, tenths
from dlfa.messages import _
from dlfa.results import BASELINE, Accuracies, Differences, Report

__all__ = ["difference_words", "flips_words", "report_verdict"]

TIE = 1e-12  # between averages that differ by no example
NAMED = 3  # heads that are equally high, one by one; more are counted


def report_verdict(report: Report, *, names: Mapping[str, str] | None = None) -> str:
    """Return how good the baseline is, whether any head differs from it, and which is highest.

    Args:
        report: whole or partial.
        names: language code -> name; a code without one stands for itself.
    """
    found = report.accuracies
    if report.differences is None:
        told = [_without_baseline(found)]
    else:
        told = [_baseline(found, names or {}), _to_baseline(report.differences)]
    return " ".join([*_partial(report), *told, *_early(report), _("figure.verdict.scope")])


def flips_words(flips: Mapping[str, Any], dtype: str) -> str:
    """Return what short numbers changed, on the examples where float32 was computed too.

    Args:
        flips: of an evaluation's settings.
        dtype: the short numbers.
    """
    counts = {name: count(flips[name]) for name in ("examples", "answers", "turned")}
    if "farthest" not in flips:  # of tags, no probabilities are kept
        return _("evaluation.flips.words", dtype=dtype, **counts)
    return _("evaluation.flips", dtype=dtype, farthest=f"{flips['farthest']:.3f}", **counts)


def difference_words(found: Differences, at: int) -> dict[str, str]:
    """Return one head's difference with its interval, by the placeholders of messages."""
    return {
        "head": head_word(found.heads[at]),
        "points": hundredths(float(found.average[at])),
        "interval": interval(float(found.low[at]), float(found.high[at]), signed=True),
    }


def _partial(report: Report) -> list[str]:
    if report.n >= report.total:
        return []
    return [_("figure.report.partial", done=count(report.n), total=count(report.total))]


def _early(report: Report) -> list[str]:
    """Warn of a claim before the end: its error rate holds for one look, not for many."""
    claimed = report.differences.claimed() if report.differences else ()
    return [_("figure.verdict.early")] if claimed and report.n < report.total else []


def _baseline(found: Accuracies, names: Mapping[str, str]) -> str:
    at = found.heads.index(BASELINE)
    ends = float(found.average_low[at]), float(found.average_high[at])
    told = {"percent": tenths(float(found.average[at])), "interval": interval(*ends)}
    values, metric = found.share[at], found.metric
    if len(values) < 2 or not np.isfinite(values).all():
        return measured("figure.verdict.report.baseline.alone", metric, **told)
    best, worst = int(values.argmax()), int(values.argmin())
    return measured(
        "figure.verdict.report.baseline",
        metric,
        **told,
        best=language_word(found.languages[best], names),
        best_percent=tenths(float(values[best])),
        worst=language_word(found.languages[worst], names),
        worst_percent=tenths(float(values[worst])),
    )


def _without_baseline(found: Accuracies) -> str:
    high = _highest(found.average)
    told = _joined([_right(found, at) for at in high])
    if len(found.heads) == 1:
        return _("figure.verdict.report.alone", told=told)
    return _("figure.verdict.report.without", heads=len(found.heads), told=told)


def _right(found: Accuracies, at: int) -> str:
    ends = float(found.average_low[at]), float(found.average_high[at])
    told = {"percent": tenths(float(found.average[at])), "interval": interval(*ends)}
    head = head_word(found.heads[at])
    return measured("figure.verdict.report.right", found.metric, head=head, **told)


def _highest(values: Float[np.ndarray, " head"]) -> list[int]:
    """Return the places of the highest: several, where they are equal."""
    return [int(at) for at in np.flatnonzero(values >= values.max() - TIE)]


def _joined(told: Sequence[str]) -> str:
    """Return equals in one breath, of many the first ones and how many more there are."""
    shown = "; ".join(told[:NAMED])
    more = len(told) - NAMED
    return _("figure.verdict.report.more", told=shown, more=more) if more > 0 else shown


def _to_baseline(found: Differences) -> str:
    if not (found.only_head.any() or found.only_reference.any()):
        # Right and wrong on the very same examples.
        return measured("figure.verdict.report.same", found.metric)
    claimed = found.claimed()
    if len(found.heads) == 1:
        way = _way(found.average[0]) if claimed else "none"
        told = difference_words(found, 0)
        return measured(f"figure.verdict.report.one.{way}", found.metric, **told)
    if not claimed:
        return " ".join([_("figure.verdict.report.none"), _high(found)])
    return " ".join([_claims(found), _high(found)])


def _way(difference: float) -> str:
    return "above" if difference > 0 else "below"


def _claims(found: Differences) -> str:
    """Return how many heads differ after Holm's correction, and which way."""
    ways = [_way(found.average[found.heads.index(head)]) for head in found.claimed()]
    above, below = (ways.count(way) for way in ("above", "below"))
    heads = len(found.heads)
    if above and below:
        return _("figure.verdict.report.both", above=above, below=below, heads=heads)
    number = "one" if len(ways) == 1 else "more"
    return _(f"figure.verdict.report.{ways[0]}.{number}", count=len(ways), heads=heads)


def _high(found: Differences) -> str:
    """Return the highest head, or heads, and what that is worth."""
    high = _highest(found.average)
    told = [_("figure.report.told", **_named(found, at)) for at in high]
    return _(
        f"figure.verdict.report.highest.{_worth(found, high)}",
        heads=len(found.heads),
        told=_joined(told),
    )


def _named(found: Differences, at: int) -> dict[str, str]:
    words = difference_words(found, at)
    return {"name": words["head"], "points": words["points"], "interval": words["interval"]}


def _worth(found: Differences, high: list[int]) -> str:
    """Return whether the highest stands, is stopped only by Holm's correction, or is in doubt."""
    claimed = found.claimed()
    if any(found.heads[at] in claimed for at in high):
        return "stands"
    if all(found.low[at] > 0 or found.high[at] < 0 for at in high):
        return "holm"
    return "falls" if claimed else "luck"
