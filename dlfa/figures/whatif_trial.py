"""What an intervention does over a set: accuracy and agreement, language by language."""

from collections.abc import Iterator, Mapping

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.forest_points import language_rows
from dlfa.figures.frame import Settings, draw, key, made_by
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
from dlfa.figures.scores import (
    difference_axis,
    english_leads,
    interval,
    language_word,
    p_word,
)
from dlfa.figures.tables import Row, source
from dlfa.figures.whatif_words import change_title
from dlfa.figures.words import escape, head_word, hundredths
from dlfa.messages import _
from dlfa.results import Intervention, InterventionTrial, SetEffect, head_gate

__all__ = [
    "describe_intervention_effects",
    "intervention_effects",
    "intervention_verdict",
    "trial_effects_table",
]

APART = 0.16  # of a row, between an intervention and its control
LEVEL = 0.05
BEYOND = ("beyond_control", "beyond_low", "beyond_high", "beyond_p_holm")


def intervention_effects(
    trial: InterventionTrial,
    look: Look,
    *,
    head: str,
    names: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw what the first intervention does to one head, beside the last change, its control.

    Args:
        trial: over labelled pairs.
        look: light or dark, desk or projector.
        head: one with a gate.
        names: language code -> name; a code without one stands for itself.

    Returns:
        left the accuracy's difference to the gate as trained, right the agreement's with the
        reference language, each with 95 % intervals: the mean over the languages, then each
        language; a circle is filled where Holm's correction leaves the mean standing.

    Raises:
        ValueError: a head that was not tried.
    """
    at, effects = trial.heads.index(head), _effects(trial)
    order = english_leads(trial.accuracy.languages)
    codes = [trial.accuracy.languages[place] for place in order]
    rows = language_rows(len(codes))
    panels = Panels(count=len(effects), columns=len(effects), across=0.07)
    last = len(trial.changes) - 1
    signs = {
        0: ("circle", "●", look.head_colour(head_gate(head) or "")),
        last: ("x", "×", look.muted),
    }
    traces = [
        _points(effect, change, at, codes, names or {}, (symbol, ink), look) | panels.on(panel)
        for panel, effect in enumerate(effects)
        for change, (symbol, _sign, ink) in signs.items()
    ]
    widest = max(
        float(np.nanmax(np.abs(values[[0, last], at])))
        for effect in effects
        for values in (effect.language_low, effect.language_high, effect.low, effect.high)
    )
    down = {
        "range": [rows[-1] + 0.5, -0.5],
        "tickvals": rows,
        "ticktext": [
            _("figure.report.average"),
            *(escape(language_word(code, names or {})) for code in codes),
        ],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    titles = [_("figure.if_set.accuracy"), _("figure.if_set.agreement", language=_of(trial, names))]
    words = [
        (ink, sign, escape(change_title(Intervention.parse(trial.changes[change]))))
        for change, (_symbol, sign, ink) in signs.items()
    ]
    return draw(
        traces,
        look,
        title=_("figure.if_set.title", head=head_word(head)),
        subtitle="<br>".join(
            [made_by(trial.provenance), _size(trial), *(key([one]) for one in words)]
        ),
        height=(rows[-1] + 1) * look.row,
        top=2.2 * look.small,
        bottom=3.4 * look.small,
        axes=panels.axes(_across(widest), down),
        annotations=[
            panels.heading(panel, look, escape(title))
            for panel, title in enumerate(titles[: len(effects)])
        ],
        shapes=[_zero(panel, look) for panel in range(len(effects))],
    )


def _across(widest: float) -> Settings:
    """Return the axis of differences, with three ticks: on a phone there is no room for more."""
    axis = difference_axis(widest, _("figure.if_set.axis"))
    zero = len(axis["tickvals"]) // 2
    keep = (zero // 2, zero, 2 * zero - zero // 2)
    return axis | {name: [axis[name][at] for at in keep] for name in ("tickvals", "ticktext")}


def _effects(trial: InterventionTrial) -> list[SetEffect]:
    return [trial.accuracy, *([trial.agreement] if trial.agreement else [])]


def _of(trial: InterventionTrial, names: Mapping[str, str] | None) -> str:
    return language_word(trial.reference, names or {}) if trial.reference else ""


def _size(trial: InterventionTrial) -> str:
    return _(
        "figure.if_set.size",
        data=escape(trial.data),
        n=trial.n,
        languages=len(trial.accuracy.languages),
    )


def _points(
    effect: SetEffect,
    change: int,
    at: int,
    codes: list[str],
    names: Mapping[str, str],
    drawn: tuple[str, str],
    look: Look,
) -> Settings:
    """Return one change's mean and languages, those that are compared."""
    there = [place for place, code in enumerate(codes) if code in effect.languages]
    own = [effect.languages.index(codes[place]) for place in there]
    every = language_rows(len(codes))
    rows = np.array([every[0], *(every[1 + place] for place in there)])

    def column(average: np.ndarray, each: np.ndarray) -> np.ndarray:
        return np.append(average[change, at], each[change, at, own])

    values = column(effect.average, effect.by_language)
    low = column(effect.low, effect.language_low)
    high = column(effect.high, effect.language_high)
    symbol, ink = drawn
    sure = effect.p_holm[change, at] < LEVEL
    symbols = [symbol if row == 0 and sure else f"{symbol}-open" for row in range(len(values))]
    shift = APART if symbol == "x" else -APART
    p = _("figure.if_set.p", p=escape(p_word(float(effect.p_holm[change, at]))))
    named = (language_word(codes[place], names) for place in there)
    told = [_("figure.report.average"), *named]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": rows + shift,
        "error_x": {"array": high - values, "arrayminus": values - low, "color": ink}
        | {"thickness": 1.4, "width": 0},
        "marker": {"symbol": symbols, "size": look.small - 3, "color": ink}
        | {"line": {"color": ink, "width": 1.6}},
        "customdata": [
            [
                escape(name),
                hundredths(value),
                interval(one, other, signed=True),
                p if not row else "",
            ]
            for row, (name, value, one, other) in enumerate(
                zip(told, values, low, high, strict=True)
            )
        ],
        "hovertemplate": _("figure.if_set.hover"),
    }


