"""How much accuracy each perturbation takes, from a fused head and from the baseline."""

from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.forest_points import SHAPES, kind_of
from dlfa.figures.frame import Settings, draw, key, made_by
from dlfa.figures.palette import Look
from dlfa.figures.robust_words import perturbation_word, robustness_verdict
from dlfa.figures.scores import count, difference_axis, dotted, interval, p_word
from dlfa.figures.words import escape, head_word, hundredths
from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.results.robustness import Robustness

__all__ = ["describe_perturbation_forest", "perturbation_forest"]

LEVEL = 0.05
APART = 0.17  # of a row: from its middle to each head


def perturbation_forest(found: Robustness, look: Look, *, head: str) -> go.Figure:
    """Draw what each perturbation does to a head's accuracy and to the baseline's.

    Args:
        found: with at least one perturbation whose label afterwards is known.
        look: light or dark, desk or projector.
        head: one of the heads.

    Returns:
        a row per perturbation, the control last: accuracy afterwards minus before, on the same
        pairs, with 95 % intervals; filled where Holm's correction leaves it standing.

    Raises:
        ValueError: a head that is not there.
    """
    shown = _heads(found, head)
    rows = [at for at in range(len(found.perturbations)) if found.judged[at].any()]
    columns = [found.heads.index(one) for one in shown]
    ends = [found.drop.low[np.ix_(rows, columns)], found.drop.high[np.ix_(rows, columns)]]
    widest = float(np.nanmax(np.abs(ends), initial=0))
    down = {
        "range": [len(rows) - 0.5, -0.5],
        "tickvals": list(range(len(rows))),
        "ticktext": [_title(found, at) for at in rows],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return draw(
        [
            *_markers(found, rows, shown, look),
            _numbers(found, rows, found.heads.index(head), 1.08 * max(0.01, widest), look),
        ],
        look,
        title=_("figure.perturbations.title", head=head_word(head)),
        subtitle="<br>".join(_subtitle(found, shown, look)),
        height=(len(rows) + 0.4) * 1.35 * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        right=4.2 * look.small,
        axes={"xaxis": difference_axis(widest, _("figure.perturbations.axis")), "yaxis": down},
        shapes=[dotted(0.0, look.muted)],
    )


def _heads(found: Robustness, head: str) -> tuple[str, ...]:
    """Return what is drawn: the baseline, where it was run, and the head."""
    if head not in found.heads:
        raise ValueError(f"no head {head}")
    return tuple(dict.fromkeys((*({BASELINE} & set(found.heads)), head)))


def _title(found: Robustness, at: int) -> str:
    words = escape(perturbation_word(found.perturbations[at]))
    n = int(found.judged[at].sum())
    return _("figure.perturbations.row", name=words, n=count(n))


def _markers(
    found: Robustness, rows: list[int], heads: tuple[str, ...], look: Look
) -> Iterator[Settings]:
    for place, head in enumerate(heads):
        column = found.heads.index(head)
        shift = APART * (2 * place - 1) if len(heads) > 1 else 0.0
        values, low, high, p = (
            part[rows, column]
            for part in (-found.drop.average, -found.drop.high, -found.drop.low, found.drop.p_holm)
        )
        shape, colour = SHAPES[kind_of(head)][0], look.head_colour(kind_of(head))
        symbols = [shape if one < LEVEL else f"{shape}-open" for one in p]
        yield {
            "type": "scatter",
            "mode": "markers",
            "x": values,
            "y": np.arange(len(rows)) + shift,
            "error_x": {"array": high - values, "arrayminus": values - low}
            | {"color": look.muted, "thickness": 1.6, "width": 0},
            "marker": {"symbol": symbols, "size": look.small - 2, "color": colour}
            | {"line": {"color": colour, "width": 2}},
            "customdata": [_note(found, at, column) for at in rows],
            "hovertemplate": _("figure.perturbations.hover"),
        }


def _note(found: Robustness, at: int, column: int) -> list[str]:
    p = float(found.drop.p_holm[at, column])
    low, high = (float(one[at, column]) for one in (found.drop.low, found.drop.high))
    return [
        escape(perturbation_word(found.perturbations[at])),
        head_word(found.heads[column]),
        hundredths(-float(found.drop.average[at, column])),
        interval(-high, -low, signed=True),
        p_word(p) if np.isfinite(p) else _("figure.perturbations.control"),
    ]


def _numbers(found: Robustness, rows: list[int], column: int, end: float, look: Look) -> Settings:
    """Write the head's change at the right edge, in points."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": np.full(len(rows), end),
        "y": np.arange(len(rows)),
        "text": [hundredths(-float(found.drop.average[at, column])) for at in rows],
        "textposition": "middle right",
        "textfont": {"size": look.small, "color": look.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _subtitle(found: Robustness, heads: tuple[str, ...], look: Look) -> list[str]:
    signs = [
        (look.head_colour(kind_of(head)), SHAPES[kind_of(head)][1], head_word(head))
        for head in heads
    ]
    size = _("figure.perturbations.subtitle", languages=len(found.languages))
    told = _("figure.perturbations.signs", head=head_word(heads[-1]))
    return [made_by(found.provenance), size, told, key(signs)]


def describe_perturbation_forest(found: Robustness, *, head: str) -> str:
    """Return `perturbation_forest` in words: the head's worst perturbation, what harms the
    baseline, and the control.

    Raises:
        ValueError: a head that is not there.
    """
    column = found.heads.index(head)
    drops = found.drop.average[:, column]
    worst = int(np.nanargmax(drops))
    harm, *_others, control, _cost = robustness_verdict(found, head)
    return _(
        "figure.perturbations.alt",
        head=head_word(head),
        worst=perturbation_word(found.perturbations[worst]),
        points=hundredths(-float(drops[worst])),
        verdict=f"{harm} {control}",
    )
