"""What an intervention on the gate is called, and what one does, in words."""

import numpy as np

from dlfa.figures.words import decimals, head_word, label_word, percent
from dlfa.messages import _
from dlfa.results import Intervention, WhatIf

__all__ = ["change_title", "control_title", "cost_words", "whatif_verdict"]

MATTERS = 0.01  # total variation distance: a percentage point moved from one label to others


def change_title(one: Intervention) -> str:
    """Return an intervention as people read it: ``gate × 0.5 at 96 channels``."""
    if one.twin and one.kind == "trained":
        return _("whatif.title.twin")
    where = ""
    if one.tokens:
        where += " " + _("whatif.title.tokens", count=len(one.tokens))
    if one.channels:
        where += " " + _("whatif.title.channels", count=len(one.channels))
    words = _(f"whatif.title.{one.kind}", amount=f"{one.amount:g}") + where
    return _("whatif.title.of_twin", change=words) if one.twin else words


def control_title(one: Intervention) -> str:
    """Return what an intervention is held against."""
    if one.placed:
        return _("whatif.control.random")
    return change_title(one.control)


def whatif_verdict(found: WhatIf, head: str, change: int) -> str:
    """Say what an intervention does to one head's answer, and what its control does.

    Args:
        found: of one pair.
        head: one with a gate.
        change: its place among the interventions.
    """
    at = found.heads.index(head)
    before, after = found.probabilities[[0, change], at]
    moved = float(found.shifts[change, at])
    told = {"head": head_word(head), "change": change_title(found.interventions[change])}
    size = "some" if moved >= MATTERS else "none"
    words = _(f"whatif.verdict.{size}", points=decimals(100 * moved, 1), **told)
    first, second = int(before.argmax()), int(after.argmax())
    if first != second:
        words += " " + _(
            "whatif.verdict.flips",
            before=label_word(found.labels[first]),
            after=label_word(found.labels[second]),
            percent=percent(float(after[second])),
        )
    return f"{words} {_beside(found, change, at)}"


def _beside(found: WhatIf, change: int, at: int) -> str:
    """Say what the control does, and whether the effect goes beyond that and its draws' spread."""
    moved, control = float(found.shifts[change, at]), float(found.control_shifts[change, at])
    reach = control + _spread(found, change, at)
    state = "within" if moved <= control else "near" if moved <= reach else "beyond"
    return _(
        f"whatif.verdict.{state}",
        control=control_title(found.interventions[change]),
        points=decimals(100 * control, 1),
        reach=decimals(100 * reach, 1),
    )


def _spread(found: WhatIf, change: int, at: int) -> float:
    """Two standard deviations of the control's draws, summed as a distance is."""
    deviations: np.ndarray = found.control_deviations[change, at]
    return float(deviations.sum())


def cost_words(found: WhatIf) -> str:
    """Say what it took, and how far it is from a full pass."""
    return _(
        "whatif.cost",
        variants=found.variants,
        ms=f"{found.milliseconds:,.0f}",
        encoder=f"{found.encoder_milliseconds:,.0f}",
        error=f"{found.error:.0e}",
    )
