"""One cell of a gate: its row and its column, with their numbers."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.channels import channel_columns
from dlfa.figures.frame import Pixels, Settings, draw, key, origin
from dlfa.figures.palette import STATE_SYMBOLS, Look
from dlfa.figures.panels import Panels
from dlfa.figures.rows import Rows, boundaries, label_axis, row_height, token_rows
from dlfa.figures.values import state_word, values
from dlfa.figures.words import escape, head_word, percent, plain
from dlfa.messages import _
from dlfa.results import HeadGate, Provenance, Tokens

__all__ = ["cell_numbers", "describe_cell_numbers"]

SHOWN = ("noise", "trained")  # the trained gate on top
ACROSS = 190.0  # px of the upper panel
APART = 66.0  # px between the panels
TALLEST = 1000  # px of all rows before they shrink
LEAST = 4.0  # px of one row


def cell_numbers(
    gate: HeadGate,
    tokens: Tokens,
    look: Look,
    *,
    token: int,
    channel: int,
    made: Provenance | None = None,
) -> go.Figure:
    """Draw s of one token over all channels, and of one channel over all tokens.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        look: light or dark, desk or projector.
        token: its place in ``tokens``.
        channel: its index.
        made: named under the title where given, so that a saved picture says where it is from.

    Returns:
        above: the token's s, its channels sorted by it, the chosen one ringed; below: the
        channel's s token by token, the chosen one framed, its number beside every row that has
        room. Both with the untrained twin's, on one scale.

    Raises:
        IndexError: a token or a channel that is not there.
    """
    rows = token_rows(tokens)
    height = row_height(len(rows), look, TALLEST, LEAST)
    below = max(height * len(rows), 3 * look.font)
    total = ACROSS + APART + below
    panels = Panels(count=2, columns=1, down=APART / total, heights=(ACROSS, below))
    along = [trace | panels.on(0) for trace in _along(gate, token, channel, look)]
    down = [trace | panels.on(1) for trace in _down(gate, rows, channel, height, look)]
    return draw(
        [*along, *down],
        look,
        title=_("figure.cell.title", head=head_word(gate.head)),
        subtitle="<br>".join([*origin(made), *_subtitle(gate, tokens, token, channel, look)]),
        height=total,
        top=1.9 * look.small,
        bottom=3.6 * look.small,
        right=4.6 * look.small,
        axes=_axes(panels, gate, rows, token, channel, height, look),
        annotations=_headings(panels, tokens, token, channel, look),
        shapes=[*_frame(token, look), *_only_below(boundaries(rows.segment, look, 2))],
    )


def _along(gate: HeadGate, token: int, channel: int, look: Look) -> list[Settings]:
    """Return the token's s over the channels, and a ring around the chosen one."""
    order = channel_columns(gate.attention[token][None], "mean").channels
    place = int(np.flatnonzero(order == channel % len(order))[0])
    traces = []
    for state in SHOWN:
        cells = values(gate, "attention", state)[token]
        places = np.arange(len(order))
        traces.append(_points(gate, state, places, cells[order], 4, look))
    ring = {"symbol": "circle-open", "size": 13, "color": look.text, "line": {"width": 2}}
    marked = _points(gate, "trained", np.array([place]), gate.attention[token, [channel]], 13, look)
    return [*traces, marked | {"marker": ring}]


def _down(gate: HeadGate, rows: Rows, channel: int, height: Pixels, look: Look) -> list[Settings]:
    """Return the channel's s token by token, and the numbers at the right."""
    places, size = np.arange(len(rows)), min(9.0, max(3.0, 0.4 * height))
    traces = [
        _points(gate, state, values(gate, "attention", state)[:, channel], places, size, look)
        | {"customdata": rows.labels, "hovertemplate": _("figure.cell.hover.token")}
        for state in SHOWN
    ]
    return [*traces, _numbers(gate, channel, look)] if height > look.small else traces


