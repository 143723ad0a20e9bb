"""When is a claim supported, when contradicted? Written before anything was measured.

Pure functions of quantities and thresholds. The threshold is the smallest effect that would still
deserve the claim's words. Of claims that are wrong at most one in twenty comes out as supported, of
claims that are right at most one in twenty as contradicted; whatever is between cannot be decided
(tests: tests/unit/claims/test_rules.py).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from dlfa.analysis.statistics import holm
from dlfa.claims.quantities import Quantity
from dlfa.results.claims import Verdict

__all__ = ["LEVEL", "Ruled", "directional", "equal", "everywhere", "inside", "somewhere"]

LEVEL = 0.05  # of all tests

Parts = Mapping[str, Quantity]


class Ruled(NamedTuple):
    """What a rule says."""

    verdict: Verdict
    p: float
    """Of the verdict's being wrong; of an open one, of the nearer of the two."""
    lead: str
    """The part that decides; empty of none."""
    reason: str
    """``"above"``, ``"below"``, ``"open"``, ``"between"``, ``"inside"``, ``"outside"``,
    ``"trifling"``, ``"missing"``, ``"alike"``."""
    passes: Mapping[str, bool]
    """Which parts satisfy it."""
    corrected: Mapping[str, float]
    """Each part's p after Holm, where the rule asks for it."""


def _ruled(
    verdict: Verdict,
    p: float,
    lead: str,
    reason: str,
    passes: Mapping[str, bool] | None = None,
    corrected: Mapping[str, float] | None = None,
) -> Ruled:
    return Ruled(verdict, min(float(p), 1.0), lead, reason, passes or {}, corrected or {})


def directional(one: Quantity, threshold: float = 0.0) -> Ruled:
    """Rule on one number: is it above the threshold, below it, or can nobody tell?"""
    return everywhere({"": one}, 1, threshold)


def everywhere(parts: Parts, wanted: int, threshold: float = 0.0) -> Ruled:
    """Rule on a claim that holds only if all its parts do (intersection-union, Berger 1982).

    Supported where every part's 95 % interval lies above the threshold: that needs no correction.
    Contradicted where some part's, widened for as many as the claim has, lies below it.

    Args:
        parts: those that could be measured.
        wanted: how many the claim is about: without all of them nothing is supported.
        threshold: the least that each has to exceed.
    """
    if not parts:
        return _ruled("undecided", np.nan, "", "missing")
    passes = {name: one.bounds()[0] > threshold for name, one in parts.items()}
    weakest = min(parts, key=lambda name: parts[name].value - threshold)
    below = [name for name, one in parts.items() if one.bounds(wanted)[1] < threshold]
    if below:
        p = {name: wanted * parts[name].p(threshold) for name in below}
        lead = min(below, key=lambda name: (p[name], parts[name].value))
        return _ruled("contradicted", p[lead], lead, "below", passes)
    p_all = max(one.p(threshold) for one in parts.values())
    if len(parts) < wanted:
        return _ruled("undecided", p_all, weakest, "missing", passes)
    if all(passes.values()):
        return _ruled("supported", p_all, weakest, "above", passes)
    return _ruled("undecided", p_all, weakest, "open", passes)


def somewhere(parts: Parts, wanted: int, least: int, threshold: float, worth: float) -> Ruled:
    """Rule on a claim that holds if at least so many of its parts do.

    Supported where as many lie above the threshold after Holm over the parts. Contradicted where
    all that the claim is about are there and lie below what would be worth the words (all have to:
    no correction). Where both are so, the effect is there and too small: nobody decides.

    Args:
        parts: those that could be measured.
        wanted: how many the claim is about.
        least: how many have to hold.
        threshold: that they have to exceed.
        worth: the smallest effect that would still deserve the words, at least the threshold.
    """
    if not parts:
        return _ruled("undecided", np.nan, "", "missing")
    names = list(parts)
    p_holm = holm(np.array([parts[name].p(threshold) for name in names]))
    corrected: dict[str, float] = dict(zip(names, p_holm.tolist(), strict=True))
    passes = {
        name: parts[name].bounds()[0] > threshold and corrected[name] < LEVEL for name in names
    }
    ordered = sorted(names, key=lambda name: -parts[name].value)
    lead = ordered[min(least, len(ordered)) - 1]  # the best but so many
    enough = sum(passes.values()) >= least
    small = len(parts) >= wanted and all(one.bounds()[1] < worth for one in parts.values())
    told = passes, corrected
    if enough and small:
        return _ruled("undecided", corrected[lead], lead, "trifling", *told)
    if enough:
        p = sorted(corrected[name] for name in names if passes[name])[least - 1]
        return _ruled("supported", p, lead, "above", *told)
    if small:
        p = max(one.p(worth) for one in parts.values())
        return _ruled("contradicted", p, ordered[0], "below", *told)
    reason = "missing" if len(parts) < least else "open"
    return _ruled("undecided", corrected[lead], lead, reason, *told)


def inside(parts: Parts, wanted: int, low: float, high: float) -> Ruled:
    """Rule on a claim that all its parts lie in a band.

    Supported where all 95 % intervals lie in it; contradicted where some part's, widened for as
    many as the claim has, lies wholly outside.
    """
    if not parts:
        return _ruled("undecided", np.nan, "", "missing")
    bounds = {name: one.bounds() for name, one in parts.items()}
    passes = {name: low <= least and most <= high for name, (least, most) in bounds.items()}
    farthest = max(parts, key=lambda name: abs(parts[name].value - (low + high) / 2))
    wide = {name: one.bounds(wanted) for name, one in parts.items()}
    outside = [name for name, (least, most) in wide.items() if most < low or least > high]
    if outside:
        p = {name: wanted * _nearest(parts[name], low, high) for name in outside}
        lead = min(outside, key=lambda name: (p[name], -abs(parts[name].value - (low + high) / 2)))
        return _ruled("contradicted", p[lead], lead, "outside", passes)
    p_all = max(max(one.p(low), one.p(high)) for one in parts.values())
    if len(parts) < wanted:
        return _ruled("undecided", p_all, farthest, "missing", passes)
    if all(passes.values()):
        return _ruled("supported", p_all, farthest, "inside", passes)
    return _ruled("undecided", p_all, farthest, "between", passes)


def _nearest(one: Quantity, low: float, high: float) -> float:
    return one.p(low if one.value < low else high)


def equal(parts: Parts, threshold: float, margin: float) -> Ruled:
    """Rule on a claim that something makes a difference, in all its parts.

    Supported where every part lies above the threshold; contradicted where every part's interval
    lies within the margin on either side (equivalence, Schuirmann 1987). Where both are so, the
    difference is there and too small.
    """
    ruled = everywhere(parts, len(parts), threshold)
    alike = inside(parts, len(parts), -margin, margin)
    if alike.verdict != "supported":
        return ruled
    if ruled.verdict == "supported":
        return ruled._replace(verdict="undecided", reason="trifling")
    return alike._replace(verdict="contradicted", reason="alike", passes=ruled.passes)
