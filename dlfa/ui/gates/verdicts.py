"""What a gate's picture says, in one or two plain sentences; also that it says nothing."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from dlfa import figures
from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.results import GateComparison, GateEffects, GateTrial

__all__ = ["alike", "cost", "gate_verdict", "learned", "matters", "shift", "show_gate_verdict"]

CLEARLY = 2.0  # times the untrained control's spread; below this a picture shows nothing learned
FAINT = 0.05  # standard deviation of s, a tenth of 1/2: below it all cells weigh nearly alike
MATTERS = 0.01  # total variation distance: a percentage point moved from one label to others


def show_gate_verdict(spread: Mapping[str, Mapping[str, float]]) -> None:
    """Show `gate_verdict` in a box: yellow where the picture is not to be read."""
    words = gate_verdict(spread)
    if learned(spread) == "clear":
        st.info(words, icon=":material/insights:")
    else:
        st.warning(words, icon=":material/info:")


def learned(spread: Mapping[str, Mapping[str, float]]) -> str:
    """Return whether training shaped a gate.

    Args:
        spread: of `dlfa.figures.spread`.

    Returns:
        ``"unclear"`` if it varies not clearly more than before training, ``"faint"`` if more, but
        by little, else ``"clear"``.
    """
    trained, untrained = (spread[state]["cells"] for state in ("trained", "untrained"))
    if trained <= CLEARLY * untrained:
        return "unclear"
    return "faint" if trained < FAINT else "clear"


def gate_verdict(spread: Mapping[str, Mapping[str, float]]) -> str:
    """Say how much a gate varies, whether training made it so, and what chance alone does.

    Args:
        spread: of `dlfa.figures.spread`.
    """
    cells = {state: values["cells"] for state, values in spread.items()}
    parts = [
        _("gates.verdict.numbers", **{state: f"{found:.3f}" for state, found in cells.items()}),
        _(f"gates.verdict.{learned(spread)}"),
    ]
    if cells["noise"] >= cells["trained"]:
        parts.append(_("gates.verdict.chance"))
    return " ".join(parts)


def cost(passes: int, milliseconds: float) -> str:
    """Say how many encoder passes something took, and how long."""
    return _("gates.cost", passes=passes, ms=f"{milliseconds:,.0f}")


def shift(effects: GateEffects, head: str) -> str:
    """Say how far the changes of one head's gate move one pair's answer, and whether any flips it.

    Args:
        effects: of one pair.
        head: one with a gate.
    """
    at = effects.heads.index(head)
    shifts = effects.shifts[:, at]
    largest = int(shifts.argmax())
    answers = effects.probabilities[:, at].argmax(-1)
    flips = [
        figures.change_word(change)
        for change, answer in zip(effects.changes, answers, strict=True)
        if answer != answers[0]
    ]
    points = f"{100 * shifts[largest]:.1f}"
    size = "some" if shifts[largest] >= MATTERS else "none"
    change = figures.change_word(effects.changes[largest])
    words = _(f"gates.shift.{size}", head=head_word(head), points=points, change=change)
    turned = _("gates.shift.flips", changes=", ".join(flips)) if flips else _("gates.shift.stays")
    return f"{words} {turned}"


def matters(trial: GateTrial, head: str | None) -> str:
    """Say which changes of the gate move accuracy, how far, and what chance alone would do.

    Args:
        trial: over labelled pairs.
        head: one with a gate; None for all heads.
    """
    words = [figures.trial_verdict(trial, head=head)]
    if head is not None:
        expected = f"{0.05 * (len(trial.changes) - 1):.2f}"
        count = len(trial.changes) - 1
        words.append(_("gates.matters.chance", intervals=count, expected=expected))
    return " ".join(words)


def alike(found: GateComparison, head: str) -> str:
    """Say whether one head's gate is more alike on translated words than chance and its twin."""
    at = found.heads.index(head)
    r = found.correlation[at]
    if np.isnan(r):
        return _("gates.alike.none", links=len(found.alignment))
    numbers = (found.low, found.high, found.chance_high, found.gain_low, found.gain_high)
    low, high, chance, least, most = (f"{column[at]:.2f}" for column in numbers)
    twin = found.noise_correlation[at]
    first = _(
        f"gates.alike.{'beyond' if found.beyond_chance[at] else 'within'}",
        head=head_word(head),
        links=len(found.alignment),
        r=f"{r:.2f}",
        low=low,
        high=high,
        chance=chance,
    )
    second = _(
        f"gates.alike.twin.{'beyond' if found.beyond_twin[at] else 'within'}",
        twin=f"{twin:.2f}",
        gain=f"{r - twin:+.2f}",
        low=least,
        high=most,
    )
    return f"{first} {second}"
