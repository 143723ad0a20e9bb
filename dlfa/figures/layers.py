"""Every fusion layer's gate, from one encoder pass."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import ceil
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.frame import Settings, draw, heading, made_by
from dlfa.figures.gates import Range
from dlfa.figures.heat import attention_colours, boundaries, heat, row_height, token_axis
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
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
    height = row_height(len(sweep.tokens), look, TALLEST, LEAST)
    tall, gap = max(height * len(sweep.tokens), 5.0 * look.font), 2.2 * look.font
    lines = ceil(len(gates) / COLUMNS)
    total = lines * tall + (lines - 1) * gap
    panels = Panels(count=len(gates), columns=COLUMNS, across=0.025, down=gap / total)
    return draw(
        [_picture(gate) | panels.on(at) for at, gate in enumerate(gates)],
        look,
        title=_("figure.layers.title", kind=kind_word(kind)),
        subtitle=_subtitle(sweep, gates[0]),
        height=total,
        top=1.8 * look.font,
        bottom=4.6 * look.small,
        left=6.2 * look.small,
        axes=panels.axes(_channels(gates[0]), _tokens(sweep.tokens, look)),
        annotations=[
            *(panels.heading(at, look, _heading(gate)) for at, gate in enumerate(gates)),
            *_part_names(sweep.tokens, len(gates), look),
        ],
        shapes=boundaries(sweep.tokens, look, len(gates)),
        coloraxis=_colours(gates, scale, look),
    )


def _of_kind(sweep: GateSweep, kind: str) -> list[HeadGate]:
    return sorted((gate for gate in sweep.heads if gate.kind == kind), key=lambda gate: gate.layer)


def _nothing(kind: str, look: Look) -> go.Figure:
    hidden = {"visible": False}
    place = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
    return draw(
        [],
        look,
        title=_("figure.layers.title", kind=kind_word(kind)),
        height=5 * look.font,
        axes={"xaxis": hidden, "yaxis": hidden},
        annotations=[heading(look, _("figure.layers.none"), **place)],
    )


def binned(cells: Float[np.ndarray, "token dim"]) -> Float[np.ndarray, "token _"]:
    """Return averages of neighbouring channels: at most 96 columns."""
    edges = _edges(cells.shape[1])
    sums = np.add.reduceat(cells, edges[:-1], axis=1, dtype=np.float64)
    return (sums / np.diff(edges)).astype(cells.dtype)


def _edges(channels: int) -> list[int]:
    count = min(BINS, channels)
    return [at * channels // count for at in range(count + 1)]


def _picture(gate: HeadGate) -> Settings:
    return heat(binned(gate.attention), _("figure.layers.hover"))


def _heading(gate: HeadGate) -> str:
    sd = f"{gate.attention.std():.3f}"
    return _("figure.layers.panel", head=head_word(gate.head), sd=sd)


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


def _colours(gates: Sequence[HeadGate], scale: Range, look: Look) -> Settings:
    states = [gate.attention for gate in gates]
    states += [gate.noise for gate in gates if scale == "shared"]
    return attention_colours([binned(cells) for cells in states], scale, look)


def _channels(gate: HeadGate) -> Settings:
    """Return an x axis without labels; pointing at a column tells its channels."""
    spans = list(pairwise(_edges(gate.attention.shape[1])))
    names = {str(at): _span(first, end - 1) for at, (first, end) in enumerate(spans)}
    silent = {"showticklabels": False, "showgrid": False}
    return {"range": [-0.5, len(spans) - 0.5], "labelalias": names, **silent}


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _tokens(tokens: Tokens, look: Look) -> Settings:
    """Return a y axis without labels; pointing at a row tells its token."""
    return token_axis(tokens, 1, look) | {"showticklabels": False}


def _part_names(tokens: Tokens, pictures: int, look: Look) -> Iterator[Settings]:
    """Yield the words premise and hypothesis beside the first picture of every line."""
    at = 0
    for part, members in groupby(tokens.segment):
        length = len(list(members))
        for first in range(0, pictures, COLUMNS) if part != "special" else ():
            number = first + 1 if first else ""
            axes = {"xref": f"x{number} domain", "yref": f"y{number}"}
            place = {"x": 0, "xanchor": "right", "y": at + (length - 1) / 2}
            yield heading(look, _(f"figure.segment.{part}"), **axes, **place)
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
