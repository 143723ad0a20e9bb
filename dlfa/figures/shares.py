"""How much of the fused vector comes from the lower layer, layer by layer."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.frame import Pixels, Settings, draw, key, made_by
from dlfa.figures.palette import STATE_SYMBOLS, Look
from dlfa.figures.rows import token_rows
from dlfa.figures.words import escape, head_word, kind_word, plain, tenths
from dlfa.messages import _
from dlfa.results import GateSweep, HeadGate

__all__ = ["SHAPES", "describe_share_by_layer", "share_by_layer"]

SHAPES = {  # marker, the sign that looks like it, line, offset
    "paper": ("circle", "●", "solid", -0.08),
    "aff": ("diamond-open", "◇", "dash", 0.08),
}
TOKEN = {"paper": "star", "aff": "star-open"}
HEIGHT = 260  # px


def share_by_layer(sweep: GateSweep, look: Look, *, token: int | None = None) -> go.Figure:
    """Draw the lower layer's share against the fusion layer x, for both kinds of gate.

    Args:
        sweep: at least one head.
        look: light or dark, desk or projector.
        token: one token's own curve besides, by its place in ``sweep.tokens``.

    Returns:
        per head the mean over all tokens, in [0, 1], ± one standard deviation over tokens; muted
        the untrained twin's mean, which the same two layers give by chance.

    Raises:
        IndexError: a token the pair does not have.
    """
    kinds = _by_kind(sweep)
    own = [] if token is None else [_token(gates, token, look) for gates in kinds]
    return draw(
        [*(_twin(gates, look) for gates in kinds), *(_line(gates, look) for gates in kinds), *own],
        look,
        title=_("figure.shares.title"),
        subtitle="<br>".join(_subtitle(sweep, token, look)),
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
    colour = look.head_colour(gates[0].kind)
    bars = np.array([gate.share.std() for gate in gates])
    means = np.array([gate.share.mean() for gate in gates])
    marker = {"symbol": SHAPES[gates[0].kind][0], "size": look.small - 3}
    return _curve(gates, means, colour, marker) | {
        "error_y": {"array": bars, "width": 0, "thickness": 1.5, "color": colour},
        "hovertemplate": _("figure.shares.hover"),
    }


def _twin(gates: list[HeadGate], look: Look) -> Settings:
    means = np.array([gate.noise_share.mean() for gate in gates])
    marker = {"symbol": STATE_SYMBOLS["noise"][0], "size": look.small - 5}
    thin = {"hovertemplate": _("figure.shares.hover.twin"), "opacity": 0.75}
    return _curve(gates, means, look.muted, marker, 1) | thin


def _token(gates: list[HeadGate], token: int, look: Look) -> Settings:
    """Return one token's own curve: stars, in the ink of text."""
    shares = np.array([gate.share[token] for gate in gates])
    marker = {"symbol": TOKEN[gates[0].kind], "size": look.small - 1}
    hover = {"hovertemplate": _("figure.shares.hover.token")}
    return _curve(gates, shares, look.text, marker, 1) | hover


def _curve(
    gates: list[HeadGate],
    heights: Float[np.ndarray, " layer"],
    colour: str,
    marker: Settings,
    width: Pixels = 2,
) -> Settings:
    _symbol, _sign, dash, offset = SHAPES[gates[0].kind]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": np.array([gate.layer + offset for gate in gates]),
        "y": heights,
        "line": {"color": colour, "dash": dash, "width": width},
        "marker": {"color": colour, "line": {"color": colour, "width": width}} | marker,
        "name": kind_word(gates[0].kind),
        "customdata": [head_word(gate.head) for gate in gates],
    }


def _subtitle(sweep: GateSweep, token: int | None, look: Look) -> list[str]:
    kinds = [gates[0].kind for gates in _by_kind(sweep)]
    trained = [(look.head_colour(kind), SHAPES[kind][1], kind_word(kind)) for kind in kinds]
    others = [(look.muted, STATE_SYMBOLS["noise"][1], _("figure.state.noise"))]
    if token is not None:
        others.append((look.text, "★", escape(plain(sweep.tokens.pieces[token]))))
    words = _("figure.shares.subtitle", model=made_by(sweep.provenance))
    return [words, key(trained), key(others)]


def describe_share_by_layer(sweep: GateSweep, *, token: int | None = None) -> str:
    """Return `share_by_layer` in words: per kind of gate the layers with most and least.

    Raises:
        IndexError: a token the pair does not have.
    """
    told = [_describe(gates) for gates in _by_kind(sweep)]
    if token is not None:
        shares = [float(gate.share[token]) for gate in sweep.heads]
        words = token_rows(sweep.tokens).names[token]
        low, high = tenths(min(shares)), tenths(max(shares))
        told.append(_("figure.shares.alt.token", token=words, low=low, high=high))
    return " ".join(told)


def _describe(gates: list[HeadGate]) -> str:
    by_share = sorted(gates, key=lambda gate: float(gate.share.mean()))
    low, high = by_share[0], by_share[-1]
    return _(
        "figure.shares.alt",
        kind=kind_word(low.kind),
        low=head_word(low.head),
        low_share=tenths(float(low.share.mean())),
        high=head_word(high.head),
        high_share=tenths(float(high.share.mean())),
        twin=tenths(float(np.mean([gate.noise_share.mean() for gate in gates]))),
    )
