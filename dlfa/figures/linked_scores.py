"""A pair and its translation: what linked words add to the same label's score."""

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.aligned import part_of_words
from dlfa.figures.attributed import AGAINST, FOR
from dlfa.figures.attribution_rows import MOST
from dlfa.figures.attribution_words import comparison_words, gap_words, signed
from dlfa.figures.frame import Settings, draw, key, made_by, nothing
from dlfa.figures.palette import Look
from dlfa.figures.tables import Row, source
from dlfa.figures.words import escape, head_word, label_word, plain
from dlfa.messages import _
from dlfa.results.attributions import AttributionComparison

__all__ = ["describe_linked_scores", "linked_scores", "linked_table", "side_word"]

SIGNS = (("circle", "●"), ("diamond", "◆"))


def side_word(found: AttributionComparison, side: int) -> str:
    """Return a side's language code, or which of both texts it is."""
    code = found.languages[side]
    return escape(plain(code)) if code else _(f"figure.side.{('first', 'second')[side]}")


def linked_scores(found: AttributionComparison, look: Look) -> go.Figure:
    """Draw a row per two words that are each other's translation, with both of their scores.

    Args:
        found: a pair and its translation.
        look: light or dark, desk or projector.

    Returns:
        a point for each language, joined by a line; of many links those with the largest scores.
    """
    title = _("figure.linked.title", label=escape(label_word(found.first.label)))
    if not len(found.alignment):
        return nothing(title, _("figure.alignment.none"), look)
    links, scores = _rows(found), _scores(found)
    names = [_name(found, link) for link in links]
    least, most = float(scores[:, links].min()), float(scores[:, links].max())
    room = 0.08 * (max(most, 0) - min(least, 0)) or 1.0
    colours = (FOR, AGAINST)
    return draw(
        [
            _joined(scores[:, links], look),
            *(_points(found, side, scores[side, links], names, look) for side in (0, 1)),
        ],
        look,
        title=title,
        subtitle="<br>".join(
            [
                f"{head_word(found.first.head)} · {made_by(found.provenance)}",
                gap_words(max(found.first.gap, found.second.gap)),
                key((colours[at], SIGNS[at][1], side_word(found, at)) for at in (0, 1)),
            ]
        ),
        height=max(4.0, len(links)) * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        axes=_axes(names, min(least, 0) - room, max(most, 0) + room),
    )


def _rows(found: AttributionComparison) -> list[int]:
    sizes = np.abs(_scores(found)).max(0)
    return sorted(np.argsort(-sizes, kind="stable")[:MOST].tolist())


def _scores(found: AttributionComparison) -> np.ndarray:
    links = found.alignment
    return np.stack([found.first.words[links.first], found.second.words[links.second]])


def _name(found: AttributionComparison, link: int) -> str:
    place = int(found.alignment.first[link])
    first = found.first.tokens.words[place]
    second = found.second.tokens.words[found.alignment.second[link]]
    part = part_of_words(found.first.tokens)[place]
    both = f"{escape(plain(first))} – {escape(plain(second))}"
    return _(f"figure.attribution.row.{part}", word=both)


def _joined(scores: np.ndarray, look: Look) -> Settings:
    rows = np.repeat(np.arange(scores.shape[1]), 3).astype(float)
    gaps = np.full(scores.shape[1], np.nan)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.stack([scores[0], scores[1], gaps], axis=1).ravel(),
        "y": rows,
        "line": {"color": look.muted, "width": 1},
        "hoverinfo": "skip",
    }


def _points(
    found: AttributionComparison, side: int, scores: np.ndarray, names: list[str], look: Look
) -> Settings:
    colour = (FOR, AGAINST)[side]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": scores,
        "y": np.arange(len(scores)),
        "marker": {
            "symbol": SIGNS[side][0],
            "size": look.small - 2,
            "color": colour,
            "line": {"color": look.text, "width": 1},
        },
        "name": side_word(found, side),
        "customdata": names,
        "hovertemplate": _("figure.linked.hover"),
    }


def _axes(names: list[str], low: float, high: float) -> dict[str, Settings]:
    across = {
        "range": [low, high],
        "nticks": 5,
        "zeroline": True,
        "title": _("figure.attribution.axis"),
        "fixedrange": True,
    }
    down = {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": down}


def describe_linked_scores(found: AttributionComparison) -> str:
    """Return `linked_scores` in words: the pair of words that decides most, and the correlation."""
    if not len(found.alignment):
        return _("figure.alignment.none")
    scores = _scores(found)
    at = int(np.abs(scores).max(0).argmax())
    words = _(
        "figure.linked.alt",
        words=_name(found, at),
        first=signed(scores[0, at]),
        second=signed(scores[1, at]),
    )
    return f"{words} {comparison_words(found)}"


def linked_table(found: AttributionComparison) -> list[Row]:
    """Return one row per link: both words, both scores, how alike their vectors are."""
    links, scores = found.alignment, _scores(found)
    made: Row = {
        "head": found.first.head,
        "label": found.first.label,
        "method": found.first.method,
        "first_gap": found.first.gap,
        "second_gap": found.second.gap,
        **source(found.provenance),
    }
    return [
        {
            "first": found.first.tokens.words[one],
            "second": found.second.tokens.words[other],
            "first_score": float(scores[0, at]),
            "second_score": float(scores[1, at]),
            "similarity": float(links.similarity[at]),
        }
        | made
        for at, (one, other) in enumerate(
            zip(links.first.tolist(), links.second.tolist(), strict=True)
        )
    ]