def _zero(panel: int, look: Look) -> Settings:
    axis = panel + 1 if panel else ""
    line = {"color": look.muted, "width": 1, "dash": "dot"}
    place = {"x0": 0, "x1": 0, "y0": 0, "y1": 1, "xref": f"x{axis}", "yref": f"y{axis} domain"}
    return {"type": "line", "layer": "below", "line": line} | place


def intervention_verdict(trial: InterventionTrial, head: str) -> str:
    """Say what the first intervention does to one head, and whether more than its control does.

    Raises:
        ValueError: a head that was not tried.
    """
    at = trial.heads.index(head)
    parts = []
    for effect in _effects(trial):
        size = "some" if effect.p_holm[0, at] < LEVEL else "none"
        bounds = effect.low[0, at], effect.high[0, at]
        parts.append(
            _(
                f"figure.if_set.verdict.{effect.measure}.{size}",
                head=head_word(head),
                change=change_title(Intervention.parse(trial.changes[0])),
                points=hundredths(float(effect.average[0, at])),
                interval=interval(*map(float, bounds), signed=True),
                control=hundredths(float(effect.average[-1, at])),
            )
        )
        size = "some" if effect.beyond_p_holm[0, at] < LEVEL else "none"
        bounds = effect.beyond_low[0, at], effect.beyond_high[0, at]
        parts.append(
            _(
                f"figure.if_set.beyond.{size}",
                points=hundredths(float(effect.beyond_average[0, at])),
                interval=interval(*map(float, bounds), signed=True),
            )
        )
    return " ".join(parts)


def describe_intervention_effects(
    trial: InterventionTrial, *, head: str, names: Mapping[str, str] | None = None
) -> str:
    """Return `intervention_effects` in words: the verdict, and the language that it moves most."""
    at = trial.heads.index(head)
    each = trial.accuracy.by_language[0, at]
    most = int(np.abs(each).argmax())
    return _(
        "figure.if_set.alt",
        verdict=intervention_verdict(trial, head).replace("*", ""),
        language=language_word(trial.accuracy.languages[most], names or {}),
        points=hundredths(float(each[most])),
    )


def trial_effects_table(trial: InterventionTrial) -> list[Row]:
    """Return one row per change, head, measure and language, ``average`` for their mean."""
    made = source(trial.provenance)
    places = [*np.ndindex(len(trial.changes), len(trial.heads))]
    return [
        {"data": trial.data, "change": trial.changes[change], "head": trial.heads[head]}
        | row
        | made
        for effect in _effects(trial)
        for change, head in places
        for row in _effect_rows(effect, change, head)
    ]


def _effect_rows(effect: SetEffect, change: int, head: int) -> Iterator[Row]:
    place = change, head
    mean = [float(one[place]) for one in (effect.average, effect.low, effect.high)]
    p: Row = {"p": float(effect.p[place]), "p_holm": float(effect.p_holm[place])}
    beyond = effect.beyond_average, effect.beyond_low, effect.beyond_high, effect.beyond_p_holm
    for name, one in zip(BEYOND, beyond, strict=True):
        p[name] = float(one[place]) if change < len(one) else np.nan
    yield _bounds(effect.measure, "average", mean) | p
    each = effect.by_language, effect.language_low, effect.language_high
    for at, code in enumerate(effect.languages):
        found = [float(one[change, head, at]) for one in each]
        yield _bounds(effect.measure, code, found) | dict.fromkeys(("p", "p_holm", *BEYOND), np.nan)


def _bounds(measure: str, language: str, found: list[float]) -> Row:
    names = ("difference", "low", "high")
    return {"measure": measure, "language": language} | dict(zip(names, found, strict=True))
