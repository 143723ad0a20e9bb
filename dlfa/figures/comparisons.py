"""Two heads, or two models, on one pair: how far apart their probabilities lie."""

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import Settings, draw, key
from dlfa.figures.palette import Look
from dlfa.figures.words import escape, label_word, plain
from dlfa.messages import _
from dlfa.results import Prediction

__all__ = ["LONGEST_NAME", "answer_difference", "describe_answer_difference"]

SIDES = (("circle", "●", "baseline"), ("diamond", "◆", "aff"))  # marker, sign, colour of A and B
LONGEST_NAME = 24  # characters of a model's name
APART = (-0.14, 0.14)  # rows by which A and B lie above and below each other


def answer_difference(
    first: Prediction, second: Prediction, look: Look, *, names: tuple[str, str]
) -> go.Figure:
    """Draw what two make of one sentence pair: each label's probability by A and by B.

    Args:
        first: A's answer.
        second: B's, to the same pair.
        look: light or dark, desk or projector.
        names: what A and B are called.
    """
    labels = _labels(first, second)
    shares = np.array([[_share(answer, label) for label in labels] for answer in (first, second)])
    subtitle = key(
        (look.head_colour(colour), sign, escape(plain(name, LONGEST_NAME)))
        for (_marker, sign, colour), name in zip(SIDES, names, strict=True)
    )
    return draw(
        [_lines(shares, look), *_dots(shares, labels, names, look), _steps(shares, look)],
        look,
        title=_("figure.difference.title"),
        subtitle=subtitle,
        height=len(labels) * 1.6 * look.row,
        bottom=3.4 * look.small,
        right=5.5 * look.small,
        axes=_difference_axes(labels),
    )


def _labels(first: Prediction, second: Prediction) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first.labels, *second.labels)))


def _share(answer: Prediction, label: str) -> float:
    """Return a label's probability, 0 for a label of the other model's task."""
    known = dict(zip(answer.labels, answer.probabilities.tolist(), strict=True))
    return float(known.get(label, 0.0))


def _lines(shares: np.ndarray, look: Look) -> Settings:
    gap = [np.nan] * shares.shape[1]
    rows = list(range(shares.shape[1]))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for step in zip(*shares.tolist(), gap, strict=True) for x in step],
        "y": [y for row in rows for y in (*(row + apart for apart in APART), np.nan)],
        "line": {"color": look.muted, "width": 2},
        "hoverinfo": "skip",
    }


def _dots(
    shares: np.ndarray, labels: tuple[str, ...], names: tuple[str, str], look: Look
) -> list[Settings]:
    words = [escape(label_word(label)) for label in labels]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": side,
            "y": [row + apart for row in range(len(labels))],
            "marker": {
                "symbol": marker,
                "size": look.font,
                "color": look.head_colour(colour),
                "line": {"color": look.raised, "width": 1},
            },
            "name": escape(plain(name, LONGEST_NAME)),
            "customdata": words,
            "hovertemplate": _("figure.difference.hover"),
            "cliponaxis": False,
        }
        for side, (marker, _sign, colour), name, apart in zip(
            shares, SIDES, names, APART, strict=True
        )
    ]


def _steps(shares: np.ndarray, look: Look) -> Settings:
    """Write B's probability minus A's at the end of each row, in percentage points."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [1.0] * shares.shape[1],
        "y": list(range(shares.shape[1])),
        "text": [f"\u2002{_points(step)}" for step in shares[1] - shares[0]],
        "textposition": "middle right",
        "textfont": {"size": look.small, "color": look.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _points(step: float) -> str:
    """Return a difference in percentage points, with its sign."""
    whole = round(100 * float(step))
    sign = "+" if whole > 0 else "\u2212" if whole < 0 else "±"
    return _("figure.difference.points", step=f"{sign}{abs(whole)}")


def _difference_axes(labels: tuple[str, ...]) -> dict[str, Settings]:
    across = {
        "range": [-0.02, 1.0],
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "tickformat": ".0%",
        "title": _("figure.probabilities.axis"),
        "fixedrange": True,
    }
    down = {
        "range": [len(labels) - 0.5, -0.5],
        "tickvals": list(range(len(labels))),
        "ticktext": [escape(label_word(label)) for label in labels],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": down}


def describe_answer_difference(
    first: Prediction, second: Prediction, *, names: tuple[str, str]
) -> str:
    """Return in words what A and B answer, and where they differ most."""
    labels = _labels(first, second)
    steps = [_share(second, label) - _share(first, label) for label in labels]
    widest = int(np.abs(steps).argmax())
    return _(
        "figure.difference.alt",
        first=plain(names[0], LONGEST_NAME),
        second=plain(names[1], LONGEST_NAME),
        first_label=label_word(first.label),
        first_percent=f"{100 * first.probabilities.max():.0f}",
        second_label=label_word(second.label),
        second_percent=f"{100 * second.probabilities.max():.0f}",
        label=label_word(labels[widest]),
        step=_points(steps[widest]),
    )
