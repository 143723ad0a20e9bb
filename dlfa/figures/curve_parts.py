"""Measures and probes as curves: what they share, so that one drawing shows both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from dlfa.figures.curves import Band
from dlfa.figures.map_hover import title_word
from dlfa.figures.scores import interval, language_word
from dlfa.figures.spaces import space_word
from dlfa.figures.words import decimals, escape, plain, tenths
from dlfa.messages import _
from dlfa.results import LayerMeasure, Probe, Provenance

__all__ = ["Curves", "of_measure", "of_probe"]

SHARES = frozenset({"p_at_1", "margin"})  # measures that are hits among trials
KNOWN = frozenset({"p_at_1", "margin", "similarity", "cka", "anc"})
UNDEFINED = "–"
SILHOUETTE = "silhouette-"  # with the column that was told apart


@dataclass(frozen=True, kw_only=True)
class Curves:
    """One measure in every space: of each pair or language, on average, and of its control."""

    name: str
    """What it is called, safe to print."""
    about: str
    """What the values are and what the control is, in one line."""
    rows: tuple[str, ...]
    """What each pair or language is called, safe to print."""
    spaces: tuple[str, ...]
    values: Float[np.ndarray, "row space"]
    low: Float[np.ndarray, "row space"]
    high: Float[np.ndarray, "row space"]
    average: Band
    control: Float[np.ndarray, " space"]
    majority: float | None
    """What is right without looking at the vectors; None where that means nothing."""
    shares: bool
    """Whether values are shares, told in percent."""
    made: Provenance

    def row(self, at: int) -> Band:
        """Return one pair's or one language's values."""
        parts = {"values": self.values[at], "low": self.low[at], "high": self.high[at]}
        return Band(spaces=self.spaces, **parts)

    def defined(self, among: Sequence[int]) -> list[int]:
        """Return which of some spaces have an average: nothing is told of equal vectors."""
        return [at for at in among if np.isfinite(self.average.values[at])]

    def word(self, value: float) -> str:
        """Return a value as people read it."""
        if np.isnan(value):
            return UNDEFINED
        return f"{tenths(value)} %" if self.shares else decimals(value, 2)

    def interval(self, low: float, high: float) -> str:
        """Return an interval as people read it."""
        if np.isnan(low):
            return UNDEFINED
        if self.shares:
            return interval(low, high)
        ends = {"low": decimals(low, 2), "high": decimals(high, 2)}
        return _("figure.measure.interval", **ends)

    def told(self, found: Band, at: int) -> dict[str, str]:
        """Return one space's numbers for a message: space, value, interval and control."""
        return {
            "space": space_word(self.spaces[at]),
            "value": self.word(float(found.values[at])),
            "interval": self.interval(float(found.low[at]), float(found.high[at])),
            "control": self.word(float(self.control[at])),
        }


def of_measure(measure: LayerMeasure, names: Mapping[str, str]) -> Curves:
    """Return a cross-lingual measure as curves.

    Args:
        measure: over pairs of languages, or over languages.
        names: language code -> name; a code without one stands for itself.
    """
    return _curves(
        measure,
        name=measure_name(measure.name),
        about=_("figure.measure.about"),
        rows=tuple(pair_word(pair, names) for pair in measure.pairs),
        majority=None,
        shares=measure.name in SHARES,
    )


def of_probe(probe: Probe, names: Mapping[str, str]) -> Curves:
    """Return a probe as curves; as `of_measure`."""
    learned = ", ".join(escape(language_word(code, names)) for code in probe.trained_on[:2])
    every = len(probe.trained_on) > 2
    many = _("figure.probe.languages", n=len(probe.trained_on))
    return _curves(
        probe,
        name=_(f"figure.probe.name.{probe.name}"),
        about=_("figure.probe.about", languages=many if every else learned),
        rows=tuple(pair_word((code, ""), names) for code in probe.languages),
        majority=probe.majority,
        shares=True,
    )


def _curves(
    found: LayerMeasure | Probe,
    *,
    name: str,
    about: str,
    rows: tuple[str, ...],
    majority: float | None,
    shares: bool,
) -> Curves:
    average = Band(
        spaces=found.spaces,
        values=found.average,
        low=found.average_low,
        high=found.average_high,
    )
    return Curves(
        name=name,
        about=about,
        rows=rows,
        spaces=found.spaces,
        values=found.values,
        low=found.low,
        high=found.high,
        average=average,
        control=found.control,
        majority=majority,
        shares=shares,
        made=found.provenance,
    )


def measure_name(name: str) -> str:
    """Return what a measure is called; one unknown to the catalogue stands for itself."""
    if name.startswith(SILHOUETTE):
        column = title_word(name.removeprefix(SILHOUETTE))
        return _("figure.measure.name.silhouette", column=column)
    return _(f"figure.measure.name.{name}") if name in KNOWN else escape(plain(name, 24))


def pair_word(pair: tuple[str, str], names: Mapping[str, str]) -> str:
    """Return what a pair of languages is called, or a single one, safe to print."""
    return " – ".join(escape(language_word(code, names)) for code in pair if code)
