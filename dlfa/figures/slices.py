"""Which kinds of examples are hard: accuracy by length, word overlap, negation or genre."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.forest_points import SHAPES, kind_of
from dlfa.figures.frame import Settings, draw, key, nothing, origin
from dlfa.figures.palette import Look
from dlfa.figures.scores import count, interval, share_axis, shares
from dlfa.figures.words import escape, head_word, hundredths, plain, tenths
from dlfa.messages import _
from dlfa.results import BASELINE, Provenance, Slices

__all__ = ["bin_word", "describe_slices", "slices_plot"]

SPREAD = 0.36  # of a row: over how much of it the heads' points are spread
LONGEST_GENRE = 24
ROW = 1.9  # usual rows: a name with the number of examples below it


def slices_plot(
    slices: Slices,
    look: Look,
    *,
    heads: Sequence[str] = (BASELINE,),
    made: Provenance | None = None,
) -> go.Figure:
    """Draw some heads' accuracy by kind of example, with 95 % intervals.

    Args:
        slices: by one property.
        look: light or dark, desk or projector.
        heads: which; those that were not evaluated are left out.
        made: named in small print where given.

    Returns:
        a row per kind, how many examples it has below its name; pointed at, also the difference
        to the baseline with its interval.
    """
    at = [slices.heads.index(head) for head in heads if head in slices.heads]
    if not at:
        return nothing(_(f"figure.slices.title.{slices.by}"), _("figure.slices.none"), look)
    spread = np.linspace(-SPREAD / 2, SPREAD / 2, len(at)) if len(at) > 1 else np.zeros(1)
    low, high = (float(np.nanmin(slices.low[at])), float(np.nanmax(slices.high[at])))
    return draw(
        [_points(slices, one, float(by), look) for one, by in zip(at, spread, strict=True)],
        look,
        title=_(f"figure.slices.title.{slices.by}"),
        subtitle="<br>".join([*_subtitle(slices, at, look), *origin(made)]),
        height=max(2, len(slices.bins)) * ROW * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        axes={
            "xaxis": share_axis(low, high, _("figure.slices.axis")),
            "yaxis": _bins(slices, look),
        },
    )


def bin_word(by: str, code: str) -> str:
    """Return what a kind of example is called: ``21–30 sub-words``, ``with a negation``."""
    if by == "genre":
        return plain(code, LONGEST_GENRE)
    if by == "negation":
        return _(f"figure.slices.negation.{code}")
    return _(f"figure.slices.{by}", bin=code.replace("-", "–"))


def _points(slices: Slices, at: int, offset: float, look: Look) -> Settings:
    values, low, high = shares(slices.right, slices.n)[at], slices.low[at], slices.high[at]
    kind = kind_of(slices.heads[at])
    colour = look.head_colour(kind)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": np.arange(len(values)) + offset,
        "error_x": {"array": high - values, "arrayminus": values - low, "color": colour}
        | {"thickness": 1.6, "width": 0},
        "marker": {"symbol": SHAPES[kind][0], "size": look.small - 2, "color": colour},
        "customdata": [_note(slices, at, place) for place in range(len(values))],
        "hovertemplate": _("figure.slices.hover"),
    }


def _note(slices: Slices, at: int, place: int) -> list[str]:
    return [
        head_word(slices.heads[at]),
        escape(bin_word(slices.by, slices.bins[place])),
        interval(float(slices.low[at, place]), float(slices.high[at, place])),
        count(int(slices.n[place])),
        _difference(slices, at, place),
    ]


def _difference(slices: Slices, at: int, place: int) -> str:
    step = float(slices.difference[at, place])
    if slices.heads[at] == BASELINE or not np.isfinite(step):
        return ""
    ends = float(slices.difference_low[at, place]), float(slices.difference_high[at, place])
    told = {"points": hundredths(step), "interval": interval(*ends, signed=True)}
    return "<br>" + _("figure.slices.difference", **told)


def _bins(slices: Slices, look: Look) -> Settings:
    small = f'<span style="color:{look.muted}">'
    words = [
        f"{escape(bin_word(slices.by, code))}<br>{small}{_size(int(n))}</span>"
        for code, n in zip(slices.bins, slices.n, strict=True)
    ]
    return {
        "range": [max(2, len(words)) - 0.5, -0.5],
        "tickvals": list(range(len(words))),
        "ticktext": words,
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }


def _size(n: int) -> str:
    return _("figure.slices.size", n=count(n))


def _subtitle(slices: Slices, at: list[int], look: Look) -> list[str]:
    kinds = [(kind_of(slices.heads[one]), head_word(slices.heads[one])) for one in at]
    signs = [(look.head_colour(kind), SHAPES[kind][1], word) for kind, word in kinds]
    return [_("figure.slices.subtitle"), key(signs)]


def describe_slices(slices: Slices, *, heads: Sequence[str] = (BASELINE,)) -> str:
    """Return `slices_plot` in words: per head the easiest and the hardest kind."""
    at = [slices.heads.index(head) for head in heads if head in slices.heads]
    if not at:
        return _("figure.slices.none")
    told = "; ".join(_describe(slices, one) for one in at)
    return _("figure.slices.alt", title=_(f"figure.slices.title.{slices.by}"), heads=told)


def _describe(slices: Slices, at: int) -> str:
    values = shares(slices.right, slices.n)[at]
    high, low = int(np.nanargmax(values)), int(np.nanargmin(values))
    return _(
        "figure.slices.alt.head",
        head=head_word(slices.heads[at]),
        high=bin_word(slices.by, slices.bins[high]),
        high_percent=tenths(float(values[high])),
        low=bin_word(slices.by, slices.bins[low]),
        low_percent=tenths(float(values[low])),
    )
