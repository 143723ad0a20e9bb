"""The points of differences: who stands where, with which interval, and what stands after Holm."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from dlfa.figures.scores import english_leads, language_word, measured, p_word
from dlfa.figures.words import escape, head_word
from dlfa.messages import _
from dlfa.results import BASELINE, Differences, head_gate

__all__ = ["SHAPES", "Points", "head_points", "kind_of", "language_points", "language_rows"]

SHAPES = {BASELINE: ("square", "■"), "paper": ("circle", "●"), "aff": ("diamond", "◆")}
BELOW = 0.5  # of a row: how far the languages stand below their average


@dataclass(frozen=True, eq=False, kw_only=True)
class Points:
    """One point per row, in reading order; differences in [−1, 1]."""

    rows: list[float]
    values: Float[np.ndarray, " row"]
    low: Float[np.ndarray, " row"]
    high: Float[np.ndarray, " row"]
    notes: list[list[str]]
    """What pointing at them tells: a name, and what is known besides the interval."""
    filled: list[bool]
    kinds: list[str]
    """Keys of `SHAPES`."""

    @property
    def widest(self) -> float:
        """The largest distance from 0."""
        return float(np.nanmax(np.abs([self.values, self.low, self.high])))


def kind_of(head: str) -> str:
    """Return ``"baseline"``, ``"paper"`` or ``"aff"``."""
    return head_gate(head) or BASELINE


def head_points(found: Differences, rows: Mapping[int, str]) -> Points:
    """Return every head's average over the languages.

    Args:
        found: differences to a reference.
        rows: row -> head.
    """
    at = [found.heads.index(head) for head in rows.values()]
    claimed = found.claimed()
    return Points(
        rows=list(map(float, rows)),
        values=found.average[at],
        low=found.low[at],
        high=found.high[at],
        notes=[[head_word(found.heads[one]), _holm(found, one)] for one in at],
        filled=[head in claimed for head in rows.values()],
        kinds=[kind_of(head) for head in rows.values()],
    )


def language_points(found: Differences, head: str, names: Mapping[str, str]) -> Points:
    """Return one head's average and, below it, its languages, English first; all hollow.

    Raises:
        ValueError: a head without differences.
    """
    place, order = found.heads.index(head), english_leads(found.languages)
    told = [
        [escape(language_word(found.languages[at], names)), _mcnemar(found, place, at)]
        for at in order
    ]
    return Points(
        rows=language_rows(len(order)),
        values=np.append(found.average[place], found.by_language[place, order]),
        low=np.append(found.low[place], found.language_low[place, order]),
        high=np.append(found.high[place], found.language_high[place, order]),
        notes=[[_("figure.report.average"), _holm(found, place)], *told],
        filled=[False] * (1 + len(order)),
        kinds=[kind_of(head)] * (1 + len(order)),
    )


def language_rows(languages: int) -> list[float]:
    """Return where an average and, a little apart, its languages stand."""
    return [0.0, *(1 + BELOW + at for at in range(languages))]


def _holm(found: Differences, at: int) -> str:
    p, raw = p_word(float(found.p_holm[at])), p_word(float(found.p[at]))
    return _("figure.forest.holm", p=escape(p), raw=escape(raw))


def _mcnemar(found: Differences, head: int, at: int) -> str:
    return measured(
        "figure.forest.mcnemar",
        found.metric,
        gained=int(found.only_head[head, at]),
        lost=int(found.only_reference[head, at]),
        p=escape(p_word(float(found.mcnemar[head, at]))),
    )
