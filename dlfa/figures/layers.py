"""Every fusion layer's gate, from one encoder pass."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil
from typing import Literal

import plotly.graph_objects as go

from dlfa.figures.channels import Columns, channel_columns
from dlfa.figures.frame import Settings, draw, heading, made_by, nothing
from dlfa.figures.heat import Range, attention_colours, heat
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
from dlfa.figures.rows import Rows, boundaries, label_axis, row_height, token_rows
from dlfa.figures.words import escape, head_word, kind_word
from dlfa.messages import _, of_task
from dlfa.results import GateSweep, HeadGate

__all__ = ["describe_layer_multiples", "layer_multiples"]

Kind = Literal["paper", "aff"]

BINS = 96  # columns of a small picture
COLUMNS = 3  # pictures side by side: what a phone can show
TALLEST = 190  # px of a small picture before its rows shrink
LEAST = 0.6  # px of one row


def layer_multiples(
    sweep: GateSweep,
    look: Look,
    kind: Kind = "paper",
    *,
    scale: Range = "shared",
    merged: bool = False,
) -> go.Figure:
    """Draw the attention s of every fusion layer, small, on one scale.

    Args:
        sweep: at least one head of this kind, else the figure says that there is none.
        look: light or dark, desk or projector.
        kind: gate as printed or ``aff``.
        scale: ``"shared"`` with these layers' untrained twins, or these pictures' ``"own"``; the
            colour bar says which.
        merged: sub-words are averaged into words.

    Returns:
        one token x channel heat map per layer, lowest first, on one scale; the heading of each
        gives its standard deviation and its twin's. Neighbouring channels are averaged into at
        most 96 columns, and the subtitle says so.
    """
    gates = _of_kind(sweep, kind)
    if not gates:
        words = _("figure.layers.none")
        return nothing(_("figure.layers.title", kind=kind_word(kind)), words, look)
    rows = token_rows(sweep.tokens, merged)
    columns = channel_columns(gates[0].attention, groups=BINS)
    height = row_height(len(rows), look, TALLEST, LEAST)
    tall, gap = max(height * len(rows), 5.0 * look.font), 2.2 * look.font
    lines = ceil(len(gates) / COLUMNS)
    total = lines * tall + (lines - 1) * gap
    panels = Panels(count=len(gates), columns=COLUMNS, across=0.025, down=gap / total)
    return draw(
        [_picture(gate, rows, columns) | panels.on(at) for at, gate in enumerate(gates)],
        look,
        title=_("figure.layers.title", kind=kind_word(kind)),
        subtitle=_subtitle(sweep, rows, columns),
        height=total,
        top=1.8 * look.font,
        bottom=4.6 * look.small,
        left=6.2 * look.small,
        axes=panels.axes(_silent(columns.axis()), _silent(label_axis(rows.labels, 1, look))),
        annotations=[
            *(panels.heading(at, look, _heading(gate)) for at, gate in enumerate(gates)),
            *_part_names(rows, len(gates), look, sweep.provenance.task),
        ],
        shapes=boundaries(rows.segment, look, len(gates)),
        coloraxis=_colours(gates, rows, columns, scale, look),
    )


def _of_kind(sweep: GateSweep, kind: str) -> list[HeadGate]:
    return sorted((gate for gate in sweep.heads if gate.kind == kind), key=lambda gate: gate.layer)


def _picture(gate: HeadGate, rows: Rows, columns: Columns) -> Settings:
    return heat(columns.of(rows.average(gate.attention)), _("figure.layers.hover"))


def _heading(gate: HeadGate) -> str:
    """Return a panel's name and deviations; short, for three of them share a phone's width."""
    sds = (f"{cells.std():.2f}".removeprefix("0") for cells in (gate.attention, gate.noise))
    head = head_word(gate.head.removesuffix("_aff"))  # the title names the kind of the gate
    return _("figure.layers.panel", head=head, **dict(zip(("sd", "twin"), sds, strict=True)))


def _subtitle(sweep: GateSweep, rows: Rows, columns: Columns) -> str:
    made = sweep.provenance
    return _(
        "figure.layers.subtitle.binned" if columns.grouped else "figure.layers.subtitle",
        rows=len(rows),
        channels=len(columns.channels),
        columns=len(columns),
        model=made_by(made),
        init=escape(made.gate_init),
    )


def _colours(
    gates: Sequence[HeadGate], rows: Rows, columns: Columns, scale: Range, look: Look
) -> Settings:
    states = [gate.attention for gate in gates]
    states += [gate.noise for gate in gates if scale == "shared"]
    return attention_colours([columns.of(rows.average(cells)) for cells in states], scale, look)


def _silent(axis: Settings) -> Settings:
    """Return an axis without labels; pointing at a cell still tells its token and channels."""
    return {name: value for name, value in axis.items() if name != "title"} | {
        "showticklabels": False
    }


def _part_names(rows: Rows, pictures: int, look: Look, task: str) -> Iterator[Settings]:
    """Yield what the task calls the two sentences beside the first picture of every line."""
    at = 0
    for part, members in groupby(rows.segment):
        length = len(list(members))
        for first in range(0, pictures, COLUMNS) if part != "special" else ():
            number = first + 1 if first else ""
            axes = {"xref": f"x{number} domain", "yref": f"y{number}"}
            place = {"x": 0, "xanchor": "right", "y": at + (length - 1) / 2}
            yield heading(look, of_task(f"figure.segment.{part}", task), **axes, **place)
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
