"""A claim's numbers: every part with its interval, beside what the rule asks for."""

from collections import Counter
from collections.abc import Sequence
from math import isfinite
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import Settings, draw, key
from dlfa.figures.palette import Look
from dlfa.figures.scores import p_cell, p_word
from dlfa.figures.tables import Row
from dlfa.figures.words import decimals, escape
from dlfa.messages import _
from dlfa.results.claims import VERDICTS, Finding, Part

__all__ = [
    "claim_lead",
    "claim_numbers",
    "claim_p",
    "claim_p_cell",
    "claim_parts",
    "claim_parts_table",
    "claims_table",
    "claims_verdict",
    "describe_claim_parts",
]

DIGITS = 2
NAMED = 4  # parts that an alt text names one by one
ROOM = 0.08  # of the axis, left free on both sides
WIDEST = 24  # characters of a part's name in a line: a phone has room for no more
SIGNS = {True: ("circle", "●"), False: ("circle-open", "○"), None: ("diamond-open", "◇")}
SIGNED = ("points", "rho")  # units of differences and correlations
BANDED = 6  # the claim that asks for a band; two thresholds of others are one for each verdict


def claim_parts(found: Finding, look: Look) -> go.Figure:
    """Draw each part of a finding with its 95 % interval.

    Args:
        found: with parts that have numbers.
        look: light or dark, desk or projector.

    Returns:
        a row per part; dotted lines at the rule's thresholds, a band where the rule asks for one.
        A marker is filled where a part by itself satisfies the rule, a diamond where the rule does
        not ask about this part alone.
    """
    parts = [one for one in found.parts if isfinite(one.estimate)]
    rows = list(range(len(parts)))
    low, high = _reach(found, parts)
    names = ["<br>".join(map(escape, wrap(str(one.title), WIDEST))) for one in parts]
    lines = max((1 + name.count("<br>") for name in names), default=1)
    across = {"range": [low, high], "title": _axis(found), "fixedrange": True, "showgrid": True}
    down = {
        "range": [len(parts) - 0.5, -0.5],
        "tickvals": rows,
        "ticktext": names,
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return draw(
        [_points(found, parts, rows, look), _values(found, parts, rows, high, look)],
        look,
        title=_("figure.claim.title"),
        subtitle="<br>".join(map(key, filter(None, _signs(found, look)))),
        height=max(2, len(parts)) * max(look.row, lines * 1.5 * look.small),
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        right=4.2 * look.small,
        axes={"xaxis": across, "yaxis": down},
        shapes=_rule(found, look),
    )


def _reach(found: Finding, parts: Sequence[Part]) -> tuple[float, float]:
    """Return where the axis begins and ends: all intervals, 0 and the rule are on it."""
    ends = [value for one in parts for value in (one.estimate, one.low, one.high)]
    held = [value for value in (*ends, *found.thresholds) if isfinite(value)]
    low, high = min(held), max(held)
    low, high = (min(low, 0.0), max(high, 0.0)) if found.unit == "points" else (low, high)
    room = ROOM * ((high - low) or 1.0)
    return low - room, high + room


def _points(found: Finding, parts: Sequence[Part], rows: Sequence[int], look: Look) -> Settings:
    colours = [_colour(one.passes, look) for one in parts]
    values = np.array([one.estimate for one in parts])
    low, high = (np.array([getattr(one, end) for one in parts]) for end in ("low", "high"))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": list(rows),
        "error_x": {"array": np.nan_to_num(high - values)}
        | {"arrayminus": np.nan_to_num(values - low), "color": look.muted}
        | {"thickness": 1.6, "width": 0},
        "marker": {"symbol": [SIGNS[one.passes][0] for one in parts], "size": look.small - 2}
        | {"color": colours, "line": {"color": colours, "width": 2}},
        "customdata": [[escape(str(one.title)), escape(_told(found, one))] for one in parts],
        "hovertemplate": _("figure.claim.hover"),
    }


def _colour(passes: bool | None, look: Look) -> str:
    return look.muted if passes is None else look.head_colour("paper")


def _values(
    found: Finding, parts: Sequence[Part], rows: Sequence[int], end: float, look: Look
) -> Settings:
    """Write each estimate at the right edge."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [end] * len(parts),
        "y": list(rows),
        "text": [_number(one.estimate, found) for one in parts],
        "textposition": "middle right",
        "textfont": {"size": look.small, "color": look.text},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _rule(found: Finding, look: Look) -> list[Settings]:
    """Return a line at each threshold, and the band that a claim asks for."""
    line = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    drawn: list[Settings] = [
        line | {"x0": at, "x1": at, "line": {"color": look.muted, "dash": "dot", "width": 1.5}}
        for at in found.thresholds
    ]
    if _banded(found):
        first, last = found.thresholds
        band = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "x0": first, "x1": last}
        drawn.append(band | {"fillcolor": look.grid, "line": {"width": 0}, "layer": "below"})
    return drawn


def _banded(found: Finding) -> bool:
    return found.claim == BANDED and len(found.thresholds) == 2


def _signs(found: Finding, look: Look) -> list[list[tuple[str, str, str]]]:
    """Return the key's lines: what markers mean, and what the rule asks for."""
    words = {True: "passes", False: "open", None: "beside"}
    kinds = {one.passes for one in found.parts if isfinite(one.estimate)}
    markers = [
        (_colour(kind, look), SIGNS[kind][1], escape(_(f"figure.claim.{word}")))
        for kind, word in words.items()
        if kind in kinds
    ]
    if not found.thresholds:
        return [markers]
    many = "band" if _banded(found) else "line" if len(found.thresholds) == 1 else "lines"
    joined = (" – " if many == "band" else ", ").join(_number(at, found) for at in found.thresholds)
    return [markers, [(look.muted, "┊", escape(_(f"figure.claim.rule.{many}", values=joined)))]]


