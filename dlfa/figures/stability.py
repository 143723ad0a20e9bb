"""Would another sample of examples have chosen another layer? The bootstrap of the best one."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.frame import Settings, draw, key, origin
from dlfa.figures.palette import Look
from dlfa.figures.scores import count
from dlfa.figures.words import head_word, kind_word, tenths
from dlfa.messages import _
from dlfa.results import Provenance, Stability, head_layer

__all__ = ["describe_stability", "stability_bars"]

PATTERNS = {"paper": "", "aff": "/"}
HEIGHT = 200  # px


def stability_bars(
    stability: Stability, look: Look, *, made: Provenance | None = None
) -> go.Figure:
    """Draw how often each layer is the best when the premises are drawn again.

    Args:
        stability: of one kind of gate.
        look: light or dark, desk or projector.
        made: named in small print where given.

    Returns:
        a bar per layer, in percent of the draws; a star over the layer that is best on all
        examples; a dotted line at the even share, which equal layers would have: the zero line.
    """
    return draw(
        [_bars(stability, look), _star(stability, look)],
        look,
        title=_("figure.stability.title"),
        subtitle="<br>".join([*_subtitle(stability, look), *origin(made)]),
        height=HEIGHT,
        top=0.8 * look.font,
        bottom=3.4 * look.small,
        axes=_axes(stability),
        shapes=[_even(stability, look)],
    )


def _layers(stability: Stability) -> Float[np.ndarray, " head"]:
    return np.array([head_layer(head) or 0 for head in stability.heads], dtype=float)


def _bars(stability: Stability, look: Look) -> Settings:
    colour = look.head_colour(stability.kind)
    pattern = {"shape": PATTERNS[stability.kind], "size": 6, "fillmode": "replace"}
    return {
        "type": "bar",
        "x": _layers(stability),
        "y": stability.share,
        "width": 0.7,
        "marker": {"color": colour, "pattern": pattern | {"fgcolor": colour}}
        | {"line": {"color": colour, "width": 1}},
        "customdata": [head_word(head) for head in stability.heads],
        "hovertemplate": _("figure.stability.hover"),
    }


def _star(stability: Stability, look: Look) -> Settings:
    best = [stability.heads.index(stability.best)]
    return {
        "type": "scatter",
        "mode": "text",
        "x": _layers(stability)[best],
        "y": stability.share[best],
        "text": ["★"],
        "textposition": "top center",
        "textfont": {"size": look.font, "color": look.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _even(stability: Stability, look: Look) -> Settings:
    even = 1 / len(stability.heads)
    place = {"xref": "x domain", "x0": 0, "x1": 1, "yref": "y", "y0": even, "y1": even}
    return {"type": "line", "line": {"color": look.text, "width": 1.2, "dash": "dot"}} | place


def _axes(stability: Stability) -> dict[str, Settings]:
    layers = _layers(stability).tolist()
    across = {
        "range": [min(layers) - 0.5, max(layers) + 0.5],
        "tickvals": layers,
        "title": _("figure.shares.axis.layer"),
        "showgrid": False,
        "fixedrange": True,
    }
    up = {
        "range": [0, 1.15 * float(stability.share.max())],
        "nticks": 5,
        "tickformat": ".0%",
        "title": _("figure.stability.axis"),
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": up}


def _subtitle(stability: Stability, look: Look) -> list[str]:
    heads = len(stability.heads)
    even = _("figure.stability.even", percent=tenths(1 / heads), heads=heads)
    signs = [(look.text, "★", _("figure.stability.best")), (look.text, "┈", even)]
    size = {"kind": kind_word(stability.kind), "draws": count(stability.draws)}
    return [_("figure.stability.subtitle", **size), key(signs)]


def describe_stability(stability: Stability) -> str:
    """Return `stability_bars` in words: the best layer, its rival, the even share."""
    first = stability.heads.index(stability.best)
    others = [at for at in range(len(stability.heads)) if at != first]
    rival = max(others, key=lambda at: float(stability.share[at]))
    return _(
        "figure.stability.alt",
        kind=kind_word(stability.kind),
        best=head_word(stability.best),
        held=tenths(stability.held),
        rival=head_word(stability.heads[rival]),
        rival_share=tenths(float(stability.share[rival])),
        even=tenths(1 / len(stability.heads)),
    )
