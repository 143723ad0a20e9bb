"""Tasks whose records can be judged, and how a finding tells of them."""

from collections.abc import Mapping
from typing import Any

from dlfa.claims.evidence import TASKS, Evidence
from dlfa.claims.findings import about_records, listed, part, refs, task_title
from dlfa.claims.gains import FEW
from dlfa.claims.quantities import Drawn
from dlfa.claims.rules import Ruled
from dlfa.claims.sources import Runs
from dlfa.results.claims import Part, Saying, Verdict

__all__ = ["LEAST_TASKS", "about", "common_layers", "judged", "lacking", "task_part", "whole"]

LEAST_TASKS = 2  # "for different tasks"
LAYERS = 12  # of the paper's encoder, and of those that records here are of


def judged(evidence: Evidence) -> tuple[dict[str, Runs], list[Saying]]:
    """Return the tasks that can be judged, and what is to be said of the others."""
    there = {name: evidence.runs[name] for name in TASKS if name in evidence.runs}
    others = [name for name in evidence.runs if name not in TASKS]  # a visitor's own task
    there |= {name: evidence.runs[name] for name in others}
    few = [name for name, runs in there.items() if runs.gains.differing < FEW]
    dull = [name for name, runs in there.items() if name not in few and not runs.gains.taught]
    used = {name: runs for name, runs in there.items() if name not in (*few, *dull)}
    notes = about_records(evidence, there, TASKS)
    if few:
        notes.append(Saying(key="claims.why.few", params={"tasks": listed(few), "few": FEW}))
    if dull:
        notes.append(Saying(key="claims.why.untaught", params={"tasks": listed(dull)}))
    if used and lacking(used):
        there_are = listed([f"D_{layer}" for layer in common_layers(used)]) or "–"
        notes.append(Saying(key="claims.why.some_layers", params={"layers": there_are}))
    return used, notes


def common_layers(used: Mapping[str, Runs]) -> tuple[int, ...]:
    """Return the fused layers that all tasks have, ascending."""
    each = [set(runs.gains.layers) for runs in used.values()]
    return tuple(sorted(set.intersection(*each))) if each else ()


def lacking(used: Mapping[str, Runs]) -> tuple[int, ...]:
    """Return the layers that could have been fused, and were not in every task."""
    common = common_layers(used)
    return tuple(at for at in range(1, max((LAYERS, *common))) if at not in common)


def whole(ruled: Ruled, used: Mapping[str, Runs], *verdicts: Verdict) -> Ruled:
    """Return what a rule says; these verdicts, only where every layer was fused in every task.

    What is said of the best layer, or that no layer helps, some layers alone cannot say.
    """
    if ruled.verdict not in verdicts or not lacking(used):
        return ruled
    return ruled._replace(verdict="undecided", reason="missing", p=float("nan"))


def about(used: Mapping[str, Runs]) -> dict[str, Any]:
    """Return what a finding tells of the records of several tasks."""
    return refs([record for runs in used.values() for record in runs.records])


def task_part(name: str, runs: Runs, one: Drawn, ruled: Ruled, **more: Any) -> Part:
    """Return a task's part of a finding."""
    size: dict[str, Any] = {"n": runs.gains.n, "of": runs.gains.of}
    return part(name, "task", task_title(name), one, ruled, **size, **more)