def _unit(found: Finding) -> str:
    return _(f"claims.unit.{found.unit}")


def _axis(found: Finding) -> str:
    return _(f"figure.claim.axis.{found.unit}")


def _told(found: Finding, one: Part) -> str:
    """Return a part's numbers in words."""
    said = _interval(one, found)
    if isfinite(one.p):
        said += f", {_against(p_word(one.p), one)}"
    if one.n:
        said += _("figure.claim.n", n=f"{one.n:,}")
    return f"{said} · {one.note}" if one.note else said


def _against(p: str, one: Part | Finding) -> str:
    """Return a p with what it holds the number against, where that is one threshold."""
    if not isfinite(one.against):
        return p
    return _("claims.against", p=p, value=decimals(one.against, DIGITS))


def _interval(one: Part | Finding, found: Finding) -> str:
    estimate = _number(one.estimate, found)
    if not isfinite(one.low):
        return estimate
    low, high = _number(one.low, found), _number(one.high, found)
    return _("figure.claim.interval", estimate=estimate, low=low, high=high)


def _number(value: float, found: Finding) -> str:
    """Return a number in the finding's unit: differences with their sign, zero without one."""
    signed = found.unit in SIGNED and abs(round(value, DIGITS)) > 0
    return decimals(value, DIGITS, signed=signed)


def describe_claim_parts(found: Finding) -> str:
    """Return the figure in words: of many parts the lowest and the highest."""
    parts = sorted(
        (one for one in found.parts if isfinite(one.estimate)), key=lambda one: one.estimate
    )
    named = parts if len(parts) <= NAMED else [parts[0], parts[-1]]
    told = "; ".join(f"{one.title}: {_interval(one, found)}" for one in named)
    few = "all" if named == parts else "ends"
    return _(f"figure.claim.alt.{few}", count=len(parts), unit=_axis(found), parts=told)


def claim_numbers(found: Finding) -> str:
    """Return a finding's estimate with interval and unit; empty without numbers."""
    if not isfinite(found.estimate) or found.unit in ("checks", "none"):
        return ""
    return f"{_interval(found, found)} {_unit(found)}"


def claim_lead(found: Finding) -> str:
    """Return what the finding's numbers are of; empty where they are not one of several parts'."""
    named = {one.name: str(one.title) for one in found.parts}
    return named.get(found.lead, "") if len(named) > 1 else ""


def claim_p(found: Finding) -> str:
    """Return a finding's p, corrected over all claims; empty where it has none."""
    return p_word(found.p_holm) if isfinite(found.p_holm) and claim_numbers(found) else ""


def claim_p_cell(found: Finding) -> str:
    """Return the same for a column that is called p."""
    return p_cell(found.p_holm) if claim_p(found) else ""


def claims_verdict(found: Sequence[Finding]) -> str:
    """Return in one sentence how many claims stand how."""
    counted = Counter(one.verdict for one in found)
    told = [f"{counted[one]} {_(f'claims.verdict.{one}')}" for one in VERDICTS if counted[one]]
    return _("figure.claims.verdict", counts=", ".join(told))


def claims_table(found: Sequence[Finding]) -> list[Row]:
    """Return one row per claim: sentence, verdict, numbers, what it is about."""
    return [
        {
            "claim": one.claim,
            "sentence": _(f"claims.{one.claim}.sentence"),
            "verdict": _(f"claims.verdict.{one.verdict}"),
            **_numbers(one),
            "p_holm": _finite(one.p_holm),
            "backbone": one.backbone,
            "recipe": one.recipe,
            "command": one.command,
        }
        for one in found
    ]


def claim_parts_table(found: Finding) -> list[Row]:
    """Return one row per part of a finding."""
    return [
        {"part": str(one.title), **_numbers(one), "note": str(one.note) if one.note else ""}
        for one in found.parts
    ]


def _numbers(one: Part | Finding) -> Row:
    names = ("estimate", "low", "high", "p", "against")
    return {**{name: _finite(getattr(one, name)) for name in names}, "n": one.n or "", "of": one.of}


def _finite(value: float) -> float | str:
    return value if isfinite(value) else ""
