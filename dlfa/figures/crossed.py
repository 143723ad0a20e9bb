"""Two heads, or two models, over many pairs: who answers what."""

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.comparisons import LONGEST_NAME
from dlfa.figures.frame import Settings, draw
from dlfa.figures.palette import Look, ink
from dlfa.figures.words import escape, label_word, plain
from dlfa.messages import _
from dlfa.results.comparisons import Duel

__all__ = ["answers_crossed", "describe_answers_crossed"]

AGREE, DIFFER = "#CFE3F3", "#F6D3B3"  # grounds of the diagonal and of other pairs: black ink


def answers_crossed(duel: Duel, look: Look) -> go.Figure:
    """Draw how often A and B give which answers: agreement lies on the diagonal.

    Args:
        duel: the answers of two to the same pairs.
        look: light or dark, desk or projector.
    """
    size = len(duel.labels)
    words = _("figure.crossed.subtitle", n=duel.n, differ=len(duel.differ))
    return draw(
        [_grounds(duel.counts), _counts(duel.counts, look)],
        look,
        title=_("figure.crossed.title"),
        subtitle=words,
        height=size * 2 * look.row,
        bottom=5 * look.small,
        axes=_crossed_axes(duel),
    )


def _grounds(counts: np.ndarray) -> Settings:
    """Colour the diagonal, and where the two differ at all."""
    size = len(counts)
    agree = np.eye(size, dtype=bool)
    return {
        "type": "heatmap",
        "z": np.where(agree, 1.0, np.where(counts > 0, 0.0, np.nan)),
        "x": list(range(size)),
        "y": list(range(size)),
        "colorscale": [[0, DIFFER], [1, AGREE]],
        "zmin": 0,
        "zmax": 1,
        "showscale": False,
        "xgap": 3,
        "ygap": 3,
        "hoverinfo": "skip",
        "hoverongaps": False,
    }


def _counts(counts: np.ndarray, look: Look) -> Settings:
    """Write each count, agreement in bold: the diagonal is not told by its colour alone."""
    cells = [(row, column) for row in range(len(counts)) for column in range(len(counts))]
    inks = [ink(AGREE) if a == b or counts[a, b] else look.muted for a, b in cells]
    texts = [
        f"<b>= {counts[cell]}</b>" if cell[0] == cell[1] else f"≠ {counts[cell]}" for cell in cells
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [column for _row, column in cells],
        "y": [row for row, _column in cells],
        "text": texts,
        "textfont": {"size": look.font, "color": inks},
        "hoverinfo": "skip",
    }


def _crossed_axes(duel: Duel) -> dict[str, Settings]:
    words = [escape(label_word(label)) for label in duel.labels]
    first, second = (escape(plain(name, LONGEST_NAME)) for name in duel.names)
    places = {"tickvals": list(range(len(words))), "ticktext": words, "showgrid": False}
    fixed = places | {"fixedrange": True, "automargin": True}
    return {
        "xaxis": fixed
        | {
            "title": _("figure.crossed.across", name=second),
            "range": [-0.5, len(words) - 0.5],
        },
        "yaxis": fixed
        | {
            "title": _("figure.crossed.down", name=first),
            "range": [len(words) - 0.5, -0.5],
        },
    }


def describe_answers_crossed(duel: Duel) -> str:
    """Return the table in words: how often they differ, and over which answers most."""
    words = _(
        "figure.crossed.alt",
        first=plain(duel.names[0], LONGEST_NAME),
        second=plain(duel.names[1], LONGEST_NAME),
        n=duel.n,
        differ=len(duel.differ),
    )
    off = duel.counts * ~np.eye(len(duel.labels), dtype=bool)
    if not off.any():
        return words
    row, column = np.unravel_index(int(off.argmax()), off.shape)
    return f"{words} " + _(
        "figure.crossed.alt.most",
        first_label=label_word(duel.labels[row]),
        second_label=label_word(duel.labels[column]),
        count=int(off.max()),
    )
