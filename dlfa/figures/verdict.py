"""What a trial of the gate says in words: which changes of it move accuracy, and which way.

An interval that leaves out 0 is told as that and no more: the intervals are neither independent
(all heads read the same pairs) nor corrected for their number.
"""

import numpy as np
from jaxtyping import Bool

from dlfa.figures.effects import change_word
from dlfa.figures.words import tenths
from dlfa.messages import _
from dlfa.results import GateTrial

__all__ = ["CHANCE", "chosen_heads", "decided", "short_verdict", "trial_verdict"]

CHANCE = 0.05  # of all 95 % intervals miss the truth

Sides = tuple[Bool[np.ndarray, "change head"], Bool[np.ndarray, "change head"]]


def chosen_heads(trial: GateTrial, head: str | None) -> list[int]:
    """Return the places of one head, or with None of every head.

    Raises:
        ValueError: a head that was not tried.
    """
    return list(range(len(trial.heads))) if head is None else [trial.heads.index(head)]


def decided(trial: GateTrial, chosen: list[int]) -> Sides:
    """Return where the difference's interval lies above 0, and where below it.

    The trained gate differs from itself nowhere.
    """
    up, down = trial.difference_low > 0, trial.difference_high < 0
    up[0] = down[0] = False
    return up[:, chosen], down[:, chosen]


def trial_verdict(trial: GateTrial, *, head: str | None = None) -> str:
    """Return in one or two sentences which changes have an interval that leaves out 0.

    Args:
        trial: over labelled pairs.
        head: one head: each such change with its difference; None: per change how many heads it
            raises and lowers, the mean over all heads, and how many chance alone would show.

    Raises:
        ValueError: a head that was not tried.
    """
    chosen = chosen_heads(trial, head)
    up, down = decided(trial, chosen)
    found = np.flatnonzero((up | down).any(1)).tolist()
    if not found:
        return _("figure.trial.verdict.none")
    if head is None and len(chosen) > 1:
        told = "; ".join(_heads_moved(trial, change, up, down) for change in found)
        expected = f"{CHANCE * len(chosen):.1f}"
        return _("figure.trial.verdict.every", changes=told, expected=expected)
    return _(
        f"figure.trial.verdict.head.{_number(len(found))}",
        count=len(found),
        total=len(trial.changes) - 1,
        changes=", ".join(_change_moved(trial, change, chosen) for change in found),
    )


def short_verdict(trial: GateTrial, head: str | None) -> str:
    """Return `trial_verdict` in one short line, for a phone: of several heads the change that
    most of them have an interval for.

    Raises:
        ValueError: a head that was not tried.
    """
    chosen = chosen_heads(trial, head)
    up, down = decided(trial, chosen)
    counts = (up | down).sum(1)
    if not counts.any():
        return _("figure.trial.verdict.none")
    if len(chosen) == 1:
        total = len(trial.changes) - 1
        return _("figure.trial.verdict.short.head", count=int(counts.sum()), total=total)
    most = int(counts.argmax())
    return _(
        "figure.trial.verdict.short.every",
        change=change_word(trial.changes[most]),
        up=int(up[most].sum()),
        down=int(down[most].sum()),
        heads=len(chosen),
    )


def _number(count: int) -> str:
    return "one" if count == 1 else "more"


def _change_moved(trial: GateTrial, change: int, chosen: list[int]) -> str:
    points = tenths(float(trial.difference[change, chosen].mean()), signed=True)
    name = change_word(trial.changes[change])
    return _("figure.trial.verdict.change", change=name, points=points)


def _heads_moved(
    trial: GateTrial,
    change: int,
    up: Bool[np.ndarray, "change head"],
    down: Bool[np.ndarray, "change head"],
) -> str:
    raised, lowered = int(up[change].sum()), int(down[change].sum())
    way = "both" if raised and lowered else "up" if raised else "down"
    counts = {"both": {"up": raised, "down": lowered}, "up": {"up": raised}}
    return _(
        f"figure.trial.verdict.moved.{way}",
        change=change_word(trial.changes[change]),
        heads=len(trial.heads),
        points=tenths(float(trial.difference[change].mean()), signed=True),
        **counts.get(way, {"down": lowered}),
    )
