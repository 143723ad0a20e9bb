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

__all__ = ["LEVEL", "Ruled", "directional", "edge", "equal", "everywhere", "inside", "somewhere"]

LEVEL = 0.05  # of all tests

Parts = Mapping[str, Quantity]


class Ruled(NamedTuple):
    """What a rule says."""

    verdict: Verdict
    p: float
    """Of the verdict's being wrong; of an open one, of the nearer of the two."""
    lead: str
    """The part that decides, whose p it is; empty of none."""
    reason: str
    """``"above"``, ``"below"``, ``"open"``, ``"between"``, ``"inside"``, ``"outside"``,
    ``"trifling"``, ``"missing"``, ``"alike"``; ``"one_of_many"`` of a part that lies on the wrong
    side, but no longer once its interval is widened; ``"neither"`` where too few parts hold and
    too many might."""
    passes: Mapping[str, bool]
    """Which parts satisfy it."""
    corrected: Mapping[str, float]
    """Each part's p after Holm, where the rule asks for it."""
    against: float = np.nan
    """What ``p`` holds the lead against; NaN of an open verdict."""


def _ruled(
    verdict: Verdict,
    p: float,
    lead: str,
    reason: str,
    passes: Mapping[str, bool] | None = None,
    corrected: Mapping[str, float] | None = None,
    against: float = np.nan,
) -> Ruled:
    return Ruled(verdict, min(float(p), 1.0), lead, reason, passes or {}, corrected or {}, against)


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
    bounds = {name: one.bounds() for name, one in parts.items()}
    passes = {name: low > threshold for name, (low, _high) in bounds.items()}
    above = {name: _p(one, threshold, one.value > threshold) for name, one in parts.items()}
    under = {
        name: wanted * _p(one, threshold, one.value < threshold) for name, one in parts.items()
    }
    below = [name for name, one in parts.items() if one.bounds(wanted)[1] < threshold]
    if below:
        lead = min(below, key=lambda name: (under[name], parts[name].value))
        return _ruled("contradicted", under[lead], lead, "below", passes, against=threshold)
    lead = max(parts, key=lambda name: (not passes[name], above[name], -parts[name].value))
    whole = len(parts) >= wanted
    if whole and all(passes.values()):
        return _ruled("supported", above[lead], lead, "above", passes, against=threshold)
    p = min(above[lead] if whole else 1.0, *under.values())
    reason = "one_of_many" if bounds[lead][1] < threshold else "open" if whole else "missing"
    return _ruled("undecided", p, lead, reason, passes)


def _p(one: Quantity, threshold: float, side: bool) -> float:
    """Return the p of a number's being on the other side of the threshold than it was found."""
    return one.p(threshold) if side else 1.0


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
    bounds = {name: one.bounds() for name, one in parts.items()}
    passes = {name: bounds[name][0] > threshold and corrected[name] < LEVEL for name in names}
    above = {name: corrected[name] if parts[name].value > threshold else 1.0 for name in names}
    ordered = sorted(names, key=lambda name: (not passes[name], above[name], -parts[name].value))
    lead = ordered[min(least, len(names)) - 1]  # the best but so many
    p_above = above[lead] if len(names) >= least else 1.0
    under = {name: _p(one, worth, one.value < worth) for name, one in parts.items()}
    most = max(names, key=lambda name: (under[name], parts[name].value))
    enough = sum(passes.values()) >= least
    small = all(high < worth for _low, high in bounds.values())
    whole = len(parts) >= wanted
    told = passes, corrected
    if enough and small and whole:
        return _ruled("undecided", p_above, lead, "trifling", *told)
    if enough:
        return _ruled("supported", p_above, lead, "above", *told, threshold)
    if small and whole:
        return _ruled("contradicted", under[most], most, "below", *told, worth)
    if len(parts) < least or small:
        return _ruled("undecided", p_above, lead, "missing", *told)
    reason = "open" if bounds[lead][0] <= threshold <= bounds[lead][1] else "neither"
    if whole and under[most] < p_above:
        return _ruled("undecided", under[most], most, "neither", *told)
    return _ruled("undecided", p_above, lead, reason, *told)


def inside(parts: Parts, wanted: int, low: float, high: float) -> Ruled:
    """Rule on a claim that all its parts lie in a band.

    Supported where all 95 % intervals lie in it; contradicted where some part's, widened for as
    many as the claim has, lies wholly outside.
    """
    if not parts:
        return _ruled("undecided", np.nan, "", "missing")
    bounds = {name: one.bounds() for name, one in parts.items()}
    passes = {name: low <= least and most <= high for name, (least, most) in bounds.items()}
    edges = {name: edge(one, low, high) for name, one in parts.items()}
    in_band = {
        name: max(_p(one, low, one.value > low), _p(one, high, one.value < high))
        for name, one in parts.items()
    }
    out = {
        name: wanted * _p(one, edges[name], not low <= one.value <= high)
        for name, one in parts.items()
    }
    far = {name: abs(one.value - (low + high) / 2) for name, one in parts.items()}
    wide = {name: one.bounds(wanted) for name, one in parts.items()}
    outside = [name for name, (least, most) in wide.items() if most < low or least > high]
    if outside:
        lead = min(outside, key=lambda name: (out[name], -far[name]))
        return _ruled("contradicted", out[lead], lead, "outside", passes, against=edges[lead])
    lead = max(parts, key=lambda name: (not passes[name], in_band[name], far[name]))
    whole = len(parts) >= wanted
    if whole and all(passes.values()):
        return _ruled("supported", in_band[lead], lead, "inside", passes, against=edges[lead])
    p = min(in_band[lead] if whole else 1.0, *out.values())
    alone = bounds[lead][1] < low or bounds[lead][0] > high
    reason = "one_of_many" if alone else "between" if whole else "missing"
    return _ruled("undecided", p, lead, reason, passes)


def edge(one: Quantity, low: float, high: float) -> float:
    """Return the end of a band that a number is nearer to."""
    return low if one.value < (low + high) / 2 else high


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
        return ruled._replace(verdict="undecided", reason="trifling", against=np.nan)
    return alike._replace(verdict="contradicted", reason="alike", passes=ruled.passes)
