"""How a training run goes: the loss above, the validation score of baseline and heads below."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.frame import Settings, draw, heading, key
from dlfa.figures.palette import Look
from dlfa.figures.tables import Row
from dlfa.figures.words import decimals
from dlfa.messages import _
from dlfa.results.training import TrainingCurve

__all__ = ["describe_training_curves", "training_curves", "training_table"]

GAP = 0.22  # between the panels, as a share of the height
ROWS = 11  # height of both panels
MARKS = ("circle", "diamond")  # of baseline and mean: never told apart by colour alone
SIGNS = ("●", "◆")


def training_curves(curve: TrainingCurve, look: Look) -> go.Figure:
    """Draw a run's training loss and its looks at English validation data.

    Args:
        curve: as far as the run has come.
        look: light or dark, desk or projector.

    Returns:
        two panels over the examples seen: mean loss of the last steps; score of baseline and
        mean of the heads, where there is one with 95 % intervals, the best look ringed.
    """
    colours = _colours(look)
    names = [_("figure.training.baseline"), _("figure.training.mean")]
    across = {"range": [0, 1.02 * max(1, curve.total)], "showgrid": False, "nticks": 6}
    split = (1 - GAP) / 2
    return draw(
        [_loss(curve, look), *_scores(curve, look, names)],
        look,
        title=_("figure.training.title"),
        subtitle=key(zip(colours, SIGNS, names, strict=True)),
        height=ROWS * look.row,
        top=1.6 * look.small,
        bottom=3.4 * look.small,
        left=4 * look.small,
        axes={
            "xaxis": across | {"anchor": "y", "showticklabels": False},
            "yaxis": {"domain": [1 - split, 1], "rangemode": "tozero", "nticks": 5},
            "xaxis2": across
            | {
                "anchor": "y2",
                "matches": "x",
                "title": _("figure.training.axis"),
                "tickformat": ",d",
            },
            "yaxis2": {"domain": [0, split], "anchor": "x2", "tickformat": ".1~%", "nticks": 6}
            | ({} if len(curve.looked) else {"range": [0, 1]}),  # plotly's own begins at -100 %
        },
        annotations=[
            _above(look, "", _("figure.training.loss")),
            _above(look, "2", _(f"figure.training.{curve.metric}")),
        ],
    )


def _colours(look: Look) -> list[str]:
    return [look.head_colour("baseline"), look.head_colour("paper")]


def _above(look: Look, axis: str, words: str) -> Settings:
    place = {"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"}
    return heading(look, words, xref=f"x{axis} domain", yref=f"y{axis} domain", **place)


def _loss(curve: TrainingCurve, look: Look) -> Settings:
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(curve.seen) == 1 else "lines",
        "x": curve.seen,
        "y": curve.losses,
        "line": {"color": look.text, "width": 1.5},
        "hovertemplate": _("figure.training.loss.hover") + "<extra></extra>",
    }


def _scores(curve: TrainingCurve, look: Look, names: list[str]) -> list[Settings]:
    found = []
    for at, scores in enumerate((curve.baseline, curve.mean)):
        ringed = [2.5 if at and row == curve.best else 0 for row in range(len(scores))]
        trace: Settings = {
            "type": "scatter",
            "mode": "lines+markers",
            "x": curve.looked,
            "y": scores,
            "xaxis": "x2",
            "yaxis": "y2",
            "name": names[at],
            "line": {"color": _colours(look)[at], "width": 1.5},
            "marker": {
                "symbol": MARKS[at],
                "size": 8,
                "line": {"width": ringed, "color": look.text},
            },
            "hovertemplate": names[at] + _("figure.training.score.hover") + "<extra></extra>",
        }
        if curve.intervals is not None:
            trace["error_y"] = _bars(scores, curve.intervals[at], _colours(look)[at])
        found.append(trace)
    return found


def _bars(
    scores: Float[np.ndarray, " look"], interval: Float[np.ndarray, "side look"], colour: str
) -> Settings:
    low, high = interval
    return {
        "type": "data",
        "symmetric": False,
        "array": high - scores,
        "arrayminus": scores - low,
        "color": colour,
        "thickness": 1,
        "width": 3,
    }


def describe_training_curves(curve: TrainingCurve) -> str:
    """Return the figure's words: how far it is, the last loss, the best look at validation."""
    if not len(curve.losses) and not len(curve.looked):
        return _("figure.training.alt.nothing")
    seen = max([*curve.seen[-1:], *curve.looked[-1:]])
    told = [_("figure.training.alt.seen", seen=f"{seen:,.0f}", total=f"{curve.total:,}")]
    if len(curve.losses):
        first, last = (f"{curve.losses[at]:.2f}" for at in (0, -1))
        told.append(_("figure.training.alt.loss", first=first, last=last))
    if len(curve.looked):
        best = curve.best
        told.append(
            _(
                "figure.training.alt.best",
                metric=_(f"figure.training.{curve.metric}"),
                mean=decimals(100 * curve.mean[best], 1),
                baseline=decimals(100 * curve.baseline[best], 1),
                seen=f"{curve.looked[best]:,.0f}",
            )
        )
    return " ".join(told)


def training_table(curve: TrainingCurve) -> list[Row]:
    """Return the numbers behind the figure: a row per loss, and one per look at validation."""
    found: list[Row] = []
    for seen, loss in zip(curve.seen, curve.losses, strict=True):
        found.append({"examples": int(seen), "loss": round(float(loss), 4)})
    for seen, one, two in zip(curve.looked, curve.baseline, curve.mean, strict=True):
        scores = {"baseline": round(float(one), 4), "mean": round(float(two), 4)}
        found.append({"examples": int(seen), **scores})
    return found
