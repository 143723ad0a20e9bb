"""How sure a head is of each word's tag, beside the baseline."""

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import Settings, draw, key, origin
from dlfa.figures.palette import Look
from dlfa.figures.rows import label_axis, row_height
from dlfa.figures.words import escape, head_word, percent, plain, told_apart
from dlfa.messages import _
from dlfa.results import BASELINE, head_gate
from dlfa.results.taggings import Tagging

__all__ = ["describe_word_certainty", "word_certainty"]

TALLEST = 1400  # px of all rows before they shrink
LEAST = 4.0  # px of one row
MARKS = {False: ("circle", "●"), True: ("diamond-open", "◇")}  # of the head, of the baseline


def word_certainty(tagging: Tagging, head: str, look: Look) -> go.Figure:
    """Draw the probability of each word's tag: one head's and the baseline's.

    Args:
        tagging: of one sentence.
        head: one of its heads.
        look: light or dark, desk or projector.

    Returns:
        a row per word, with its tag, and with both tags where they differ; dots from 0 to 1.
        Words without an answer have no dot.
    """
    heads = _heads(tagging, head)
    height = row_height(len(tagging.spans), look, TALLEST, LEAST)
    labels = _labels(tagging, head)
    return draw(
        [_dots(tagging, one, labels, look) for one in heads],
        look,
        title=_("figure.tag.certainty.title"),
        subtitle="<br>".join([*origin(tagging.provenance), key(_key(one, look) for one in heads)]),
        height=max(height * len(labels), 3 * look.font),
        top=3.2 * look.small,
        bottom=8,
        right=1.7 * look.small,
        axes={"xaxis": _across(), "yaxis": label_axis(labels, height, look)},
    )


def _heads(tagging: Tagging, head: str) -> tuple[str, ...]:
    known = BASELINE in tagging.heads and head != BASELINE
    return (BASELINE, head) if known else (head,)


def _dots(tagging: Tagging, head: str, labels: list[str], look: Look) -> Settings:
    colour = look.head_colour(head_gate(head) or BASELINE)
    sign, _shape = MARKS[head == BASELINE]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": tagging.certainty[tagging.heads.index(head)],
        "y": np.arange(len(labels)),
        "name": head_word(head),
        "marker": {"symbol": sign, "size": 8, "color": colour, "line": {"width": 1.5}},
        "customdata": [
            f"{escape(plain(word))} {escape(tag)}"
            for word, tag in zip(tagging.words, tagging.tags(head), strict=True)
        ],
        "hovertemplate": _("figure.tag.certainty.hover"),
    }


def _key(head: str, look: Look) -> tuple[str, str, str]:
    colour = look.head_colour(head_gate(head) or BASELINE)
    return colour, MARKS[head == BASELINE][1], escape(head_word(head))


def _labels(tagging: Tagging, head: str) -> list[str]:
    """Return each word with the head's tag, and with the baseline's where that is another."""
    lead = _heads(tagging, head)[0]
    rows = zip(tagging.words, tagging.tags(head), tagging.tags(lead), strict=True)
    return [
        f"{escape(plain(word))} <b>{escape(tag or '–')}</b>"
        + (f" ≠ {escape(before)}" if before != tag else "")
        for word, tag, before in rows
    ]


def _across() -> Settings:
    return {
        "side": "top",
        "range": [-0.02, 1.02],
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "tickformat": ".0%",
        "title": _("figure.tag.certainty.axis"),
        "fixedrange": True,
    }


def describe_word_certainty(tagging: Tagging, head: str) -> str:
    """Return `word_certainty` in words: the words that the head is surest and least sure of."""
    sure = tagging.certainty[tagging.heads.index(head)]
    if np.isnan(sure).all():
        return _("figure.tag.certainty.alt.none", head=head_word(head))
    names = told_apart([plain(word) for word in tagging.words], range(1, len(sure) + 1))
    high, low = int(np.nanargmax(sure)), int(np.nanargmin(sure))
    return _(
        "figure.tag.certainty.alt",
        head=head_word(head),
        words=len(names),
        high=names[high],
        high_share=percent(float(sure[high])),
        low=names[low],
        low_share=percent(float(sure[low])),
    )
