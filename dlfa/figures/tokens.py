"""One head's gate, token by token."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.frame import Pixels, Settings, draw, key, origin
from dlfa.figures.heat import Range
from dlfa.figures.palette import STATE_SYMBOLS, Look
from dlfa.figures.panels import Panels
from dlfa.figures.rows import Rows, boundaries, label_axis, row_height, token_rows
from dlfa.figures.values import STATES, state_word, values
from dlfa.figures.words import head_word, kind_word, percent
from dlfa.messages import _
from dlfa.results import HeadGate, Provenance, Tokens

__all__ = ["describe_token_summary", "token_summary"]

TALLEST = 1000  # px of all rows before they shrink
LEAST = 4.0  # px of one row
OFFSETS = {"trained": -0.24, "untrained": 0.0, "noise": 0.24}  # rows, so that bars do not overlap
OPACITIES = {"trained": 1.0, "untrained": 1.0, "noise": 0.6}


def token_summary(
    gate: HeadGate,
    tokens: Tokens,
    look: Look,
    *,
    scale: Range = "shared",
    merged: bool = False,
    made: Provenance | None = None,
) -> go.Figure:
    """Draw, token by token, the mean of s over channels, and the lower layer's share.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        look: light or dark, desk or projector.
        scale: whether the left panel holds both controls (``"shared"``) or fits the trained
            gate alone (``"own"``), the controls running out of it.
        merged: sub-words are averaged into words.
        made: named under the title where given, so that a saved picture says where it is from.

    Returns:
        left: mean ± one standard deviation over channels, trained and both controls, told apart
        by shape; right: ‖g⊙L1‖ / (‖g⊙L1‖ + ‖(1−g)⊙L2‖), in [0, 1], a bar as trained, a cross for
        the untrained twin.
    """
    rows = token_rows(tokens, merged)
    height = row_height(len(rows), look, TALLEST, LEAST)
    panels = Panels(count=2, columns=2, across=0.05, widths=(3.0, 2.0))
    means = [_means(gate, rows, state, height, look) | panels.on(0) for state in STATES]
    shares = [trace | panels.on(1) for trace in _shares(gate, rows, height, look)]
    return draw(
        [*means, *shares],
        look,
        title=_("figure.tokens.title", head=head_word(gate.head)),
        subtitle="<br>".join([kind_word(gate.kind), *origin(made), _key(gate, look)]),
        height=max(height * len(rows), 3 * look.font),
        top=3.2 * look.small,
        bottom=8,
        right=1.7 * look.small,
        axes=_axes(panels, gate, scale, label_axis(rows.labels, height, look)),
        shapes=[*boundaries(rows.segment, look, 2), _middle(look, "x"), _middle(look, "x2")],
    )


def _means(gate: HeadGate, rows: Rows, state: str, height: Pixels, look: Look) -> Settings:
    cells = rows.average(values(gate, "attention", state))
    colour = _colour(gate, state, look)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": cells.mean(1),
        "y": np.arange(len(cells)) + OFFSETS[state],
        "error_x": {"array": cells.std(1), "width": 0, "thickness": 1.5, "color": colour},
        "opacity": OPACITIES[state],
        "marker": _marker(state, height, colour),
        "name": state_word(gate, state),
        "customdata": rows.labels,
        "hovertemplate": _("figure.tokens.hover.mean"),
    }


def _marker(state: str, height: Pixels, colour: str) -> Settings:
    size = min(8.0, max(3.0, 0.36 * height))
    line = {"color": colour, "width": 1.5}
    return {"symbol": STATE_SYMBOLS[state][0], "size": size, "color": colour, "line": line}


def _colour(gate: HeadGate, state: str, look: Look) -> str:
    return look.head_colour(gate.kind) if state == "trained" else look.muted


def _key(gate: HeadGate, look: Look) -> str:
    return key(
        (_colour(gate, state, look), STATE_SYMBOLS[state][1], state_word(gate, state))
        for state in STATES
    )


def _shares(gate: HeadGate, rows: Rows, height: Pixels, look: Look) -> list[Settings]:
    """Return the bars of the trained gate's share and the crosses of the twin's."""
    common = {"y": np.arange(len(rows)), "customdata": rows.labels}
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": rows.average(gate.share),
        "width": 0.5,
        "marker": {"color": look.head_colour(gate.kind), "line": {"width": 0}},
        "hovertemplate": _("figure.tokens.hover.share"),
    }
    crosses = {
        "type": "scatter",
        "mode": "markers",
        "x": rows.average(gate.noise_share),
        "marker": _marker("noise", height, look.text),
        "hovertemplate": _("figure.tokens.hover.share.noise"),
    }
    return [bars | common, crosses | common]


def _middle(look: Look, axis: str) -> Settings:
    """Return the line at 1/2: both layers alike."""
    line = {"color": look.muted, "width": 1, "dash": "dot"}
    place = {"xref": axis, "x0": 0.5, "x1": 0.5, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, "layer": "below"} | place


def _axes(panels: Panels, gate: HeadGate, scale: Range, down: Settings) -> dict[str, Settings]:
    axes = panels.axes({"side": "top", "fixedrange": True}, down)
    controls = [] if scale == "own" else [gate.untrained, gate.noise]
    tick = _tick([gate.attention, *controls])
    axes["xaxis"] |= {
        "range": [0.5 - 1.25 * tick, 0.5 + 1.25 * tick],
        "tickvals": [0.5 - tick, 0.5, 0.5 + tick],
        "tickformat": ".3~f",
        "title": _(f"figure.tokens.axis.mean.{scale}"),
    }
    axes["xaxis2"] |= {
        "range": [0, 1],
        "tickvals": [0, 0.5, 1],
        "tickformat": ".0%",
        "title": _("figure.tokens.axis.share", layer=gate.layer),
    }
    return axes


def _tick(states: Sequence[Float[np.ndarray, "token dim"]]) -> float:
    """Return a round distance from 1/2 that is 4/5 of what mean ± sd needs, or a little more."""
    reach = max(float((np.abs(cells.mean(1) - 0.5) + cells.std(1)).max()) for cells in states)
    step = 0.05 if reach > 0.1 else 0.005
    return max(1.0, float(np.ceil(0.8 * reach / step))) * step


def describe_token_summary(gate: HeadGate, tokens: Tokens, *, merged: bool = False) -> str:
    """Return `token_summary` in words: the tokens that take most and least of the lower layer."""
    rows = token_rows(tokens, merged)
    share, means = rows.average(gate.share), rows.average(gate.attention.mean(1))
    high, low = int(share.argmax()), int(share.argmin())
    return _(
        "figure.tokens.alt",
        head=head_word(gate.head),
        tokens=len(tokens),
        least=f"{means.min():.3f}",
        most=f"{means.max():.3f}",
        layer=gate.layer,
        high=rows.names[high],
        high_share=percent(float(share[high])),
        low=rows.names[low],
        low_share=percent(float(share[low])),
    )
