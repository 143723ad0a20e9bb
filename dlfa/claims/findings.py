"""From what a rule says to a finding: its parts, and why, in sentences."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from dlfa.claims.evidence import TASKS, Evidence
from dlfa.claims.quantities import Quantity
from dlfa.claims.rules import Ruled
from dlfa.claims.sources import Record, Runs
from dlfa.results.claims import Finding, Part, RecordRef, Saying, Unit

__all__ = ["about_records", "listed", "measured", "part", "reason", "refs", "shown", "task_title"]

BANDS = (
    "inside",
    "outside",
    "between",
    "neither",
    "one_of_many",
)  # reasons that name both thresholds
LOWEST = ("above", "open")  # and the first; others the last


def shown(value: float, unit: Unit) -> str:
    """Return a number as a sentence has it; points with their sign, zero without one."""
    sign = "+" if unit in ("points", "rho") and round(value, 2) else ""
    return f"{round(value, 2) + 0.0:{sign}.2f}".replace("-", "−")


def task_title(task: str) -> Saying:
    """Return what a task is called."""
    if task in TASKS:
        return Saying(key=f"claims.part.{task}")
    return Saying(key="claims.part.task", params={"task": task})  # a visitor's own


def part(
    name: str,
    kind: Any,
    title: Saying,
    one: Quantity,
    ruled: Ruled,
    against: float = 0.0,
    **about: Any,
) -> Part:
    """Return one part of a finding.

    Args:
        name: of it.
        kind: see `Part`.
        title: what it is called.
        one: its number.
        ruled: what the rule said of all.
        against: what its p holds it against.
        about: further fields of `Part`.
    """
    low, high = one.bounds()
    return Part(
        name=name,
        kind=kind,
        title=title,
        estimate=one.value,
        low=low,
        high=high,
        p=one.p(against),
        against=against,
        p_holm=ruled.corrected.get(name, float("nan")),
        passes=ruled.passes.get(name),
        **about,
    )


def measured(
    claim: int,
    ruled: Ruled,
    parts: Sequence[Part],
    unit: Unit,
    thresholds: tuple[float, ...],
    *further: Saying,
    **about: Any,
) -> Finding:
    """Return a finding whose numbers are those of the part that decides.

    Args:
        claim: its number.
        ruled: what the rule said.
        parts: its parts.
        unit: of all numbers.
        thresholds: of the rule.
        further: what else is to be said, after the reason.
        about: further fields of `Finding`.
    """
    by_name = {one.name: one for one in parts}
    lead = by_name.get(ruled.lead)
    numbers: dict[str, Any] = {}
    if lead is not None:
        names = ("estimate", "low", "high", "n", "of")
        numbers = {name: getattr(lead, name) for name in names}
    return Finding(
        claim=claim,
        verdict=ruled.verdict,
        unit=unit,
        lead=ruled.lead,
        p=ruled.p,
        against=ruled.against,
        thresholds=thresholds,
        parts=tuple(parts),
        why=(reason(ruled, lead, unit, thresholds), *further),
        **{**numbers, **about},
    )


def reason(ruled: Ruled, lead: Part | None, unit: Unit, thresholds: tuple[float, ...]) -> Saying:
    """Return the sentence that says why a rule says what it says."""
    if lead is None:
        return Saying(key="claims.why.nothing")
    shown_thresholds = thresholds if ruled.reason in BANDS else thresholds[-1:]
    if ruled.reason in LOWEST:
        shown_thresholds = thresholds[:1]
    params = {
        "part": lead.title,
        "estimate": shown(lead.estimate, unit),
        "low": shown(lead.low, unit),
        "high": shown(lead.high, unit),
        "unit": Saying(key=f"claims.unit.{unit}"),
        "thresholds": " – ".join(shown(one, unit) for one in shown_thresholds),
    }
    return Saying(key=f"claims.why.{ruled.reason}", params=params)


def listed(names: Sequence[str]) -> str:
    """Return names of tasks in a row, as papers write them."""
    return ", ".join(name.upper() if name in TASKS else name for name in names)


def refs(records: Sequence[Record]) -> dict[str, Any]:
    """Return what a finding tells of its records."""
    told: list[RecordRef] = [one.ref for one in records]
    return {
        "records": tuple(told),
        "data": tuple(dict.fromkeys(f"{one.task}/{one.split}" for one in told)),
        "seeds": tuple(sorted({one.seed for one in told})),
        "tokens": tuple(sorted({int(one.budget) for one in records if isfinite(one.budget)})),
    }


def about_records(
    evidence: Evidence, used: Mapping[str, Runs], wanted: Sequence[str]
) -> list[Saying]:
    """Return what has to be said of the records: missing tasks, single seeds, other splits."""
    found: list[Saying] = []
    missing = [name for name in wanted if name not in used]
    if missing:
        about = {"tasks": listed(missing), "backbone": evidence.backbone, "recipe": evidence.recipe}
        what = "record" if "--record" in evidence.own else "tasks"
        found.append(Saying(key=f"claims.why.{what}", params=about))
    single = [name for name, runs in used.items() if len(runs.records) == 1]
    if single:
        found.append(Saying(key="claims.why.one_seed", params={"tasks": listed(single)}))
    elsewhere = {name: runs.split for name, runs in used.items() if runs.split != "test"}
    if elsewhere:
        said = ", ".join(f"{listed([name])} ({split})" for name, split in elsewhere.items())
        found.append(Saying(key="claims.why.split", params={"tasks": said}))
    alone = [name for name, runs in used.items() if len(runs.records[0].content["summary"]) == 1]
    if alone:
        found.append(Saying(key="claims.why.one_language", params={"tasks": listed(alone)}))
    found += [Saying(key="claims.why.damaged", params={"reason": one}) for one in evidence.damaged]
    return found
