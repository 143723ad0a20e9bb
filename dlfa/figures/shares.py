"""How much of the fused vector comes from the lower layer, layer by layer."""

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import Settings, draw, key, made_by
from dlfa.figures.palette import Look
from dlfa.figures.words import head_word, kind_word, percent
from dlfa.messages import _
from dlfa.results import GateSweep, HeadGate

__all__ = ["describe_share_by_layer", "share_by_layer"]

SHAPES = {  # marker, the sign that looks like it, line, offset
    "paper": ("circle", "●", "solid", -0.08),
    "aff": ("diamond-open", "◇", "dash", 0.08),
}
HEIGHT = 260  # px


def share_by_layer(sweep: GateSweep, look: Look) -> go.Figure:
    """Draw the lower layer's share against the fusion layer x, for both kinds of gate.

    Args:
        sweep: at least one head.
        look: light or dark, desk or projector.

    Returns:
        per head the mean over all tokens, in [0, 1], ± one standard deviation over tokens.
    """
    words = _("figure.shares.subtitle", model=made_by(sweep.provenance))
    return draw(
        [_line(gates, look) for gates in _by_kind(sweep)],
        look,
        title=_("figure.shares.title"),
        subtitle=f"{words}<br>{_key(sweep, look)}",
        height=HEIGHT,
        top=0.6 * look.font,
        bottom=3.6 * look.small,
        axes=_axes(sorted({gate.layer for gate in sweep.heads})),
    )


def _axes(layers: list[int]) -> dict[str, Settings]:
    across = {
        "tickvals": layers,
        "range": [layers[0] - 0.5, layers[-1] + 0.5],
        "title": _("figure.shares.axis.layer"),
        "showgrid": False,
        "fixedrange": True,
    }
    up = {
        "range": [0, 1],
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "tickformat": ".0%",
        "title": _("figure.shares.axis.share"),
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": up}


def _by_kind(sweep: GateSweep) -> list[list[HeadGate]]:
    """Return the gates of each kind that is there, lowest layer first."""
    gates = sorted(sweep.heads, key=lambda gate: gate.layer)
    kinds = ([gate for gate in gates if gate.kind == kind] for kind in SHAPES)
    return [members for members in kinds if members]


def _line(gates: list[HeadGate], look: Look) -> Settings:
    symbol, _sign, dash, offset = SHAPES[gates[0].kind]
    colour = look.head_colour(gates[0].kind)
    bars = np.array([gate.share.std() for gate in gates])
    marker = {"symbol": symbol, "size": look.small - 3, "color": colour}
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": np.array([gate.layer + offset for gate in gates]),
        "y": np.array([gate.share.mean() for gate in gates]),
        "error_y": {"array": bars, "width": 0, "thickness": 1.5, "color": colour},
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": marker | {"line": {"color": colour, "width": 2}},
        "name": kind_word(gates[0].kind),
        "customdata": [head_word(gate.head) for gate in gates],
        "hovertemplate": _("figure.shares.hover"),
    }


def _key(sweep: GateSweep, look: Look) -> str:
    kinds = [gates[0].kind for gates in _by_kind(sweep)]
    return key((look.head_colour(kind), SHAPES[kind][1], kind_word(kind)) for kind in kinds)


def describe_share_by_layer(sweep: GateSweep) -> str:
    """Return `share_by_layer` in words: per kind of gate the layers with most and least."""
    return " ".join(_describe(gates) for gates in _by_kind(sweep))


def _describe(gates: list[HeadGate]) -> str:
    by_share = sorted(gates, key=lambda gate: float(gate.share.mean()))
    low, high = by_share[0], by_share[-1]
    return _(
        "figure.shares.alt",
        kind=kind_word(low.kind),
        low=head_word(low.head),
        low_share=percent(float(low.share.mean())),
        high=head_word(high.head),
        high_share=percent(float(high.share.mean())),
    )
