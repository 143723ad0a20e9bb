"""Claim 7: can the best layers of the tasks be one and the same?"""

from collections.abc import Mapping, Sequence

import numpy as np

from dlfa.analysis.statistics import DRAWS
from dlfa.claims.best_layers import Candidates, candidates
from dlfa.claims.evidence import TASKS, Evidence
from dlfa.claims.findings import listed, measured, task_title
from dlfa.claims.rules import Ruled
from dlfa.claims.sources import Runs
from dlfa.claims.tasks import LEAST_TASKS, about, common_layers, judged, lacking, whole
from dlfa.results.claims import Finding, Part, Saying

__all__ = ["different_layers"]

SURE = 0.95  # of the draws
MOST_CHOICES = 2  # layers that are compared at least


def different_layers(evidence: Evidence) -> Finding:
    """Judge claim 7: there are two tasks whose best layers cannot be the same one.

    Each task has a set of layers that holds its best one (`dlfa.claims.best_layers`), so wide that
    all tasks' sets hold all at once; supported where two are disjoint. Contradicted where one same
    layer is the best in 95 % of the draws of every task.
    """
    used, notes = judged(evidence)
    common = common_layers(used)
    if len(used) < LEAST_TASKS or len(common) < MOST_CHOICES:
        ruled = Ruled("undecided", float("nan"), "", "missing", {}, {})
        few = Saying(key="claims.why.no_two")
        return measured(7, ruled, (), "share", (), few, *notes, **about(used))
    sets = {name: candidates(runs.gains.only(common)) for name, runs in used.items()}
    ruled = _different(sets, common, whole=len(used) >= len(TASKS))
    if lacking(used) and ruled.verdict != "undecided":
        ruled = whole(ruled, used, "supported", "contradicted")._replace(reason="subset")
    parts = [_set_part(name, used[name], one, len(sets)) for name, one in sets.items()]
    about_all = about(used)
    return measured(7, ruled, parts, "share", (SURE,), *notes, **about_all)


def _different(sets: Mapping[str, Candidates], common: Sequence[int], *, whole: bool) -> Ruled:
    p = np.array([[one.p[one.layers.index(layer)] for layer in common] for one in sets.values()])
    shares = np.array(
        [[one.share[one.layers.index(layer)] for layer in common] for one in sets.values()]
    )
    pairs = [np.minimum(p[one], p[other]).max() for one in range(len(p)) for other in range(one)]
    chance = min(1.0, len(sets) * float(min(pairs)))
    lead = min(sets, key=lambda name: float(sets[name].share.max()))
    same = float(shares.min(axis=0).max())
    if chance < 1 - SURE:
        return Ruled("supported", chance, lead, "disjoint", {}, {})
    if same >= SURE and whole:
        return Ruled("contradicted", max(1 - same, 1 / (1 + DRAWS)), lead, "same", {}, {})
    return Ruled("undecided", chance, lead, "overlap", {}, {})


def _set_part(name: str, runs: Runs, one: Candidates, tasks: int) -> Part:
    likely = one.likely((1 - SURE) / tasks)
    params = {
        "layers": listed([f"D_{layer}" for layer in likely]),
        "layer": f"D_{one.layers[int(one.share.argmax())]}",
    }
    return Part(
        name=name,
        kind="task",
        title=task_title(name),
        estimate=float(one.share.max()),
        n=runs.gains.n,
        of=runs.gains.of,
        note=Saying(key="claims.note.likely", params=params),
    )
