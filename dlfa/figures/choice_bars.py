"""Would other sentences, or another seed, have chosen another layer? Bars for both."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.frame import Settings, draw, key
from dlfa.figures.palette import Look
from dlfa.figures.table_words import BEST, CHOSEN, seeds_word, way_word
from dlfa.figures.words import head_word, tenths
from dlfa.messages import _
from dlfa.results import Choice, Measured, head_gate, head_layer

__all__ = ["choice_bars", "describe_choice_bars"]

HEIGHT = 200  # px
WIDTH = 0.38  # of a bar, in layers


def choice_bars(found: Measured, look: Look) -> go.Figure:
    """Draw how often each layer is the highest: over draws of the test data, and over seeds.

    Args:
        found: with a choice.
        look: light or dark, desk or projector.

    Returns:
        bars per layer, in percent: full of the draws, hatched of the seeds where there are
        several; over them a star for the highest on all test data and a tick for the one that
        validation chooses; a dotted line at the even share.
    """
    taken = _taken(found)
    layers = np.array([float(head_layer(head) or 0) for head in taken.heads])
    colour = look.head_colour(head_gate(taken.heads[0]) or "paper")
    several = len(taken.seeds) > 1  # of one seed its own best layer would be all there is to see
    aside = WIDTH / 2 if several else 0.0
    bars = [_bars(layers - aside, taken.draws, taken, colour, "draws", "")]
    if several:
        bars.append(_bars(layers + aside, taken.shares, taken, colour, "seeds", "/"))
    even = 1 / len(layers)
    place = {"xref": "x domain", "x0": 0, "x1": 1, "yref": "y", "y0": even, "y1": even}
    line = {"type": "line", "line": {"color": look.text, "width": 1.2, "dash": "dot"}} | place
    return draw(
        [*bars, _signs(taken, layers, look)],
        look,
        title=_("figure.table.choice.title"),
        subtitle=f"{way_word(found.way)}<br>{seeds_word(found)}<br>{_key(taken, colour, look)}",
        height=HEIGHT,
        top=0.8 * look.font,
        bottom=3.4 * look.small,
        axes=_axes(taken, layers),
        shapes=[line],
    )


def _taken(found: Measured) -> Choice:
    if found.choice is None:
        raise ValueError("a picture of a choice needs one")
    return found.choice


def _bars(
    places: np.ndarray, shares: np.ndarray, taken: Choice, colour: str, of: str, pattern: str
) -> Settings:
    return {
        "type": "bar",
        "x": places,
        "y": shares,
        "width": WIDTH,
        "marker": {
            "color": colour,
            "pattern": {"shape": pattern, "size": 6, "fillmode": "replace", "fgcolor": colour},
            "line": {"color": colour, "width": 1},
        },
        "customdata": [head_word(head) for head in taken.heads],
        "hovertemplate": _(f"figure.table.choice.hover.{of}"),
    }


def _signs(taken: Choice, layers: np.ndarray, look: Look) -> Settings:
    """Mark the best on the test data, and the one that validation chooses."""
    texts = [
        (CHOSEN if head == taken.chosen_by_mean else "") + (BEST if head == taken.best else "")
        for head in taken.heads
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "x": layers,
        "y": _tops(taken),
        "text": texts,
        "textposition": "top center",
        "textfont": {"size": look.font, "color": look.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _tops(taken: Choice) -> Float[np.ndarray, " head"]:
    """Return how high the bars of each layer reach."""
    return np.maximum(taken.draws, taken.shares) if len(taken.seeds) > 1 else taken.draws


def _key(taken: Choice, colour: str, look: Look) -> str:
    bars = [(colour, "■", _("figure.table.choice.draws"))]
    if len(taken.seeds) > 1:
        bars.append((colour, "▨", _("figure.table.choice.seeds", count=len(taken.seeds))))
    signs = [(look.text, BEST, _("figure.table.choice.best"))]
    if taken.chosen_by_mean:
        signs.append((look.text, CHOSEN, _("figure.table.choice.chosen")))
    return f"{key(bars)}<br>{key(signs)}"


def _axes(taken: Choice, layers: np.ndarray) -> dict[str, Settings]:
    across = {
        "range": [float(layers.min()) - 0.5, float(layers.max()) + 0.5],
        "tickvals": layers.tolist(),
        "title": _("figure.shares.axis.layer"),
        "showgrid": False,
        "fixedrange": True,
    }
    highest = float(_tops(taken).max())
    up = {
        "range": [0, 1.15 * highest],
        "nticks": 5,
        "tickformat": ".0%",
        "title": _("figure.table.choice.axis"),
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": up}


def describe_choice_bars(found: Measured) -> str:
    """Return `choice_bars` in words."""
    taken = _taken(found)
    at = taken.heads.index(taken.best)
    return _(
        "figure.table.choice.alt",
        best=head_word(taken.best),
        draws=tenths(float(taken.draws[at])),
        seeds=tenths(float(taken.shares[at])),
        count=len(taken.seeds),
        even=tenths(1 / len(taken.heads)),
    )
