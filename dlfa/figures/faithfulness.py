"""Words taken away, and put in, by their scores: two curves over what random orders give."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.attributed import AGAINST, FOR
from dlfa.figures.attribution_words import faithfulness_verdict, method_word
from dlfa.figures.frame import Settings, draw, heading, key, made_by
from dlfa.figures.palette import Look
from dlfa.figures.tables import Row, source
from dlfa.figures.words import decimals, escape, head_word, label_word
from dlfa.messages import _
from dlfa.results.attributions import Faithfulness

__all__ = ["describe_faithfulness_curves", "faithfulness_curves", "faithfulness_table"]

HEIGHT = 340  # px
DOMAINS = {"deletion": [0.58, 1.0], "insertion": [0.0, 0.42]}
COLOURS = {"deletion": AGAINST, "insertion": FOR}
SYMBOLS = {"deletion": ("circle", "●"), "insertion": ("diamond", "◆")}


def faithfulness_curves(found: Faithfulness, look: Look) -> go.Figure:
    """Draw a label's probability against the share of words taken away, and put in.

    Args:
        found: both curves and the random orders'.
        look: light or dark, desk or projector.

    Returns:
        above deletion, which should fall at once, below insertion, which should rise at once; grey
        between the lowest and the highest random order at each point, dotted their mean.
    """
    traces: list[Settings] = []
    axes: dict[str, Settings] = {}
    for at, curve in enumerate(DOMAINS):
        place = {"xaxis": "x" if not at else "x2", "yaxis": "y" if not at else "y2"}
        traces += [trace | place for trace in _traces(found, curve, look)]
        axes |= _axes(curve, "" if not at else "2")
    return draw(
        traces,
        look,
        title=_("figure.faithfulness.title"),
        subtitle="<br>".join(_subtitle(found, look)),
        height=HEIGHT,
        top=1.2 * look.font,
        bottom=3.4 * look.small,
        axes=axes,
        annotations=[
            heading(
                look,
                _(f"figure.faithfulness.curve.{curve}", area=decimals(found.areas[at], 2)),
                x=0,
                y=DOMAINS[curve][1],
                xref="paper",
                yref="paper",
                xanchor="left",
                yanchor="bottom",
            )
            for at, curve in enumerate(DOMAINS)
        ],
    )


def _traces(found: Faithfulness, curve: str, look: Look) -> list[Settings]:
    own: Float[np.ndarray, " point"] = getattr(found, curve)
    drawn: Float[np.ndarray, "draw point"] = getattr(found, f"random_{curve}")
    there_and_back = np.concatenate([found.shares, found.shares[::-1]])
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": there_and_back,
        "y": np.concatenate([drawn.min(0), drawn.max(0)[::-1]]),
        "fill": "toself",
        "fillcolor": look.grid,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    mean = {
        "type": "scatter",
        "mode": "lines",
        "x": found.shares,
        "y": drawn.mean(0),
        "line": {"color": look.muted, "width": 1.5, "dash": "dot"},
        "hovertemplate": _("figure.faithfulness.hover.random"),
    }
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": found.shares,
        "y": own,
        "line": {"color": COLOURS[curve], "width": 2},
        "marker": {"symbol": SYMBOLS[curve][0], "size": look.small - 4, "color": COLOURS[curve]},
        "hovertemplate": _("figure.faithfulness.hover"),
    }
    return [band, mean, line]


def _axes(curve: str, number: str) -> dict[str, Settings]:
    across: Settings = {"range": [-0.02, 1.02], "tickformat": ".0%", "anchor": f"y{number}"}
    across |= {"nticks": 6, "fixedrange": True}
    if number:
        across["title"] = _("figure.faithfulness.axis")
    up: Settings = {"range": [-0.03, 1.03], "tickvals": [0, 0.5, 1], "tickformat": ".0%"}
    up |= {"domain": DOMAINS[curve], "anchor": f"x{number}", "fixedrange": True}
    return {f"xaxis{number}": across, f"yaxis{number}": up | {"automargin": True}}


def _subtitle(found: Faithfulness, look: Look) -> list[str]:
    label = escape(label_word(found.label))
    who = f"{head_word(found.head)} · {label} · {method_word(found.method)}"
    signs = [
        *(
            (COLOURS[curve], SYMBOLS[curve][1], _(f"figure.faithfulness.key.{curve}"))
            for curve in DOMAINS
        ),
        (look.muted, "┄", _("figure.faithfulness.key.random", draws=found.draws)),
    ]
    return [f"{who} · {made_by(found.provenance)}", key(signs)]


def describe_faithfulness_curves(found: Faithfulness) -> str:
    """Return `faithfulness_curves` in words: both areas beside those of random orders."""
    return faithfulness_verdict(found)


def faithfulness_table(found: Faithfulness) -> list[Row]:
    """Return one row per point, with the random orders' mean, lowest and highest."""
    made: Row = {
        "head": found.head,
        "label": found.label,
        "method": found.method,
        "baseline": found.baseline,
        "draws": found.draws,
        "seed": found.seed,
        **source(found.provenance),
    }
    rows: list[Row] = []
    for at, share in enumerate(found.shares.tolist()):
        row: Row = {"share": share}
        for curve in DOMAINS:
            drawn = getattr(found, f"random_{curve}")[:, at]
            row |= {
                curve: float(getattr(found, curve)[at]),
                f"random_{curve}": float(drawn.mean()),
                f"random_{curve}_lowest": float(drawn.min()),
                f"random_{curve}_highest": float(drawn.max()),
            }
        rows.append(row | made)
    return rows
