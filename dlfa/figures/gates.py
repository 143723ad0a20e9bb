"""One head's gate on one sentence pair, always comparable with what chance draws."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int

from dlfa.figures.frame import Settings, draw
from dlfa.figures.heat import (
    attention_colours,
    boundaries,
    channel_axis,
    colour_axis,
    gate_scale,
    heat,
    row_height,
    token_axis,
)
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
from dlfa.figures.words import head_word, kind_word, plain
from dlfa.messages import _
from dlfa.results import HeadGate, Tokens

__all__ = [
    "attention_heatmap",
    "describe_attention_heatmap",
    "describe_gate_with_control",
    "gate_with_control",
    "spread",
]

What = Literal["attention", "gate", "untrained", "noise"]
Control = Literal["untrained", "noise"]
Order = Literal["index", "mean", "variance"]
Range = Literal["shared", "own"]

STATES = {"trained": "attention", "untrained": "untrained", "noise": "noise"}
TALLEST = 900  # px of all rows before they shrink
LEAST = 2.0  # px of one row


def attention_heatmap(
    gate: HeadGate,
    tokens: Tokens,
    look: Look,
    *,
    what: What = "attention",
    order: Order = "index",
    scale: Range = "shared",
) -> go.Figure:
    """Draw one array of a gate: tokens from top to bottom, channels from left to right.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        look: light or dark, desk or projector.
        what: ``"attention"`` (s), ``"gate"`` (g as used), or s of a control: ``"untrained"``
            (this module before training), ``"noise"`` (standard initial weights, never trained).
        order: channels by index, or by their mean or variance over the tokens, largest first.
        scale: of s: ``"shared"`` with both controls, so that all these pictures are comparable,
            or this array's ``"own"``, which shows what little there may be; the bar says which.

    Returns:
        a heat map. s is centred on 1/2; the gate as printed, which has no bounds, is centred on
        0 and clipped to 99 % of its cells.
    """
    cells = values(gate, what)
    return _draw(
        {"": cells},
        gate,
        tokens,
        look,
        title=_(f"figure.attention.title.{what}", head=head_word(gate.head)),
        order=order,
        coloraxis=_colours(gate, what, scale, look),
    )


def gate_with_control(
    gate: HeadGate,
    tokens: Tokens,
    look: Look,
    *,
    control: Control = "noise",
    order: Order = "index",
) -> go.Figure:
    """Draw s after training (left) beside s of an untrained twin (right), on one scale.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        look: light or dark, desk or projector.
        control: ``"noise"`` or ``"untrained"``, as in `attention_heatmap`.
        order: of the channels, by the trained side; the same on both.

    Returns:
        two heat maps with one colour axis; the heading of each gives its standard deviation.
    """
    return _draw(
        {_heading(gate, state): values(gate, STATES[state]) for state in ("trained", control)},
        gate,
        tokens,
        look,
        title=_("figure.control.title", head=head_word(gate.head)),
        order=order,
        coloraxis=_colours(gate, "attention", "shared", look),
    )


def values(gate: HeadGate, what: str) -> Float[np.ndarray, "token dim"]:
    """Return one of a gate's arrays: ``"attention"``, ``"gate"``, ``"untrained"``, ``"noise"``."""
    cells: Float[np.ndarray, "token dim"] = getattr(gate, what)
    return cells


def channel_order(
    cells: Float[np.ndarray, "token dim"], order: Order = "index"
) -> Int[np.ndarray, " dim"]:
    """Return the channels' indices, by index, or by mean or variance over tokens, largest first."""
    if order == "index":
        return np.arange(cells.shape[1])
    return np.argsort(-(cells.mean(0) if order == "mean" else cells.var(0)), kind="stable")


def _colours(gate: HeadGate, what: str, scale: Range, look: Look) -> Settings:
    if what == "gate" and gate.kind == "paper":  # the aff gate is s itself
        found = gate_scale(gate.gate)
        return colour_axis(found, look, _("figure.gate.scale", reach=f"{found.reach:.2f}"))
    own, controls = [values(gate, what)], [gate.attention, gate.untrained, gate.noise]
    return attention_colours(own if scale == "own" else controls, scale, look)


