"""What can be shown of a gate, as trained and under its controls.

A result keeps of its controls only their attention s. The rest follows from it: the gate as
printed is W ⊙ s, so that the control's is g ⊙ s' / s; and |L1| / |L2| of a cell is known from the
trained gate and its share.
"""

from typing import Literal

import numpy as np
from jaxtyping import Float

from dlfa.messages import _
from dlfa.results import HeadGate

__all__ = ["STATES", "Control", "Quantity", "What", "spread", "state_word", "values"]

Quantity = Literal["attention", "gate", "share"]
Control = Literal["untrained", "noise"]
What = Literal["attention", "gate", "share", "untrained", "noise"]
Cells = Float[np.ndarray, "token dim"]

STATES = ("trained", "untrained", "noise")


def values(gate: HeadGate, what: What, state: str = "trained") -> Float[np.ndarray, "token dim"]:
    """Return one of a gate's arrays.

    Args:
        gate: one head's.
        what: ``"attention"`` (s), ``"gate"`` (g as used), ``"share"`` (the lower layer's part of
            each cell), or a control's s: ``"untrained"``, ``"noise"``.
        state: with which s: as ``"trained"``, or a control's.
    """
    if what in ("untrained", "noise"):
        return _attention(gate, what)
    if what == "attention":
        return _attention(gate, state)
    if what == "gate":
        return gate.gate if state == "trained" else _gate(gate, state)
    return gate.cell_share if state == "trained" else _share(gate, state)


def _attention(gate: HeadGate, state: str) -> Cells:
    return {"trained": gate.attention, "untrained": gate.untrained, "noise": gate.noise}[state]


def _gate(gate: HeadGate, state: str) -> Cells:
    """Return g as it would be with a control's s: s' itself, or W ⊙ s'."""
    control, trained = _attention(gate, state), gate.attention
    if gate.kind == "aff":
        return control
    ratio = np.divide(control, trained, out=np.zeros_like(control), where=trained > 0)
    found: Cells = gate.gate * ratio
    return found


def _share(gate: HeadGate, state: str) -> Cells:
    """Return |g'⊙L1| / (|g'⊙L1| + |(1−g')⊙L2|), with |L1| : |L2| as the trained share tells."""
    trained, control = gate.gate.astype(np.float64), _gate(gate, state).astype(np.float64)
    share = gate.cell_share.astype(np.float64)
    lower = share * np.abs(1 - trained) * np.abs(control)
    last = (1 - share) * np.abs(trained) * np.abs(1 - control)
    total = lower + last
    found: Cells = np.divide(lower, total, out=np.zeros_like(lower), where=total > 0)
    return found.astype(gate.cell_share.dtype)


def state_word(gate: HeadGate, state: str) -> str:
    """Return what a state of the gate is called; a start at 1/2 everywhere is said to be one."""
    if state == "untrained" and np.all(gate.untrained == 0.5):
        return _("figure.state.untrained.half")
    return _(f"figure.state.{state}")


def spread(gate: HeadGate) -> dict[str, dict[str, float]]:
    """Return how much s varies, after training and in both controls: standard deviations.

    Returns:
        ``"trained"``, ``"untrained"`` and ``"noise"``, each with ``"cells"`` (over all cells),
        ``"tokens"`` (between tokens, of the mean over channels) and ``"channels"`` (between
        channels, of the mean over tokens).
    """
    return {state: _deviations(_attention(gate, state)) for state in STATES}


def _deviations(cells: Cells) -> dict[str, float]:
    return {
        "cells": float(cells.std()),
        "tokens": float(cells.mean(1).std()),
        "channels": float(cells.mean(0).std()),
    }
