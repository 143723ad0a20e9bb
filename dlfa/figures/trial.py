"""Does the gate matter? Accuracy with the gate as trained, and with it changed."""

from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.effects import change_word
from dlfa.figures.frame import Settings, draw, key
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
from dlfa.figures.verdict import CHANCE, chosen_heads, decided, short_verdict, trial_verdict
from dlfa.figures.words import escape, head_word, kind_word, plain, tenths
from dlfa.messages import _
from dlfa.results import GateTrial, head_gate

__all__ = ["change_trial", "describe_change_trial"]

SPREAD = 0.56  # of a row: over how much of it the heads' points are spread
SHAPES = {"paper": ("circle", "●"), "aff": ("diamond", "◆")}  # hollow: may not differ
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # of the difference's axis


def change_trial(trial: GateTrial, look: Look, *, head: str | None = None) -> go.Figure:
    """Draw the accuracy under each change of the gate, and its difference to the gate as trained.

    Args:
        trial: over labelled pairs.
        look: light or dark, desk or projector.
        head: one head with its intervals; None: every head as a point, and their mean.

    Returns:
        left the accuracy (one head: with Wilson's 95 % interval), right the difference in
        percentage points with its 95 % interval; a point is filled where the interval leaves out
        0. The subtitle says what follows.

    Raises:
        ValueError: a head that was not tried.
    """
    chosen = chosen_heads(trial, head)
    panels = Panels(count=2, columns=2, across=0.06)
    sides = (_accuracy(trial, chosen), _difference(trial, chosen))
    traces = [
        trace | panels.on(at)
        for at, side in enumerate(sides)
        for trace in _traces(trial, chosen, side, at, look)
    ]
    return draw(
        traces,
        look,
        title=_("figure.trial.title", head=_head_words(trial, head)),
        subtitle="<br>".join(_subtitle(trial, head, look)),
        height=len(trial.changes) * 1.25 * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        axes=_axes(panels, trial, sides),
        shapes=_references(sides, look),
    )


Side = tuple[  # values with their low and high ends
    Float[np.ndarray, "change head"],
    Float[np.ndarray, "change head"],
    Float[np.ndarray, "change head"],
]


def _accuracy(trial: GateTrial, chosen: list[int]) -> Side:
    return trial.accuracy[:, chosen], trial.low[:, chosen], trial.high[:, chosen]


def _difference(trial: GateTrial, chosen: list[int]) -> Side:
    low, high = trial.difference_low[:, chosen], trial.difference_high[:, chosen]
    return trial.difference[:, chosen], low, high


def _traces(
    trial: GateTrial, chosen: list[int], side: Side, at: int, look: Look
) -> Iterator[Settings]:
    """Yield each head's points down the changes, then the mean where there are several."""
    spread = np.linspace(-SPREAD / 2, SPREAD / 2, len(chosen)) if len(chosen) > 1 else [0.0]
    for place, name in enumerate(chosen):
        yield _points(trial, name, place, float(spread[place]), chosen, side, look)
    if len(chosen) > 1:
        yield _mean(trial, side, look)


def _points(
    trial: GateTrial,
    name: int,
    place: int,
    offset: float,
    chosen: list[int],
    side: Side,
    look: Look,
) -> Settings:
    values, low, high = (array[:, place] for array in side)
    sure = np.logical_or(*decided(trial, chosen))[:, place]
    kind = head_gate(trial.heads[name]) or ""
    colour, symbol = look.head_colour(kind), SHAPES[kind][0]
    alone = len(chosen) == 1
    bars = {"array": high - values, "arrayminus": values - low, "color": colour}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": np.arange(len(values)) + offset,
        "error_x": bars | {"thickness": 1.8 if alone else 0.8, "width": 0, "visible": alone},
        "opacity": 1 if alone else 0.75,
        "marker": {
            "symbol": [symbol if one else f"{symbol}-open" for one in sure],
            "size": 10 if alone else 6,
            "color": colour,
            "line": {"color": colour, "width": 2 if alone else 1.2},
        },
        "customdata": [
            [change_word(change), head_word(trial.heads[name]), f"{a:.1%}", f"{b:.1%}"]
            for change, a, b in zip(trial.changes, low, high, strict=True)
        ],
        "hovertemplate": _("figure.trial.hover"),
    }


