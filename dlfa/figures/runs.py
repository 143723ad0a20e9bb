"""Two evaluations side by side: how good one head is in every language, and the difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int

from dlfa.figures.frame import Settings, draw
from dlfa.figures.numbered import numbered, rising, share_span, worse_to_better
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
from dlfa.figures.scores import (
    LONGEST_RUN,
    count,
    english_leads,
    interval,
    language_word,
    measured,
    twin,
)
from dlfa.figures.words import escape, head_word, hundredths, plain, tenths
from dlfa.messages import _, of_task
from dlfa.results import Accuracies, RunComparison

__all__ = ["describe_run_heatmap", "run_heatmap", "run_words"]

LEAST_REACH = 0.005  # of the colours of differences: half a point


def run_heatmap(
    comparison: RunComparison, look: Look, *, head: str, names: Mapping[str, str]
) -> go.Figure:
    """Draw how good one head is in two runs, language by language, and first minus second.

    Args:
        comparison: of two runs, on the examples that they share.
        look: light or dark, desk or projector.
        head: one that both have.
        names: language code -> name; a code without one stands for itself.

    Returns:
        a row per language, their average on top; a column per run on one scale, and the difference
        in points apart. Pointed at, each tells its 95 % interval; a star marks an average
        difference that stands after Holm's correction over all heads.

    Raises:
        ValueError: a head that the two do not share.
    """
    codes = _codes(comparison)
    words = [escape(language_word(code, names)) for code in codes]
    rows = [f"<b>{_('figure.report.average')}</b>", *words]
    sides = [_side(one, head, codes) for one in (comparison.first, comparison.second)]
    panels = Panels(count=2, columns=2, across=0.03, widths=(2, 1))
    return draw(
        [
            _runs(comparison, sides, rows, look) | panels.on(0),
            _minus(comparison, head, rows, look) | panels.on(1),
        ],
        look,
        title=_("figure.runs.title", head=head_word(head)),
        subtitle="<br>".join(_subtitle(comparison)),
        height=len(rows) * look.row,
        top=2 * look.small,
        bottom=0.6 * look.small,
        axes=_axes(panels, rows),
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Side:
    """Shares or differences with their intervals, the average first."""

    values: Float[np.ndarray, " row"]
    low: Float[np.ndarray, " row"]
    high: Float[np.ndarray, " row"]


def run_words(comparison: RunComparison) -> tuple[str, str]:
    """Return what the two runs are called, safe in an alt text."""
    first, second = (plain(name, LONGEST_RUN) for name in comparison.names)
    return first, second


def _codes(comparison: RunComparison) -> list[str]:
    codes = comparison.differences.languages
    return [codes[at] for at in english_leads(codes)]


def _side(found: Accuracies, head: str, codes: Sequence[str]) -> Side:
    row, at = found.heads.index(head), [found.languages.index(code) for code in codes]
    return Side(
        values=np.append(found.average[row], found.share[row, at]),
        low=np.append(found.average_low[row], found.low[row, at]),
        high=np.append(found.average_high[row], found.high[row, at]),
    )


def _difference(comparison: RunComparison, head: str) -> Side:
    found = comparison.differences
    row, at = found.heads.index(head), [found.languages.index(one) for one in _codes(comparison)]
    return Side(
        values=np.append(found.average[row], found.by_language[row, at]),
        low=np.append(found.low[row], found.language_low[row, at]),
        high=np.append(found.high[row], found.language_high[row, at]),
    )


def _turned(comparison: RunComparison, head: str) -> Int[np.ndarray, " row"]:
    """Return how many examples the two answer differently: of all languages, then of each."""
    found = comparison.first
    at = [found.languages.index(code) for code in _codes(comparison)]
    turned = comparison.turned[found.heads.index(head), at]
    return np.append(turned.sum(), turned)


def _runs(
    comparison: RunComparison, sides: Sequence[Side], rows: list[str], look: Look
) -> Settings:
    values = np.stack([side.values for side in sides], axis=1)
    names = [_("figure.runs.side.first"), _("figure.runs.side.second")]
    notes = [
        [
            [name, rows[at], interval(float(side.low[at]), float(side.high[at]))]
            for name, side in zip(names, sides, strict=True)
        ]
        for at in range(len(rows))
    ]
    texts = [[tenths(one) if np.isfinite(one) else "" for one in row] for row in values]
    low, high = share_span(values)
    scale = {"colorscale": rising(look), "zmin": low, "zmax": high}
    return numbered(values, texts, notes, _("figure.runs.hover"), look) | scale


def _minus(comparison: RunComparison, head: str, rows: list[str], look: Look) -> Settings:
    side, turned = _difference(comparison, head), _turned(comparison, head)
    texts = [[tenths(one, signed=True)] for one in side.values]
    if head in comparison.differences.claimed():
        texts[0] = [f"{texts[0][0]}*"]
    notes = [
        [[rows[at], interval(low, high, signed=True), count(int(turned[at]))]]
        for at, (low, high) in enumerate(zip(side.low, side.high, strict=True))
    ]
    reach = max(LEAST_REACH, float(np.abs(side.values).max()))
    scale = {"colorscale": worse_to_better(look), "zmin": -reach, "zmax": reach}
    hover = of_task("figure.runs.hover.difference", twin(comparison.differences.metric))
    return numbered(side.values[:, None], texts, notes, hover, look) | scale


def _axes(panels: Panels, rows: list[str]) -> dict[str, Settings]:
    across = {"side": "top", "tickangle": 0, "showgrid": False, "fixedrange": True}
    down = {
        "range": [len(rows) - 0.5, -0.5],
        "tickvals": list(range(len(rows))),
        "ticktext": rows,
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    axes = panels.axes(across, down)
    sides = [_("figure.runs.side.first"), _("figure.runs.side.second")]
    axes["xaxis"] |= {"range": [-0.5, 1.5], "tickvals": [0, 1], "ticktext": sides}
    minus = [_("figure.runs.side.difference")]
    axes["xaxis2"] |= {"range": [-0.5, 0.5], "tickvals": [0], "ticktext": minus}
    return axes


def _subtitle(comparison: RunComparison) -> list[str]:
    first, second = (escape(name) for name in run_words(comparison))
    return [
        _("figure.runs.names", first=first, second=second),
        measured("figure.runs.subtitle", comparison.differences.metric, n=count(comparison.n)),
    ]


def describe_run_heatmap(comparison: RunComparison, *, head: str, names: Mapping[str, str]) -> str:
    """Return `run_heatmap` in words: both averages, the difference, the languages' extremes.

    Raises:
        ValueError: a head that the two do not share.
    """
    first, second = run_words(comparison)
    codes, step = _codes(comparison), _difference(comparison, head)
    sides = [_side(one, head, codes).values[0] for one in (comparison.first, comparison.second)]
    high, low = int(np.argmax(step.values[1:])), int(np.argmin(step.values[1:]))
    return _(
        "figure.runs.alt",
        head=head_word(head),
        first=first,
        first_percent=tenths(float(sides[0])),
        second=second,
        second_percent=tenths(float(sides[1])),
        points=hundredths(float(step.values[0])),
        interval=interval(float(step.low[0]), float(step.high[0]), signed=True),
        high=language_word(codes[high], names),
        high_points=hundredths(float(step.values[1 + high])),
        low=language_word(codes[low], names),
        low_points=hundredths(float(step.values[1 + low])),
    )
