"""What the paper's tables say when they are measured: plainly, and never more than they bear."""

from collections.abc import Sequence

import numpy as np

from dlfa.figures.scores import interval
from dlfa.figures.table_words import joined_heads, way_word
from dlfa.figures.words import head_word, hundredths, tenths
from dlfa.messages import _
from dlfa.results import AVERAGE, BASELINE, Measured

__all__ = [
    "behind_words",
    "choice_verdict",
    "gaps_words",
    "stands",
    "table_verdict",
    "way_verdict",
]

LEVEL = 0.05


def table_verdict(found: Measured) -> str:
    """Return whether any fused head of one task differs from its own baseline."""
    heads = len(found.fused)
    if not heads:
        return _("results.verdict.alone", percent=_baseline(found))
    above, below = stands(found)
    key = "both" if above and below else "above" if above else "below" if below else "none"
    told = _(f"results.verdict.{key}", above=above, below=below, heads=heads)
    return f"{told} {_('results.verdict.highest', told=_highest(found))}"


def way_verdict(every: Sequence[Measured]) -> str:
    """Return of all tasks of one way together how many heads stand, and on which side.

    Args:
        every: at least one.
    """
    counts = [stands(found) for found in every]
    return _(
        "results.verdict",
        way=way_word(every[0].way),
        heads=sum(len(found.fused) for found in every),
        tasks=len(every),
        better=sum(above for above, _below in counts),
        worse=sum(below for _above, below in counts),
    )


def stands(found: Measured) -> tuple[int, int]:
    """Return how many heads stand above their baseline after Holm's correction, and below."""
    row = found.groups.index(AVERAGE)
    claimed = [found.heads.index(head) for head in found.claimed()]
    above = sum(float(found.difference[row, at]) > 0 for at in claimed)
    return above, len(claimed) - above


def _highest(found: Measured) -> str:
    row = found.groups.index(AVERAGE)
    at = int(np.nanargmax(found.difference[row]))
    return _told(found, AVERAGE, found.heads[at])


def _told(found: Measured, group: str, head: str) -> str:
    cell = found.at(group, head)
    assert cell is not None
    ends = interval(float(found.low[cell]), float(found.high[cell]), signed=True)
    points = hundredths(float(found.difference[cell]))
    return _("figure.report.told", name=head_word(head), points=points, interval=ends)


def _baseline(found: Measured) -> str:
    cell = found.at(AVERAGE, BASELINE)
    assert cell is not None
    return tenths(float(found.value[cell]))


def behind_words(found: Measured, group: str, head: str) -> str:
    """Return one number in words: the measure, its difference, what the interval is about."""
    cell = found.at(group, head)
    if cell is None:
        return _("results.behind.none", head=head_word(head))
    ends = interval(float(found.value_low[cell]), float(found.value_high[cell]))
    one = int(found.seeds[cell[1]]) == 1
    told = [
        _(
            "results.behind.value.one" if one else "results.behind.value",
            head=head_word(head),
            measure=_(f"metric.{found.metric}"),
            percent=tenths(float(found.value[cell])),
            interval=ends,
            seeds=int(found.seeds[cell[1]]),
        )
    ]
    if head == BASELINE or not np.isfinite(found.difference[cell]):
        return told[0]
    holm = float(found.p_holm[cell])
    told.append(
        _(
            f"results.behind.{_outcome(found, cell)}",
            points=hundredths(float(found.difference[cell])),
            interval=interval(float(found.low[cell]), float(found.high[cell]), signed=True),
            p=f"{float(found.p[cell]):.3f}",
            holm=f"{holm:.3f}",
            heads=len(found.fused),
        )
    )
    told.append(_("results.behind.one_seed" if one else "results.behind.seeds"))
    return " ".join(told)


def _outcome(found: Measured, cell: tuple[int, int]) -> str:
    """Return whether a difference stands, is stopped by Holm's correction only, or is in doubt."""
    if found.p_holm[cell] < LEVEL:
        return "stands"
    return "holm" if found.low[cell] > 0 or found.high[cell] < 0 else "doubt"


def gaps_words(found: Measured) -> list[str]:
    """Return what is missing of a task, each in a sentence: heads, seeds, languages."""
    told = []
    never = [head for head, _seed in found.missing if head not in found.heads]
    if never:
        told.append(_("results.gap.heads", heads=joined_heads(list(dict.fromkeys(never)))))
    partly = [(head, seed) for head, seed in found.missing if head in found.heads]
    if partly:
        cells = [_("results.gap.cell", head=head_word(head), seed=seed) for head, seed in partly]
        told.append(_("results.gap.seeds", cells=", ".join(cells[:6]), count=len(cells)))
    if found.absent:
        absent = ", ".join(found.absent)
        told.append(_("results.gap.languages", count=len(found.absent), languages=absent))
    if found.unlike:
        told.append(_("results.gap.unlike", seeds=", ".join(map(str, found.unlike))))
    return told


def choice_verdict(found: Measured) -> str:
    """Return which layer validation chooses, what it is worth, and how firm the best one is."""
    taken = found.choice
    if taken is None:
        return _("results.choice.none")
    at = taken.heads.index(taken.best)
    key = "results.choice.best" if len(taken.seeds) > 1 else "results.choice.best.one"
    told = [
        _(
            key,
            told=_told(found, AVERAGE, taken.best),
            draws=tenths(float(taken.draws[at])),
            seeds=round(float(taken.shares[at]) * len(taken.seeds)),
            count=len(taken.seeds),
            even=tenths(1 / len(taken.heads)),
        )
    ]
    if not taken.chosen_by_mean:
        told.append(_("results.choice.unknown"))
    elif taken.chosen_by_mean == taken.best:
        told.append(_("results.choice.same"))
    else:
        told.append(_("results.choice.chosen", told=_told(found, AVERAGE, taken.chosen_by_mean)))
    return " ".join(told)
