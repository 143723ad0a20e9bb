"""What perturbations are called, and what they do, in words."""

from collections.abc import Sequence

import numpy as np

from dlfa.figures.scores import count, interval
from dlfa.figures.words import head_word, hundredths, percent, tenths
from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.results.robustness import Robustness

__all__ = ["expectation_word", "perturbation_word", "reasons_word", "robustness_verdict"]

LEVEL = 0.05
BEHAVIOUR = ("negated", "parted", "mirrored")  # rules of tests with a label of their own
NAMED = 5  # perturbations one by one; more are counted


def perturbation_word(name: str) -> str:
    """Return what a perturbation is called."""
    return _(f"perturbation.{name}")


def expectation_word(rule: str) -> str:
    """Return which label is right after a perturbation of this rule."""
    return _(f"perturbation.rule.{rule}")


def robustness_verdict(found: Robustness, head: str = "") -> list[str]:
    """Return what does harm, pass rates, heads against the baseline, the control, and the cost.

    Args:
        found: at least one perturbation.
        head: told beside the baseline; the last one if none is named.
    """
    chosen = head or found.heads[-1]
    harm = [_harm(found, names) for names in _alike(found, chosen)]
    return [*harm, *_passes(found, chosen), _against(found), _control(found), _cost(found)]


def _alike(found: Robustness, head: str) -> list[list[str]]:
    """Return the baseline and a head, in one group where nothing does harm to either of them."""
    heads = [one for one in dict.fromkeys((BASELINE, head)) if one in found.heads]
    if any(_harmful(found, found.heads.index(one)).any() for one in heads):
        return [[one] for one in heads]
    return [heads]


def _harmful(found: Robustness, column: int) -> np.ndarray:
    """Return which perturbations take accuracy that stands after Holm's correction."""
    stands = found.drop.p_holm[:, column] < LEVEL
    harm: np.ndarray = stands & (found.drop.average[:, column] > 0)
    return harm


def _harm(found: Robustness, heads: Sequence[str]) -> str:
    column = found.heads.index(heads[0])
    rows = np.flatnonzero(_harmful(found, column))
    names = ", ".join(map(head_word, heads))
    if not len(rows):
        return _("robustness.verdict.harmless", head=names, tried=_tried(found))
    rows = rows[np.argsort(-found.drop.average[rows, column], kind="stable")]
    told = [_one(found, int(row), column) for row in rows[:NAMED]]
    return _(
        "robustness.verdict.harm",
        head=names,
        harmful=len(rows),
        tried=_tried(found),
        told="; ".join(told),
    )


def _tried(found: Robustness) -> int:
    """Return how many perturbations have examples whose label afterwards is known."""
    return int((found.judged.sum(1) > 0).sum()) - ("identity" in found.perturbations)


def _one(found: Robustness, row: int, column: int) -> str:
    low, high = (float(one[row, column]) for one in (found.drop.low, found.drop.high))
    return _(
        "robustness.verdict.one",
        name=perturbation_word(found.perturbations[row]),
        points=hundredths(-float(found.drop.average[row, column])),
        interval=interval(-high, -low, signed=True),
    )


def _against(found: Robustness) -> str:
    p = found.extra.p_holm
    if not np.isfinite(p).any():
        return _("robustness.verdict.alone")
    tests = int(np.isfinite(p).sum())
    less = int(((p < LEVEL) & (found.extra.average < 0)).sum())
    more = int(((p < LEVEL) & (found.extra.average > 0)).sum())
    return _("robustness.verdict.against", tests=count(tests), less=less, more=more)


def _control(found: Robustness) -> str:
    control = found.control
    if control is None:
        return _("robustness.verdict.uncontrolled")
    return _("robustness.verdict.control", percent=tenths(control))


def _cost(found: Robustness) -> str:
    examples = int(found.asked.sum() + found.handled.sum())
    return _(
        "robustness.verdict.cost",
        examples=count(examples),
        left_out=count(sum(sum(each.values()) for each in found.left_out.values())),
        seconds=f"{found.seconds:.0f}",
        draws=count(found.draws),
    )


def _passes(found: Robustness, head: str) -> list[str]:
    """Return the pass rates of the behaviour tests whose label changes, of baseline and head."""
    tests = [
        at for at, rule in enumerate(found.expects) if rule in BEHAVIOUR and found.judged[at].any()
    ]
    heads = [one for one in dict.fromkeys((BASELINE, head)) if one in found.heads]
    if not tests:
        return []
    told = (
        _(
            "robustness.verdict.pass.one",
            name=perturbation_word(found.perturbations[at]),
            head=head_word(one),
            **_pass(found, at, found.heads.index(one)),
        )
        for at in tests
        for one in heads
    )
    return [_("robustness.verdict.pass", told="; ".join(told))]


def _pass(found: Robustness, row: int, column: int) -> dict[str, str]:
    """Return a pass rate in percent and its interval."""
    low, high = (float(one[row, column]) for one in (found.after.low, found.after.high))
    share = percent(float(found.after.average[row, column]))
    return {"percent": share, "interval": interval(low, high)}


def reasons_word(reasons: Sequence[tuple[str, int]]) -> str:
    """Return why pairs were left out, counted: ``script 96, nothing 12``."""
    told = (_(f"perturbation.reason.{reason}.count", count=count(n)) for reason, n in reasons)
    return ", ".join(told) or "–"