def _numbers(gate: HeadGate, channel: int, look: Look) -> Settings:
    numbers = gate.attention[:, channel]
    return {
        "type": "scatter",
        "mode": "text",
        "x": np.full(len(numbers), 0.5 + _reach(gate, channel)),
        "y": np.arange(len(numbers)),
        "text": [f"\u2002{number:.4f}" for number in numbers],
        "textposition": "middle right",
        "textfont": {"size": look.small, "color": look.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _points(
    gate: HeadGate,
    state: str,
    x: Float[np.ndarray, " point"] | np.ndarray,
    y: Float[np.ndarray, " point"] | np.ndarray,
    size: Pixels,
    look: Look,
) -> Settings:
    colour = look.head_colour(gate.kind) if state == "trained" else look.muted
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "opacity": 1 if state == "trained" else 0.6,
        "marker": {"symbol": STATE_SYMBOLS[state][0], "size": size, "color": colour}
        | {"line": {"color": colour, "width": 1}},
        "name": state_word(gate, state),
        "hovertemplate": _("figure.cell.hover.channel"),
    }


def _reach(gate: HeadGate, channel: int) -> float:
    """Return the distance from 1/2 that holds the column, of both states."""
    column = np.concatenate([values(gate, "attention", state)[:, channel] for state in SHOWN])
    return max(0.01, 1.06 * float(np.abs(column - 0.5).max()))


def _axes(
    panels: Panels,
    gate: HeadGate,
    rows: Rows,
    token: int,
    channel: int,
    height: Pixels,
    look: Look,
) -> dict[str, Settings]:
    axes = panels.axes(
        {"title": _("figure.cell.axis.s"), "nticks": 6}, label_axis(rows.labels, height, look)
    )
    columns = channel_columns(gate.attention[token][None], "mean")
    axes["xaxis"] |= columns.axis() | {"title": _("figure.cell.axis.channels")}
    reach = _reach(gate, channel)
    axes["xaxis2"] |= {"range": [0.5 - reach, 0.5 + reach]}
    axes["yaxis2"].pop("matches")
    keep = ("domain", "anchor")
    axes["yaxis"] = {name: axes["yaxis"][name] for name in keep} | {"nticks": 5}
    axes["yaxis"] |= {"title": _("figure.cell.axis.s"), "automargin": True}
    return axes


def _frame(token: int, look: Look) -> list[Settings]:
    """Return the frame around the chosen token's row."""
    place = {"xref": "x2 domain", "x0": 0, "x1": 1, "yref": "y2", "y0": token - 0.5}
    line = {"color": look.text, "width": 1.5}
    return [{"type": "rect", "y1": token + 0.5, "line": line} | place]


def _only_below(shapes: list[Settings]) -> list[Settings]:
    return [shape for shape in shapes if shape["yref"] == "y2"]


def _headings(
    panels: Panels, tokens: Tokens, token: int, channel: int, look: Look
) -> list[Settings]:
    piece = escape(plain(tokens.pieces[token]))
    words = _("figure.cell.panel.token", token=piece), _("figure.cell.panel.channel", at=channel)
    return [panels.heading(at, look, text) for at, text in enumerate(words)]


def _subtitle(gate: HeadGate, tokens: Tokens, token: int, channel: int, look: Look) -> list[str]:
    numbers = _numbers_of(gate, tokens, token, channel)
    colours = {"trained": look.head_colour(gate.kind), "noise": look.muted}
    states = ((colours[one], STATE_SYMBOLS[one][1], state_word(gate, one)) for one in SHOWN[::-1])
    shown = numbers | {"token": escape(numbers["token"])}
    return [_("figure.cell.place", **shown), _("figure.cell.numbers", **shown), key(states)]


def _numbers_of(gate: HeadGate, tokens: Tokens, token: int, channel: int) -> dict[str, str]:
    at = token, channel
    return {
        "token": token_rows(tokens).names[token],
        "channel": str(channel),
        "s": f"{gate.attention[at]:.4f}",
        "twin": f"{gate.noise[at]:.4f}",
        "g": f"{gate.gate[at]:.4f}",
        "layer": str(gate.layer),
        "share": percent(float(gate.cell_share[at])),
    }


def describe_cell_numbers(gate: HeadGate, tokens: Tokens, *, token: int, channel: int) -> str:
    """Return `cell_numbers` in words: the cell's numbers, and where it stands in row and column.

    Raises:
        IndexError: a token or a channel that is not there.
    """
    value = gate.attention[token, channel]
    return _(
        "figure.cell.alt",
        head=head_word(gate.head),
        **_numbers_of(gate, tokens, token, channel),
        above=int((gate.attention[token] > value).sum()),
        channels=gate.attention.shape[1],
        tokens_above=int((gate.attention[:, channel] > value).sum()),
        tokens=len(tokens),
    )
