"""One head's gate, token by token."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float
from plotly.subplots import make_subplots

from dlfa.figures.frame import key, layout
from dlfa.figures.gates import STATES, Range, values
from dlfa.figures.heat import boundaries, row_height, token_axis
from dlfa.figures.palette import STATE_SYMBOLS, Look
from dlfa.figures.words import head_word, kind_word, percent, plain, token_labels
from dlfa.messages import _
from dlfa.results import HeadGate, Tokens

__all__ = ["describe_token_summary", "token_summary"]

TALLEST = 1000  # px of all rows before they shrink
LEAST = 4.0  # px of one row
OFFSETS = {"trained": -0.24, "untrained": 0.0, "noise": 0.24}  # rows, so that bars do not overlap
OPACITIES = {"trained": 1.0, "untrained": 1.0, "noise": 0.6}


def token_summary(
    gate: HeadGate, tokens: Tokens, look: Look, *, scale: Range = "shared"
) -> go.Figure:
    """Draw, token by token, the mean of s over channels, and the lower layer's share.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        look: light or dark, desk or projector.
        scale: whether the left panel holds both controls (``"shared"``) or fits the trained
            gate alone (``"own"``), the controls running out of it.

    Returns:
        left: mean ± one standard deviation over channels, trained and both controls, told apart
        by shape; right: ‖g⊙L1‖ / (‖g⊙L1‖ + ‖(1−g)⊙L2‖), in [0, 1].
    """
    height = row_height(len(tokens), look, TALLEST, LEAST)
    figure = make_subplots(
        1, 2, shared_yaxes=True, horizontal_spacing=0.05, column_widths=[0.6, 0.4]
    )
    for state in STATES:
        figure.add_trace(_means(gate, tokens, state, height, look), 1, 1)
    figure.add_trace(_shares(gate, tokens, height, look), 1, 2)
    layout(
        figure,
        look,
        title=_("figure.tokens.title", head=head_word(gate.head)),
        subtitle=f"{kind_word(gate.kind)}<br>{_key(gate, look)}",
        height=max(round(height * len(tokens)), 3 * look.font),
        top=3.2 * look.small,
        bottom=8,
    )
    figure.update_layout(
        shapes=[*boundaries(tokens, look, 2), _middle(look, "x"), _middle(look, "x2")],
    )
    _axes(figure, gate, scale, look)
    figure.update_yaxes(token_axis(tokens, height, look))
    return figure


def _means(gate: HeadGate, tokens: Tokens, state: str, height: float, look: Look) -> go.Scatter:
    cells = values(gate, STATES[state])
    colour = _colour(gate, state, look)
    symbol = {"symbol": STATE_SYMBOLS[state][0], "size": min(8.0, max(3.0, 0.36 * height))}
    return go.Scatter(
        x=cells.mean(1),
        y=np.arange(len(cells)) + OFFSETS[state],
        error_x={"array": cells.std(1), "width": 0, "thickness": 1.5, "color": colour},
        mode="markers",
        opacity=OPACITIES[state],
        marker=symbol | {"color": colour, "line": {"color": colour, "width": 1.5}},
        name=_(f"figure.state.{state}"),
        customdata=token_labels(tokens),
        hovertemplate=_("figure.tokens.hover.mean"),
    )


def _colour(gate: HeadGate, state: str, look: Look) -> str:
    return look.head_colour(gate.kind) if state == "trained" else look.muted


def _key(gate: HeadGate, look: Look) -> str:
    return key(
        (_colour(gate, state, look), STATE_SYMBOLS[state][1], _(f"figure.state.{state}"))
        for state in STATES
    )


def _shares(gate: HeadGate, tokens: Tokens, height: float, look: Look) -> go.Bar:
    return go.Bar(
        x=gate.share,
        y=np.arange(len(gate.share)),
        orientation="h",
        width=0.5,
        marker={"color": look.head_colour(gate.kind), "line_width": 0},
        customdata=token_labels(tokens),
        hovertemplate=_("figure.tokens.hover.share"),
    )


def _middle(look: Look, axis: str) -> dict[str, object]:
    """Return the line at 1/2: both layers alike."""
    line = {"color": look.muted, "width": 1, "dash": "dot"}
    place = {"xref": axis, "x0": 0.5, "x1": 0.5, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, "layer": "below"} | place


def _axes(figure: go.Figure, gate: HeadGate, scale: Range, look: Look) -> None:
    tick = _tick(
        [gate.attention] if scale == "own" else [gate.attention, gate.untrained, gate.noise]
    )
    ends = [0.5 - 1.25 * tick, 0.5 + 1.25 * tick]
    mean, share = (
        _(f"figure.tokens.axis.mean.{scale}"),
        _("figure.tokens.axis.share", layer=gate.layer),
    )
    figure.update_xaxes(side="top", fixedrange=True)
    figure.update_xaxes(range=ends, tickvals=[0.5 - tick, 0.5, 0.5 + tick], col=1)
    figure.update_xaxes(tickformat=".2~f" if tick >= 0.05 else ".3~f", title_text=mean, col=1)
    figure.update_xaxes(range=[0, 1], tickvals=[0, 0.5, 1], tickformat=".0%", col=2)
    figure.update_xaxes(title_text=share, col=2)


def _tick(states: Sequence[Float[np.ndarray, "token dim"]]) -> float:
    """Return a round distance from 1/2 that is 4/5 of what mean ± sd needs, or a little more."""
    reach = max(float((np.abs(cells.mean(1) - 0.5) + cells.std(1)).max()) for cells in states)
    step = 0.05 if reach > 0.1 else 0.005
    return max(1.0, float(np.ceil(0.8 * reach / step))) * step


def describe_token_summary(gate: HeadGate, tokens: Tokens) -> str:
    """Return `token_summary` in words: the tokens that take most and least of the lower layer."""
    high, low = int(gate.share.argmax()), int(gate.share.argmin())
    means = gate.attention.mean(1)
    return _(
        "figure.tokens.alt",
        head=head_word(gate.head),
        tokens=len(tokens),
        least=f"{means.min():.3f}",
        most=f"{means.max():.3f}",
        layer=gate.layer,
        high=plain(tokens.pieces[high]),
        high_share=percent(float(gate.share[high])),
        low=plain(tokens.pieces[low]),
        low_share=percent(float(gate.share[low])),
    )
