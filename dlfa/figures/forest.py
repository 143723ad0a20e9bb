"""How far each head is from a reference: differences with their intervals and a zero line."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.forest_points import (
    SHAPES,
    Points,
    head_points,
    kind_of,
    language_points,
    language_rows,
)
from dlfa.figures.frame import Settings, draw, key, origin
from dlfa.figures.headrows import head_axis, head_headings, head_rows
from dlfa.figures.palette import Look
from dlfa.figures.scores import (
    count,
    difference_axis,
    dotted,
    english_leads,
    interval,
    language_word,
    measured,
    reference_word,
)
from dlfa.figures.words import escape, head_word, hundredths, kind_word
from dlfa.messages import _
from dlfa.results import BASELINE, Differences, Provenance

__all__ = ["describe_difference_forest", "difference_forest"]


def difference_forest(
    differences: Differences,
    look: Look,
    *,
    head: str | None = None,
    names: Mapping[str, str] | None = None,
    runs: bool = False,
    made: Provenance | None = None,
) -> go.Figure:
    """Draw how much more often heads are right than a reference, with 95 % intervals.

    Args:
        differences: to the baseline, or to another run.
        look: light or dark, desk or projector.
        head: one head's average and its languages; None: every head's average over the languages.
        names: language code -> name; a code without one stands for itself.
        runs: they are two runs', A minus B.
        made: named in small print where given.

    Returns:
        percentage points around a dotted line at 0; a marker is filled only where Holm's
        correction over all heads leaves the average standing. With one head's languages, which
        are not corrected, all are hollow.

    Raises:
        ValueError: a head without differences.
    """
    if head is None:
        rows = head_rows(differences.heads)
        points = head_points(differences, rows)
        down, headings = head_axis(rows), head_headings(rows, look)
    else:
        points, headings = language_points(differences, head, names or {}), []
        down = _language_axis(differences, names or {})
    axis = "figure.forest.axis.runs" if runs else "figure.forest.axis"
    across = difference_axis(points.widest, measured(axis, differences.metric))
    return draw(
        [_markers(points, look), _numbers(points, across["range"][1], look)],
        look,
        title=measured("figure.forest.title.runs", differences.metric)
        if runs
        else _title(differences, head),
        subtitle="<br>".join([*_subtitle(differences, head, look), *origin(made)]),
        height=(down["range"][0] + 0.5) * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        right=3.6 * look.small,
        axes={"xaxis": across, "yaxis": down},
        annotations=headings,
        shapes=[dotted(0.0, look.muted)],
    )


def _markers(points: Points, look: Look) -> Settings:
    colours = [look.head_colour(kind) for kind in points.kinds]
    symbols = [
        SHAPES[kind][0] if filled else f"{SHAPES[kind][0]}-open"
        for kind, filled in zip(points.kinds, points.filled, strict=True)
    ]
    ends = points.high - points.values, points.values - points.low
    told = zip(points.notes, points.values, points.low, points.high, strict=True)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": points.values,
        "y": np.array(points.rows),
        "error_x": {"array": ends[0], "arrayminus": ends[1], "color": look.muted}
        | {"thickness": 1.6, "width": 0},
        "marker": {"symbol": symbols, "size": look.small - 2, "color": colours}
        | {"line": {"color": colours, "width": 2}},
        "customdata": [
            [*note, hundredths(value), interval(low, high, signed=True)]
            for note, value, low, high in told
        ],
        "hovertemplate": _("figure.forest.hover"),
    }


def _numbers(points: Points, end: float, look: Look) -> Settings:
    """Write each difference at the right edge, in points."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": np.full(len(points.rows), end),
        "y": np.array(points.rows),
        "text": [hundredths(value) for value in points.values],
        "textposition": "middle right",
        "textfont": {"size": look.small, "color": look.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _language_axis(found: Differences, names: Mapping[str, str]) -> Settings:
    order = english_leads(found.languages)
    rows = language_rows(len(order))
    words = [escape(language_word(found.languages[at], names)) for at in order]
    return {
        "range": [rows[-1] + 0.5, -0.5],
        "tickvals": rows,
        "ticktext": [f"<b>{_('figure.report.average')}</b>", *words],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }


def _title(found: Differences, head: str | None) -> str:
    reference = escape(reference_word(found.reference))
    if head is None:
        return _("figure.forest.title", reference=reference)
    return _("figure.forest.title.head", head=head_word(head), reference=reference)


def _subtitle(found: Differences, head: str | None, look: Look) -> list[str]:
    about = {"languages": len(found.languages), "draws": count(found.draws)}
    size = measured("figure.forest.subtitle", found.metric, **about)
    if head is not None:
        return [size, _("figure.forest.signs.head")]
    kinds = [kind for kind in dict.fromkeys(map(kind_of, found.heads)) if kind != BASELINE]
    signs = [(look.head_colour(kind), SHAPES[kind][1], kind_word(kind)) for kind in kinds]
    return [size, _("figure.forest.signs"), key(signs)]


def describe_difference_forest(
    differences: Differences, *, head: str | None = None, names: Mapping[str, str] | None = None
) -> str:
    """Return `difference_forest` in words: its ends, and what stands after correction.

    Raises:
        ValueError: a head without differences.
    """
    if head is not None:
        return _describe_head(differences, differences.heads.index(head), names or {})
    best, worst = int(np.argmax(differences.average)), int(np.argmin(differences.average))
    return measured(
        "figure.forest.alt",
        differences.metric,
        heads=len(differences.heads),
        reference=reference_word(differences.reference),
        best=_told(differences, best),
        worst=_told(differences, worst),
        claimed=len(differences.claimed()),
    )


def _told(found: Differences, at: int) -> str:
    return _(
        "figure.report.told",
        name=head_word(found.heads[at]),
        points=hundredths(float(found.average[at])),
        interval=interval(float(found.low[at]), float(found.high[at]), signed=True),
    )


def _describe_head(found: Differences, at: int, names: Mapping[str, str]) -> str:
    values = found.by_language[at]
    high, low = int(np.argmax(values)), int(np.argmin(values))
    return measured(
        "figure.forest.alt.head",
        found.metric,
        reference=reference_word(found.reference),
        told=_told(found, at),
        languages=len(found.languages),
        high=language_word(found.languages[high], names),
        high_points=hundredths(float(values[high])),
        low=language_word(found.languages[low], names),
        low_points=hundredths(float(values[low])),
    )
