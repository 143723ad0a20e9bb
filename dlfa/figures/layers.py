"""Every fusion layer's gate, from one encoder pass."""

from collections.abc import Sequence
from itertools import groupby, pairwise
from math import ceil
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float
from plotly.subplots import make_subplots

from dlfa.figures.frame import layout
from dlfa.figures.gates import Range
from dlfa.figures.heads import heading, made_by
from dlfa.figures.heat import attention_colours, boundaries, heat, row_height, token_axis
from dlfa.figures.palette import Look
from dlfa.figures.words import escape, head_word, kind_word
from dlfa.messages import _
from dlfa.results import GateSweep, HeadGate, Tokens

__all__ = ["describe_layer_multiples", "layer_multiples"]

Kind = Literal["paper", "aff"]

BINS = 96  # columns of a small picture
COLUMNS = 3  # pictures side by side: what a phone can show
TALLEST = 190  # px of a small picture before its rows shrink
LEAST = 0.6  # px of one row


def layer_multiples(
    sweep: GateSweep, look: Look, kind: Kind = "paper", *, scale: Range = "shared"
) -> go.Figure:
    """Draw the attention s of every fusion layer, small, on one scale.

    Args:
        sweep: at least one head of this kind, else the figure says that there is none.
        look: light or dark, desk or projector.
        kind: gate as printed or ``aff``.
        scale: ``"shared"`` with these layers' controls by chance, or these pictures' ``"own"``;
            the colour bar says which.

    Returns:
        one token x channel heat map per layer, lowest first, on one scale. Neighbouring channels
        are averaged into at most 96 columns, and the subtitle says so.
    """
    gates = _of_kind(sweep, kind)
    if not gates:
        return _nothing(kind, look)
    lines = ceil(len(gates) / COLUMNS)
    height = row_height(len(sweep.tokens), look, TALLEST, LEAST)
    tall, gap = max(height * len(sweep.tokens), 5.0 * look.font), 2.2 * look.font
    total = lines * tall + (lines - 1) * gap
    figure = make_subplots(lines, COLUMNS, horizontal_spacing=0.025, vertical_spacing=gap / total)
    for at, gate in enumerate(gates):
        row, column = divmod(at, COLUMNS)
        _add_picture(figure, gate, look, row + 1, column + 1)
    layout(
        figure,
        look,
        title=_("figure.layers.title", kind=kind_word(kind)),
        subtitle=_subtitle(sweep, gates[0]),
        height=round(total),
        top=1.8 * look.font,
        bottom=4.6 * look.small,
        left=6.2 * look.small,
    )
    _dress(figure, sweep.tokens, gates, scale, look)
    return figure


def _of_kind(sweep: GateSweep, kind: str) -> list[HeadGate]:
    return sorted((gate for gate in sweep.heads if gate.kind == kind), key=lambda gate: gate.layer)


def _nothing(kind: str, look: Look) -> go.Figure:
    figure = go.Figure()
    layout(figure, look, title=_("figure.layers.title", kind=kind_word(kind)), height=60)
    heading(figure, look, _("figure.layers.none"), x=0.5, y=0.5, xref="paper", yref="paper")
    return figure.update_xaxes(visible=False).update_yaxes(visible=False)


def binned(cells: Float[np.ndarray, "token dim"]) -> Float[np.ndarray, "token _"]:
    """Return averages of neighbouring channels: at most 96 columns."""
    edges = _edges(cells.shape[1])
    sums = np.add.reduceat(cells, edges[:-1], axis=1, dtype=np.float64)
    return (sums / np.diff(edges)).astype(cells.dtype)


def _edges(channels: int) -> list[int]:
    count = min(BINS, channels)
    return [at * channels // count for at in range(count + 1)]


def _add_picture(figure: go.Figure, gate: HeadGate, look: Look, row: int, column: int) -> None:
    figure.add_trace(heat(binned(gate.attention), _("figure.layers.hover")), row, column)
    axis = figure.data[-1].xaxis, figure.data[-1].yaxis
    text = _("figure.layers.panel", head=head_word(gate.head), sd=f"{gate.attention.std():.3f}")
    place = {"xref": f"{axis[0]} domain", "yref": f"{axis[1]} domain"}
    heading(figure, look, text, x=0, xanchor="left", y=1, yanchor="bottom", **place)


def _subtitle(sweep: GateSweep, gate: HeadGate) -> str:
    channels = gate.attention.shape[1]
    made = sweep.provenance
    return _(
        "figure.layers.subtitle" if channels <= BINS else "figure.layers.subtitle.binned",
        tokens=len(sweep.tokens),
        channels=channels,
        columns=min(BINS, channels),
        model=made_by(made),
        init=escape(made.gate_init),
    )


def _dress(
    figure: go.Figure, tokens: Tokens, gates: Sequence[HeadGate], scale: Range, look: Look
) -> None:
    """Give the pictures their colour axis and their shared words."""
    states = [gate.attention for gate in gates]
    states += [gate.noise for gate in gates if scale == "shared"]
    colours = attention_colours([binned(cells) for cells in states], scale, look)
    edges = _edges(gates[0].attention.shape[1])
    names = {str(at): _span(first, end - 1) for at, (first, end) in enumerate(pairwise(edges))}
    figure.update_layout(coloraxis=colours, shapes=boundaries(tokens, look, len(gates)))
    figure.update_xaxes(range=[-0.5, len(names) - 0.5], labelalias=names, showticklabels=False)
    figure.update_yaxes(token_axis(tokens, 1, look), showticklabels=False)
    figure.update_xaxes(showgrid=False, ticks="")
    _name_parts(figure, tokens, look)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _name_parts(figure: go.Figure, tokens: Tokens, look: Look) -> None:
    """Write premise and hypothesis beside the first picture of every line."""
    at = 0
    for part, members in groupby(tokens.segment):
        length = len(list(members))
        for panel in range(1, len(figure.data) + 1, COLUMNS) if part != "special" else ():
            axes = {"xref": f"x{panel} domain".replace("x1 ", "x "), "yref": f"y{panel}"}
            place = {"x": 0, "xanchor": "right", "y": at + (length - 1) / 2}
            heading(figure, look, _(f"figure.segment.{part}"), **axes, **place)
        at += length


def describe_layer_multiples(sweep: GateSweep, kind: Kind = "paper") -> str:
    """Return `layer_multiples` in words: the layers whose s varies most and least."""
    gates = _of_kind(sweep, kind)
    if not gates:
        return _("figure.layers.none")
    by_sd = sorted(gates, key=lambda gate: float(gate.attention.std()))
    return _(
        "figure.layers.alt",
        count=len(gates),
        kind=kind_word(kind),
        tokens=len(sweep.tokens),
        low=head_word(by_sd[0].head),
        low_sd=f"{by_sd[0].attention.std():.3f}",
        high=head_word(by_sd[-1].head),
        high_sd=f"{by_sd[-1].attention.std():.3f}",
    )