def _heading(gate: HeadGate, state: str) -> str:
    sd = values(gate, STATES[state]).std()
    return _("figure.control.panel", state=_(f"figure.state.{state}"), sd=f"{sd:.3f}")


def _draw(
    pictures: Mapping[str, Float[np.ndarray, "token dim"]],
    gate: HeadGate,
    tokens: Tokens,
    look: Look,
    *,
    title: str,
    order: Order,
    coloraxis: Settings,
) -> go.Figure:
    """Draw arrays by their headings side by side, channels in the order of the first."""
    channels = channel_order(next(iter(pictures.values())), order)
    height = row_height(len(tokens), look, TALLEST, LEAST)
    shape = {"tokens": len(tokens), "channels": len(channels), "kind": kind_word(gate.kind)}
    panels = Panels(count=len(pictures), columns=len(pictures), across=0.03)
    down = token_axis(tokens, height, look)
    across = channel_axis(channels) | {"title": _(f"figure.channels.{order}"), "nticks": 5}
    across |= {"showticklabels": order == "index"}
    hover = _("figure.attention.hover")
    return draw(
        [
            heat(cells[:, channels], hover) | panels.on(at)
            for at, cells in enumerate(pictures.values())
        ],
        look,
        title=title,
        subtitle=_("figure.attention.subtitle", **shape),
        height=max(height * len(tokens), 5 * look.font),
        top=1.8 * look.small if len(pictures) > 1 else 0,
        bottom=7.6 * look.small,
        axes=panels.axes(across, down),
        annotations=[panels.heading(at, look, text) for at, text in enumerate(pictures) if text],
        shapes=boundaries(tokens, look, len(pictures)),
        coloraxis=coloraxis,
    )


def spread(gate: HeadGate) -> dict[str, dict[str, float]]:
    """Return how much s varies, after training and in both controls: standard deviations.

    Returns:
        ``"trained"``, ``"untrained"`` and ``"noise"``, each with ``"cells"`` (over all cells),
        ``"tokens"`` (between tokens, of the mean over channels) and ``"channels"`` (between
        channels, of the mean over tokens).
    """
    return {state: _deviations(values(gate, what)) for state, what in STATES.items()}


def _deviations(cells: Float[np.ndarray, "token dim"]) -> dict[str, float]:
    return {
        "cells": float(cells.std()),
        "tokens": float(cells.mean(1).std()),
        "channels": float(cells.mean(0).std()),
    }


def describe_attention_heatmap(gate: HeadGate, tokens: Tokens, *, what: What = "attention") -> str:
    """Return `attention_heatmap` in words: its range, and the tokens with the extreme means."""
    cells = values(gate, what)
    means = cells.mean(1)
    high, low = int(means.argmax()), int(means.argmin())
    return _(
        "figure.attention.alt",
        title=_(f"figure.attention.title.{what}", head=head_word(gate.head)),
        tokens=len(tokens),
        channels=cells.shape[1],
        least=f"{cells.min():.3f}",
        most=f"{cells.max():.3f}",
        mean=f"{cells.mean():.3f}",
        high=plain(tokens.pieces[high]),
        high_mean=f"{means[high]:.3f}",
        low=plain(tokens.pieces[low]),
        low_mean=f"{means[low]:.3f}",
    )


def describe_gate_with_control(
    gate: HeadGate, tokens: Tokens, *, control: Control = "noise"
) -> str:
    """Return `gate_with_control` in words: how much s varies, trained and not."""
    found = spread(gate)
    return _(
        "figure.control.alt",
        head=head_word(gate.head),
        tokens=len(tokens),
        trained=f"{found['trained']['cells']:.3f}",
        state=_(f"figure.state.{control}"),
        control=f"{found[control]['cells']:.3f}",
    )
