"""Heat maps: their scale, their colours, their cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from dlfa.figures.frame import Settings, colour_bar
from dlfa.figures.palette import Look
from dlfa.messages import _

__all__ = [
    "Range",
    "Scale",
    "attention_colours",
    "attention_scale",
    "colour_axis",
    "gate_colours",
    "gate_scale",
    "heat",
    "share_colours",
    "upright",
]

Range = Literal["shared", "own"]

LEAST_REACH = 0.01  # a gate that is 1/2 everywhere still needs a scale
MANY_DIGITS = 0.04  # below this reach ticks need a third decimal
KEPT = 99  # percent of the cells of an unbounded gate that stay within its scale


@dataclass(frozen=True)
class Scale:
    """A symmetric colour range: ``centre`` ± ``reach``; cells beyond get the end's colour."""

    centre: float
    reach: float


def attention_scale(states: Sequence[Float[np.ndarray, "_ _"]]) -> Scale:
    """Return 1/2 ± the largest distance from it in any of the arrays, rounded up to 0.01."""
    reach = max(float(np.nanmax(np.abs(state - 0.5), initial=0)) for state in states)
    return Scale(0.5, max(LEAST_REACH, _rounded_up(reach)))


def gate_scale(states: Sequence[Float[np.ndarray, "_ _"]]) -> Scale:
    """Return 0 ± the range that holds 99 % of the cells: a few channels are far larger."""
    reach = max(_held(state) for state in states)
    return Scale(0.0, max(LEAST_REACH, _rounded_up(reach)))


def _held(cells: Float[np.ndarray, "_ _"]) -> float:
    finite = np.abs(cells[np.isfinite(cells)])
    return float(np.percentile(finite, KEPT)) if finite.size else 0.0


def _rounded_up(reach: float) -> float:
    return float(np.ceil(np.round(100 * reach, 6)) / 100)


def colour_axis(scale: Scale, look: Look, title: str, **bar: object) -> Settings:
    """Return a centred colour axis with its bar; ``bar`` adds to the bar's own settings."""
    low, high = scale.centre - scale.reach, scale.centre + scale.reach
    ticks = np.linspace(low, high, 5)
    digits = ".2f" if scale.reach >= MANY_DIGITS else ".3~f"
    return {
        "colorscale": look.diverging,
        "cmin": low,
        "cmid": scale.centre,
        "cmax": high,
        "colorbar": colour_bar(look, title) | {"tickvals": ticks, "tickformat": digits} | bar,
    }


def attention_colours(
    states: Sequence[Float[np.ndarray, "_ _"]], whose: Range, look: Look
) -> Settings:
    """Return the colour axis of s, its range made from ``states``.

    Args:
        states: at least one array of s.
        whose: ``"shared"`` or ``"own"``: the bar's title says which.
        look: light or dark, desk or projector.
    """
    scale = attention_scale(states)
    title = _(f"figure.attention.scale.{whose}", reach=f"{scale.reach:.2f}")
    return colour_axis(scale, look, title)


def gate_colours(states: Sequence[Float[np.ndarray, "_ _"]], whose: Range, look: Look) -> Settings:
    """Return the colour axis of a gate as printed, which has no bounds; as `attention_colours`."""
    scale = gate_scale(states)
    return colour_axis(scale, look, _(f"figure.gate.scale.{whose}", reach=f"{scale.reach:.2f}"))


def share_colours(states: Sequence[Float[np.ndarray, "_ _"]], whose: Range, look: Look) -> Settings:
    """Return the colour axis of the lower layer's share: 0 to 1, or its own range around 1/2."""
    scale = Scale(0.5, 0.5) if whose == "shared" else attention_scale(states)
    title = _(f"figure.share.scale.{whose}", reach=f"{100 * scale.reach:.0f}")
    return colour_axis(scale, look, title, tickformat=".0%")


def heat(values: Float[np.ndarray, "_ _"], hover: str, colours: str = "coloraxis") -> Settings:
    """Return the trace of one picture, placed by index; cells that are NaN stay empty."""
    return {
        "type": "heatmap",
        "z": values,
        "x0": 0,
        "dx": 1,
        "y0": 0,
        "dy": 1,
        "coloraxis": colours,
        "hovertemplate": hover,
        "hoverongaps": False,
    }


def upright(words: Sequence[str]) -> Settings:
    """Return the axis of columns whose names stand above them, upright."""
    return {
        "range": [-0.5, len(words) - 0.5],
        "tickvals": list(range(len(words))),
        "ticktext": list(words),
        "tickangle": -90,
        "side": "top",
        "showgrid": False,
        "fixedrange": True,
    }
