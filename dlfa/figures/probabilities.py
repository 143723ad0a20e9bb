"""What the heads answer to one sentence pair: a bar per head."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import Settings, draw, key, made_by
from dlfa.figures.headrows import head_axis, head_headings, head_rows
from dlfa.figures.palette import Look, Paint, ink, label_paints
from dlfa.figures.words import counted, escape, head_word, label_word, ordered, percent
from dlfa.messages import _
from dlfa.results import Prediction

__all__ = ["describe_probabilities", "probability_bars"]

READABLE = 0.08  # smallest part of a bar that holds two digits on a phone


def probability_bars(predictions: Sequence[Prediction], look: Look) -> go.Figure:
    """Draw one stacked bar per head, from what every head makes of one sentence pair.

    Args:
        predictions: at least one head's; any order.
        look: light or dark, desk or projector.

    Returns:
        bars from 0 to 1, the baseline first, then D_1 ..., then the ``aff`` twins; each bar's
        answer stands at its end.
    """
    rows = _rows(predictions)
    heads = {at: answer.head for at, answer in rows.items()}
    labels = predictions[0].labels
    words = _("figure.probabilities.subtitle", model=made_by(predictions[0].provenance))
    longest = max(len(label_word(label)) for label in labels)
    return draw(
        [*_parts(rows, labels, look), _answers(rows, look)],
        look,
        title=_("figure.probabilities.title"),
        subtitle=f"{words}<br>{_key(labels)}",
        height=(max(rows) + 1) * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        right=(0.55 * longest + 1.5) * look.small,
        axes=_axes(heads),
        annotations=head_headings(heads, look),
        barmode="stack",
    )


def _rows(predictions: Sequence[Prediction]) -> dict[int, Prediction]:
    by_head = {answer.head: answer for answer in predictions}
    return {at: by_head[head] for at, head in head_rows(by_head).items()}


def _parts(
    rows: Mapping[int, Prediction], labels: tuple[str, ...], look: Look
) -> Iterator[Settings]:
    """Yield one trace per label: its part of every head's bar."""
    for label, paint in label_paints(labels).items():
        yield {
            "type": "bar",
            "orientation": "h",
            "x": np.array([_share(answer, label) for answer in rows.values()]),
            "y": list(rows),
            "width": 0.82,
            "name": escape(label_word(label)),
            "marker": {"color": paint.colour, "line": {"width": 0}, "pattern": _pattern(paint)},
            "text": [_number(answer, label) for answer in rows.values()],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "constraintext": "none",
            "insidetextfont": {"color": ink(paint.colour), "size": look.small},
            "customdata": [head_word(answer.head) for answer in rows.values()],
            "hovertemplate": _("figure.probabilities.hover"),
        }


def _pattern(paint: Paint) -> Settings:
    lines = {"fgcolor": "#000000", "fgopacity": 0.17, "fillmode": "overlay"}
    return {"shape": paint.pattern, "size": 6, **lines}


def _key(labels: tuple[str, ...]) -> str:
    paints = label_paints(labels).items()
    return key((paint.colour, paint.sign, escape(label_word(label))) for label, paint in paints)


def _share(answer: Prediction, label: str) -> float:
    return float(answer.probabilities[answer.labels.index(label)])


def _number(answer: Prediction, label: str) -> str:
    """Return a part's percentage where it fits, in bold where it is the answer."""
    share = _share(answer, label)
    if share < READABLE:
        return ""
    return f"<b>{percent(share)}</b>" if label == answer.label else percent(share)


def _answers(rows: Mapping[int, Prediction], look: Look) -> Settings:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [1.0] * len(rows),
        "y": list(rows),
        "text": ["\u2002" + escape(label_word(answer.label)) for answer in rows.values()],
        "textposition": "middle right",
        "textfont": {"size": look.small, "color": look.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _axes(heads: Mapping[int, str]) -> dict[str, Settings]:
    across = {
        "range": [0, 1.001],  # a bar that a rounding makes longer than the axis loses its number
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "tickformat": ".0%",
        "title": _("figure.probabilities.axis"),
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": head_axis(heads)}


def describe_probabilities(predictions: Sequence[Prediction]) -> str:
    """Return the bars in words: the first head's answer, then how the heads divide."""
    answers = ordered(predictions)
    first = answers[0]
    one = _(
        "figure.probabilities.alt",
        head=head_word(first.head),
        label=label_word(first.label),
        percent=percent(float(first.probabilities.max())),
    )
    if len(answers) == 1:
        return one
    counts = counted(answer.label for answer in answers)
    return f"{one} {_('figure.probabilities.alt.all', heads=len(answers), counts=counts)}"
