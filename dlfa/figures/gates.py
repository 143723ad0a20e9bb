"""One head's gate on one sentence pair, always comparable with what chance draws."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.channels import Columns, Order, channel_columns
from dlfa.figures.frame import Settings, draw, origin
from dlfa.figures.heat import Range, attention_colours, gate_colours, heat, share_colours
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
from dlfa.figures.rows import Rows, boundaries, label_axis, row_height, token_rows
from dlfa.figures.values import STATES, Control, Quantity, What, state_word, values
from dlfa.figures.words import escape, head_word, kind_word, plain
from dlfa.messages import _
from dlfa.results import HeadGate, Provenance, Tokens

__all__ = [
    "against_name",
    "attention_heatmap",
    "cell_colours",
    "describe_attention_heatmap",
    "gate_with_control",
    "shown_columns",
]

TALLEST = 900  # px of all rows before they shrink
LEAST = 2.0  # px of one row
LONGEST_NAME = 24  # characters of what the other gate is called


def attention_heatmap(
    gate: HeadGate,
    tokens: Tokens,
    look: Look,
    *,
    what: What = "attention",
    order: Order = "index",
    scale: Range = "shared",
    groups: int = 0,
    merged: bool = False,
    against: HeadGate | None = None,
) -> go.Figure:
    """Draw one array of a gate: tokens from top to bottom, channels from left to right.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        look: light or dark, desk or projector.
        what: ``"attention"`` (s), ``"gate"`` (g as used), ``"share"`` (the lower layer's part of
            each cell), or s of a control: ``"untrained"`` (this module before training),
            ``"noise"`` (the untrained twin: standard initial weights).
        order: of the channels, see `dlfa.figures.channels.channel_columns`.
        scale: ``"shared"`` with both controls, so that all these pictures are comparable, or this
            array's ``"own"``, which shows what little there may be; the bar says which.
        groups: channels that are neighbours in this order are averaged into so many; 0: none.
        merged: sub-words are averaged into words; special tokens stay.
        against: for ``order="difference"``: another head's gate, or this head's on a translation.

    Returns:
        a heat map. s and the share are centred on 1/2; the gate as printed, which has no bounds,
        is centred on 0 and clipped to 99 % of its cells.

    Raises:
        ValueError: ``order="difference"`` without ``against``.
    """
    cells = {"": values(gate, what)}
    columns = shown_columns(gate, what, order, groups, against)
    title = _(f"figure.attention.title.{what}", head=head_word(gate.head))
    return _draw(cells, gate, token_rows(tokens, merged), columns, look, title, what, scale)


def gate_with_control(
    gate: HeadGate,
    tokens: Tokens,
    look: Look,
    *,
    control: Control = "noise",
    what: Quantity = "attention",
    order: Order = "index",
    scale: Range = "shared",
    groups: int = 0,
    merged: bool = False,
    against: HeadGate | None = None,
    against_word: str = "",
    made: Provenance | None = None,
) -> go.Figure:
    """Draw a gate after training (left) beside that of an untrained twin (right), on one scale.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        look: light or dark, desk or projector.
        control: ``"noise"`` or ``"untrained"``, as in `attention_heatmap`.
        what: s, g or the lower layer's share; the control's g and share are what its s makes of
            the same two layers.
        order: of the channels, by the trained side; the same on both.
        scale: ``"own"`` is the trained side's: the control may run out of it.
        groups: as in `attention_heatmap`, like the next two.
        merged: sub-words are averaged into words.
        against: for ``order="difference"``.
        against_word: what ``against`` is called: a head or a language; else its head's name.
        made: named under the title where given, so that a saved picture says where it is from.

    Returns:
        two heat maps with one colour axis; the heading of each gives its standard deviation.

    Raises:
        ValueError: ``order="difference"`` without ``against``.
    """
    found = {state: values(gate, what, state) for state in ("trained", control)}
    cells = {_heading(gate, state, array): array for state, array in found.items()}
    columns = shown_columns(gate, what, order, groups, against)
    title = _(f"figure.control.title.{what}", head=head_word(gate.head))
    other = escape(against_name(against, against_word))
    notes = [*_sorting(columns, other), *origin(made)]
    return _draw(cells, gate, token_rows(tokens, merged), columns, look, title, what, scale, notes)


def shown_columns(
    gate: HeadGate, what: What, order: Order, groups: int, against: HeadGate | None
) -> Columns:
    """Return the columns of one gate's pictures, by its trained side.

    Raises:
        ValueError: ``order="difference"`` without ``against``.
    """
    other = values(against, what) if against is not None else None
    return channel_columns(values(gate, what), order, groups, other)


def against_name(against: HeadGate | None, word: str) -> str:
    """Return what the other gate is called, for an alt text: as the caller says, or its head."""
    if word:
        return plain(word, LONGEST_NAME)
    return head_word(against.head) if against is not None else ""


def _sorting(columns: Columns, other: str) -> list[str]:
    """Return a line on what the order compares with and how channels are grouped, if they are."""
    words = []
    if columns.order == "difference":
        words.append(_("figure.control.order", other=other))
    if columns.grouped:
        words.append(_("figure.channels.groups", groups=len(columns)))
    return [" · ".join(words)] if words else []


def _heading(gate: HeadGate, state: str, cells: Float[np.ndarray, "token dim"]) -> str:
    return _("figure.control.panel", state=state_word(gate, state), sd=f"{cells.std():.3f}")


def _draw(
    pictures: Mapping[str, Float[np.ndarray, "token dim"]],
    gate: HeadGate,
    rows: Rows,
    columns: Columns,
    look: Look,
    title: str,
    what: What,
    scale: Range,
    notes: Sequence[str] = (),
) -> go.Figure:
    """Draw arrays by their headings side by side; ``notes``: further lines under the title."""
    drawn = {text: columns.of(rows.average(cells)) for text, cells in pictures.items()}
    whose = (
        [next(iter(drawn.values()))] if scale == "own" else _all_states(gate, what, rows, columns)
    )
    height = row_height(len(rows), look, TALLEST, LEAST)
    panels = Panels(count=len(drawn), columns=len(drawn), across=0.03)
    hover = _("figure.attention.hover.groups" if columns.grouped else "figure.attention.hover")
    return draw(
        [heat(cells, hover) | panels.on(at) for at, cells in enumerate(drawn.values())],
        look,
        title=title,
        subtitle="<br>".join(
            [*_subtitle(gate, rows, columns, len(drawn) > 1 and scale == "own"), *notes]
        ),
        height=max(height * len(rows), 5 * look.font),
        top=1.8 * look.small if len(drawn) > 1 else 0,
        bottom=7.6 * look.small,
        axes=panels.axes(_unnamed(columns.axis()), label_axis(rows.labels, height, look)),
        annotations=[
            panels.title_below(look, columns.title, ticks=columns.named),
            *(panels.heading(at, look, text) for at, text in enumerate(drawn) if text),
        ],
        shapes=boundaries(rows.segment, look, len(drawn)),
        coloraxis=cell_colours(gate.kind, what, whose, scale, look),
    )


def _subtitle(gate: HeadGate, rows: Rows, columns: Columns, fitted: bool) -> list[str]:
    """Return the lines under the title; ``fitted``: the second picture leaves the colours."""
    merged = len(rows) < len(rows.of_token)
    words = _(
        "figure.attention.subtitle.words" if merged else "figure.attention.subtitle",
        rows=len(rows),
        channels=len(columns.channels),
        kind=kind_word(gate.kind),
    )
    return [words, _("figure.control.fitted")] if fitted else [words]


def _unnamed(axis: Settings) -> Settings:
    return {name: value for name, value in axis.items() if name != "title"}


def _all_states(
    gate: HeadGate, what: What, rows: Rows, columns: Columns
) -> list[Float[np.ndarray, "row _"]]:
    """Return what a shared scale has to hold: the trained gate and both controls."""
    quantity = "attention" if what in STATES else what
    return [columns.of(rows.average(values(gate, quantity, state))) for state in STATES]


def cell_colours(
    kind: str, what: What, states: Sequence[Float[np.ndarray, "_ _"]], scale: Range, look: Look
) -> Settings:
    """Return the colour axis that suits what is shown; the aff gate is s itself."""
    if what == "share":
        return share_colours(states, scale, look)
    colours = gate_colours if what == "gate" and kind == "paper" else attention_colours
    return colours(states, scale, look)


def describe_attention_heatmap(
    gate: HeadGate, tokens: Tokens, *, what: What = "attention", merged: bool = False
) -> str:
    """Return `attention_heatmap` in words: its range, and the tokens with the extreme means."""
    rows = token_rows(tokens, merged)
    cells = rows.average(values(gate, what))
    means = cells.mean(1)
    high, low = int(means.argmax()), int(means.argmin())
    return _(
        "figure.attention.alt.words" if merged else "figure.attention.alt",
        title=_(f"figure.attention.title.{what}", head=head_word(gate.head)),
        rows=len(rows),
        channels=cells.shape[1],
        least=f"{cells.min():.3f}",
        most=f"{cells.max():.3f}",
        mean=f"{cells.mean():.3f}",
        high=rows.names[high],
        high_mean=f"{means[high]:.3f}",
        low=rows.names[low],
        low_mean=f"{means[low]:.3f}",
    )
