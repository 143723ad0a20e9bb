"""Token x channel heat maps: their scale, their cells, their axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int

from dlfa.figures.frame import Pixels, Settings, colour_bar
from dlfa.figures.palette import Look
from dlfa.figures.words import token_labels
from dlfa.messages import _
from dlfa.results import Tokens

__all__ = [
    "Scale",
    "attention_colours",
    "attention_scale",
    "boundaries",
    "channel_axis",
    "colour_axis",
    "gate_scale",
    "heat",
    "row_height",
    "token_axis",
]

LEAST_REACH = 0.01  # a gate that is 1/2 everywhere still needs a scale
MANY_DIGITS = 0.04  # below this reach ticks need a third decimal
KEPT = 99  # percent of the cells of an unbounded gate that stay within its scale


@dataclass(frozen=True)
class Scale:
    """A symmetric colour range: ``centre`` ± ``reach``; cells beyond get the end's colour."""

    centre: float
    reach: float


def attention_scale(states: Sequence[Float[np.ndarray, "token _"]]) -> Scale:
    """Return 1/2 ± the largest distance from it in any of the arrays, rounded up to 0.01."""
    reach = max(float(np.abs(state - 0.5).max(initial=0)) for state in states)
    return Scale(0.5, max(LEAST_REACH, _rounded_up(reach)))


def gate_scale(gate: Float[np.ndarray, "token dim"]) -> Scale:
    """Return 0 ± the range that holds 99 % of the cells: a few channels are far larger."""
    reach = float(np.percentile(np.abs(gate), KEPT)) if gate.size else 0.0
    return Scale(0.0, max(LEAST_REACH, _rounded_up(reach)))


def _rounded_up(reach: float) -> float:
    return float(np.ceil(np.round(100 * reach, 6)) / 100)


def colour_axis(scale: Scale, look: Look, title: str) -> Settings:
    """Return a centred colour axis with its bar."""
    low, high = scale.centre - scale.reach, scale.centre + scale.reach
    ticks = np.linspace(low, high, 5)
    bar = {"tickvals": ticks, "tickformat": ".2f" if scale.reach >= MANY_DIGITS else ".3~f"}
    return {
        "colorscale": look.diverging,
        "cmin": low,
        "cmid": scale.centre,
        "cmax": high,
        "colorbar": colour_bar(look, title) | bar,
    }


def attention_colours(
    states: Sequence[Float[np.ndarray, "token _"]], whose: str, look: Look
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


def heat(values: Float[np.ndarray, "token _"], hover: str) -> Settings:
    """Return the trace of one picture: a row per token, a column per channel, by their index."""
    return {
        "type": "heatmap",
        "z": values,
        "x0": 0,
        "dx": 1,
        "y0": 0,
        "dy": 1,
        "coloraxis": "coloraxis",
        "hovertemplate": hover,
    }


def row_height(tokens: int, look: Look, tallest: Pixels, least: Pixels) -> Pixels:
    """Return the height of one token's row, in px.

    Args:
        tokens: how many rows.
        look: desk or projector.
        tallest: rows shrink when they would stand higher than this together, in px.
        least: but no further than this, in px.
    """
    return max(least, min(look.small + 8, tallest / tokens))


def token_axis(tokens: Tokens, height: Pixels, look: Look) -> Settings:
    """Return the settings of a y axis with one row per token, the first on top.

    Rows are numbers and only their labels words, for a token may occur twice; ``labelalias``
    also names those rows whose label is left out for want of room, when pointed at.

    Args:
        tokens: whose labels.
        height: of one row, in px.
        look: desk or projector.
    """
    return {
        "range": [len(tokens) - 0.5, -0.5],
        "tickmode": "linear",
        "tick0": 0,
        "dtick": int(np.ceil((look.small + 3) / height)),
        "labelalias": {str(at): label for at, label in enumerate(token_labels(tokens))},
        "tickangle": 0,
        "showgrid": False,
        "automargin": True,
    }


def channel_axis(order: Int[np.ndarray, " dim"]) -> Settings:
    """Return the settings of an x axis whose columns are channels in the given order."""
    return {
        "range": [-0.5, len(order) - 0.5],
        "labelalias": {str(at): str(channel) for at, channel in enumerate(order)},
        "showgrid": False,
    }


def boundaries(tokens: Tokens, look: Look, panels: int = 1) -> list[Settings]:
    """Return a line, in every panel, wherever premise, hypothesis and special tokens meet."""
    edges = [
        at + 0.5 for at, (above, below) in enumerate(pairwise(tokens.segment)) if above != below
    ]
    line = {"color": look.text, "width": 1}
    return [
        {"type": "line", "xref": f"x{panel} domain", "x0": 0, "x1": 1, "yref": f"y{panel}"}
        | {"y0": edge, "y1": edge, "line": line, "opacity": 0.5}
        for panel in ("", *range(2, panels + 1))
        for edge in edges
    ]
