"""Heads by name: the baseline, D_x with the gate as printed, D_x with the ``aff`` gate."""

import re
from typing import Literal

__all__ = ["BASELINE", "GateKind", "head_gate", "head_layer", "head_names"]

BASELINE = "baseline"
GateKind = Literal["paper", "aff"]
_HEAD = re.compile(r"D_(?P<layer>[1-9]\d*)(?P<aff>_aff)?")


def head_names(layers: int, *, aff: bool = True) -> tuple[str, ...]:
    """Return every head of an encoder with ``layers`` layers, in the paper's order.

    ``baseline``, then ``D_1`` … ``D_{layers-1}`` (gate as printed), then the ``_aff`` twins.
    """
    printed = tuple(f"D_{layer}" for layer in range(1, layers))
    return (BASELINE, *printed, *(f"{name}_aff" for name in printed if aff))


def head_layer(head: str) -> int | None:
    """Return the lower layer a head fuses with the last, or None for the baseline.

    Raises:
        ValueError: if ``head`` is not a head's name.
    """
    if head == BASELINE:
        return None
    match = _HEAD.fullmatch(head)
    if match is None:
        raise ValueError(f"not a head's name: {head!r}")
    return int(match["layer"])


def head_gate(head: str) -> GateKind | None:
    """Return ``"paper"`` (gate as printed), ``"aff"``, or None for the baseline."""
    if head_layer(head) is None:
        return None
    return "aff" if head.endswith("_aff") else "paper"