def _mean(trial: GateTrial, side: Side, look: Look) -> Settings:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": side[0].mean(1),
        "y": np.arange(len(side[0])),
        "marker": {"symbol": "line-ns-open", "size": 18, "color": look.text}
        | {"line": {"color": look.text, "width": 2.5}},
        "customdata": [change_word(change) for change in trial.changes],
        "hovertemplate": _("figure.trial.hover.mean"),
    }


def _axes(panels: Panels, trial: GateTrial, sides: tuple[Side, Side]) -> dict[str, Settings]:
    down = {
        "range": [len(trial.changes) - 0.5, -0.5],
        "tickvals": list(range(len(trial.changes))),
        "ticktext": [change_word(change) for change in trial.changes],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    axes = panels.axes({"fixedrange": True, "nticks": 4}, down)
    shown = 3 if sides[0][0].shape[1] == 1 else 1  # several heads are drawn without intervals
    accuracy, difference = (np.stack(list(side)[:shown]) for side in sides)
    ends = [float(np.floor(50 * accuracy.min()) / 50), float(np.ceil(50 * accuracy.max()) / 50)]
    reach = max(0.02, 1.1 * float(np.abs(difference).max()))
    axes["xaxis"] |= {
        "range": [ends[0] - 0.01, ends[1] + 0.01],
        "tickformat": ".0%",
        "title": _("figure.trial.axis.accuracy"),
    }
    step = max(one for one in STEPS if one < reach)
    axes["xaxis2"] |= {
        "range": [-reach, reach],
        "tickvals": [-step, 0, step],
        "ticktext": [f"−{100 * step:g}", "0", f"+{100 * step:g}"],
        "title": _("figure.trial.axis.difference"),
    }
    return axes


def _references(sides: tuple[Side, Side], look: Look) -> list[Settings]:
    """Return dotted lines at the accuracy as trained and at no difference."""
    line = {"color": look.muted, "width": 1, "dash": "dot"}
    tall = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": line}
    places = {"x": float(sides[0][0][0].mean()), "x2": 0.0}
    return [tall | {"xref": axis, "x0": x, "x1": x} for axis, x in places.items()]


def _head_words(trial: GateTrial, head: str | None) -> str:
    chosen = chosen_heads(trial, head)
    if len(chosen) == 1:
        return head_word(trial.heads[chosen[0]])
    return _("figure.trial.heads", heads=len(chosen))


def _subtitle(trial: GateTrial, head: str | None, look: Look) -> list[str]:
    data, n = escape(plain(trial.data, 24)), int(trial.n.sum())
    kinds = dict.fromkeys(head_gate(trial.heads[at]) or "" for at in chosen_heads(trial, head))
    signs = [(look.head_colour(kind), SHAPES[kind][1], kind_word(kind)) for kind in kinds]
    if len(chosen_heads(trial, head)) > 1:
        signs.append((look.text, "┃", _("figure.trial.mean")))
    words = _("figure.trial.subtitle", data=data, n=n, languages=len(trial.languages))
    verdict = f"<b>{short_verdict(trial, head)}</b>"
    return [words, verdict, key(signs), _filled(trial, head)]


def _filled(trial: GateTrial, head: str | None) -> str:
    heads = len(chosen_heads(trial, head))
    if heads == 1:
        return _("figure.trial.signs")
    return _("figure.trial.signs.every", expected=f"{CHANCE * heads:.1f}")


def describe_change_trial(trial: GateTrial, *, head: str | None = None) -> str:
    """Return `change_trial` in words: the accuracy, the change that moves it most, the verdict.

    Raises:
        ValueError: a head that was not tried.
    """
    chosen = chosen_heads(trial, head)
    difference = trial.difference[:, chosen].mean(1)
    most = int(np.abs(difference[1:]).argmax()) + 1 if len(difference) > 1 else 0
    return _(
        "figure.trial.alt",
        head=_head_words(trial, head),
        accuracy=tenths(float(trial.accuracy[0, chosen].mean())),
        change=change_word(trial.changes[most]),
        points=tenths(float(difference[most]), signed=True),
        verdict=trial_verdict(trial, head=head),
    )
