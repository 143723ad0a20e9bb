"""Numbers, names and orders that the figures of an evaluation share."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from dlfa.figures.frame import Settings
from dlfa.figures.words import hundredths, plain, tenths
from dlfa.messages import _, of_task
from dlfa.results import BASELINE, Accuracies

__all__ = [
    "LONGEST_RUN",
    "Order",
    "count",
    "difference_axis",
    "dotted",
    "english_leads",
    "interval",
    "language_order",
    "language_word",
    "measured",
    "p_cell",
    "p_word",
    "reference_word",
    "share_axis",
    "shares",
    "twin",
]

Order = Literal["baseline", "alphabet"]

ACCURACY = "accuracy"  # of pairs: what messages are about unless they have a twin
ENGLISH = "en"  # what the heads were trained on
LONGEST_RUN = 18  # characters of a stored run's name
LONGEST_LANGUAGE = 24
LEAST_P = 0.001
LEAST_REACH = 0.01  # of an axis of differences: one point
STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # between its ticks


def shares(
    right: Int[np.ndarray, "... kind"], n: Int[np.ndarray, " kind"]
) -> Float[np.ndarray, "... kind"]:
    """Return ``right / n`` in [0, 1]; NaN where there are no examples."""
    missing = np.full(right.shape, np.nan)
    found: np.ndarray = np.divide(right, n, out=missing, where=np.broadcast_to(n > 0, right.shape))
    return found


def measured(key: str, metric: str, /, **params: object) -> str:
    """Return a message about accuracy, or its twin ``key.words``, which names another measure.

    Args:
        key: of the message about accuracy of pairs.
        metric: as of `dlfa.results.Accuracies`.
        params: values for the placeholders.
    """
    name = _(f"metric.{metric}")
    return of_task(key, twin(metric), **params, **({"measure": name} if twin(metric) else {}))


def twin(metric: str) -> str:
    """Return what the keys of messages about tagged words end in; empty for accuracy of pairs."""
    return "" if metric == ACCURACY else "words"


def count(number: int) -> str:
    """Return a number of examples as people read it: ``1,500``."""
    return f"{number:,}"


def interval(low: float, high: float, *, signed: bool = False) -> str:
    """Return an interval of shares, or of differences (signed), in percent or points."""
    written = hundredths if signed else tenths
    ends = {"low": written(low), "high": written(high)}
    return _("figure.report.interval", **ends)


def p_word(p: float) -> str:
    """Return a p value as people read it: ``p = 0.034``, ``p < 0.001``."""
    if p < LEAST_P:
        return _("figure.report.p.small", p=LEAST_P)
    return _("figure.report.p", p=f"{p:.3f}")


def p_cell(p: float) -> str:
    """Return a p value for a column that is called p: ``0.034``, ``< 0.001``."""
    return f"< {LEAST_P}" if p < LEAST_P else f"{p:.3f}"


def language_word(code: str, names: Mapping[str, str]) -> str:
    """Return a language's name, safe in an alt text; a code without a name stands for itself."""
    return plain(names.get(code, code), LONGEST_LANGUAGE)


def reference_word(reference: str) -> str:
    """Return what differences are taken to, safe in an alt text: the baseline, or a run's name."""
    if reference == BASELINE:
        return _("figure.report.baseline")
    return plain(reference, LONGEST_RUN)


def english_leads(languages: Sequence[str]) -> list[int]:
    """Return the languages' indices: English, which the heads know, then as they come."""
    return sorted(range(len(languages)), key=lambda at: languages[at] != ENGLISH)


def language_order(accuracies: Accuracies, order: Order, names: Mapping[str, str]) -> list[int]:
    """Return the languages' indices: English first, then by ``order``.

    Args:
        accuracies: of any languages.
        order: ``"baseline"``: the easiest for the baseline first (for all heads, where it was left
            out); ``"alphabet"``: by name.
        names: language code -> name.
    """
    codes = accuracies.languages
    ranks = -_ease(accuracies) if order == "baseline" else np.zeros(len(codes))
    return sorted(
        range(len(codes)),
        key=lambda at: (codes[at] != ENGLISH, float(ranks[at]), names.get(codes[at], codes[at])),
    )


def _ease(accuracies: Accuracies) -> Float[np.ndarray, " language"]:
    every = accuracies.share
    heads = accuracies.heads
    found = every[heads.index(BASELINE)] if BASELINE in heads else every.mean(0)
    return np.nan_to_num(found)


def share_axis(low: float, high: float, title: str, *, step: float = 0.05) -> Settings:
    """Return the settings of an x axis of shares: its ends are multiples of a step, 5 %."""
    ends = max(0.0, step * np.floor(low / step)), min(1.0, step * np.ceil(high / step))
    return {
        "range": [ends[0] - step / 5, ends[1] + step / 5],
        "nticks": 6,
        "tickformat": ".1~%",
        "title": title,
        "fixedrange": True,
    }


def difference_axis(widest: float, title: str) -> Settings:
    """Return the settings of an x axis of differences: 0 in the middle, ticks in points.

    Args:
        widest: the largest distance from 0 that is drawn, as a share.
        title: its words.
    """
    reach = 1.08 * max(LEAST_REACH, widest)
    step = max(one for one in STEPS if 1.6 * one < reach)
    many = int(reach / step)
    ticks = [at * step for at in range(-many, many + 1)]
    return {
        "range": [-reach, reach],
        "tickvals": ticks,
        "ticktext": [_tick(100 * tick) for tick in ticks],
        "title": title,
        "fixedrange": True,
    }


def _tick(points: float) -> str:
    return f"{points:+g}".replace("-", "−") if points else "0"


def dotted(x: float, colour: str) -> Settings:
    """Return a dotted line from top to bottom, behind the data."""
    line = {"color": colour, "width": 1, "dash": "dot"}
    place = {"xref": "x", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, "layer": "below"} | place
