"""Claims 2, 3, 5, 6, 7: what the fused layers add to the baseline, task by task."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from jaxtyping import Float

from dlfa.analysis.statistics import DRAWS, best
from dlfa.claims.best_layers import Candidates, candidates
from dlfa.claims.choosing import Chosen, by_validation, crossed
from dlfa.claims.evidence import TASKS, Evidence
from dlfa.claims.findings import about_records, listed, measured, part, refs, task_title
from dlfa.claims.gains import FEW, with_seeds
from dlfa.claims.quantities import Drawn
from dlfa.claims.rules import Ruled, directional, everywhere, inside, somewhere
from dlfa.claims.sources import Runs
from dlfa.results.claims import Finding, Part, Saying, Verdict

__all__ = ["best_gain", "different_layers", "equilibrium", "every_task", "supplement"]

WORTH = 0.5  # points that would still deserve to be called supplementary
LEAST_TASKS = 2  # "for different tasks"
BAND = (1.0, 3.0)  # points, as the paper says
LAYERS = 5  # under which a curve has no inner part
SURE = 0.95  # of the draws
MOST_CHOICES = 2  # layers that are compared at least


def judged(evidence: Evidence) -> tuple[dict[str, Runs], list[Saying]]:
    """Return the tasks that can be judged, and what is to be said of the others."""
    there = {name: evidence.runs[name] for name in TASKS if name in evidence.runs}
    others = [name for name in evidence.runs if name not in TASKS]  # a visitor's own task
    there |= {name: evidence.runs[name] for name in others}
    few = [name for name, runs in there.items() if runs.gains.differing < FEW]
    used = {name: runs for name, runs in there.items() if name not in few}
    notes = about_records(evidence, there, TASKS)
    if few:
        notes.append(Saying(key="claims.why.few", params={"tasks": listed(few), "few": FEW}))
    return used, notes


def about(used: Mapping[str, Runs]) -> dict[str, Any]:
    """Return what a finding tells of the records of several tasks."""
    return refs([record for runs in used.values() for record in runs.records])


def task_part(name: str, runs: Runs, one: Drawn, ruled: Ruled, **more: Any) -> Part:
    """Return a task's part of a finding."""
    size = {"n": runs.gains.n, "of": runs.gains.of}
    return part(name, "task", task_title(name), one, ruled, **size, **more)


def supplement(evidence: Evidence) -> Finding:
    """Judge claim 2: in at least two tasks the mean over all D_x beats the baseline.

    The mean over all fused layers, not the best: nothing is chosen, so nothing is too good.
    """
    used, notes = judged(evidence)
    values = {name: runs.gains.mean for name, runs in used.items()}
    ruled = somewhere(values, len(TASKS), LEAST_TASKS, 0.0, WORTH)
    parts = [task_part(name, used[name], one, ruled, p=one.p()) for name, one in values.items()]
    return measured(2, ruled, parts, "points", (0.0, WORTH), *notes, **about(used))


def quadratic(layers: tuple[int, ...]) -> Float[np.ndarray, " layer"]:
    """Return weights that say how a curve bends: negative for one that is highest inside.

    The orthogonal polynomial of degree two, scaled so that it is the mean of the outer third of
    its weight minus that of the inner: a difference in points.
    """
    x = np.array(layers, float)
    basis = np.linalg.qr(np.stack([np.ones_like(x), x, x**2], axis=1))[0][:, 2]
    basis *= np.sign(basis[0])
    return basis / basis[basis > 0].sum()


def equilibrium(evidence: Evidence) -> Finding:
    """Judge claim 3: over x, the mean of the tasks' gains has its best inside.

    Supported where the curve bends down and the bootstrap's best x is neither the first nor the
    last in 95 % of the draws; contradicted where it bends up, or an end is the best in as many.
    """
    used, notes = judged(evidence)
    common = (
        sorted(set.intersection(*(set(runs.gains.layers) for runs in used.values())))
        if (used)
        else []
    )
    if len(common) < LAYERS:
        found = {"found": len(common), "least": LAYERS}
        lacking = Ruled("undecided", float("nan"), "", "missing", {}, {})
        few = Saying(key="claims.why.layers", params=found)
        return measured(3, lacking, (), "points", (0.0,), few, *notes, **about(used))
    layers, weights = tuple(common), quadratic(tuple(common))
    bend, curve = _curve(used, layers, weights)
    share = best(curve)
    within, outside = float(share[1:-1].sum()), float(share[[0, -1]].sum())
    ruled = _bent(directional(bend), within, outside)
    peak = layers[int(share.argmax())]
    low, high = np.percentile(curve, (2.5, 97.5), axis=0)
    means = _means(used, layers)
    lead = part("", "measure", Saying(key="claims.part.bend"), bend, ruled)
    parts = [
        Part(
            name=f"D_{layer}",
            kind="layer",
            title=Saying(key="claims.part.layer", params={"layer": layer}),
            estimate=float(means[at]),
            low=float(low[at]),
            high=float(high[at]),
            note=_share(share[at]),
        )
        for at, layer in enumerate(layers)
    ]
    told = {"inside": f"{100 * within:.0f}", "outside": f"{100 * outside:.0f}", "layer": peak}
    place = Saying(key="claims.why.place", params=told)
    return measured(3, ruled, [lead, *parts], "points", (0.0,), place, *notes, **about(used))


def _share(share: float) -> Saying:
    return Saying(key="claims.note.best_in", params={"share": f"{100 * share:.0f}"})


def _curve(
    used: Mapping[str, Runs], layers: tuple[int, ...], weights: Float[np.ndarray, " layer"]
) -> tuple[Drawn, Float[np.ndarray, "draw layer"]]:
    """Return how the mean curve over the tasks bends, and its draws."""
    drawn = []
    for at, runs in enumerate(used.values()):
        columns = [runs.gains.layers.index(layer) for layer in layers]
        moved = with_seeds(runs.gains, np.random.default_rng(at))[:, columns]
        order = np.random.default_rng(100 + at).permutation(len(moved))  # tasks are independent
        drawn.append(moved[order])
    curve = np.mean(drawn, axis=0)
    found = _means(used, layers) @ weights
    return Drawn(np.array([found]), (curve @ weights)[None]), curve


def _means(used: Mapping[str, Runs], layers: tuple[int, ...]) -> Float[np.ndarray, " layer"]:
    """Return the mean over tasks and seeds of every layer's gain."""
    each = [
        runs.gains.found.mean(0)[[runs.gains.layers.index(layer) for layer in layers]]
        for runs in used.values()
    ]
    found: np.ndarray = np.mean(each, axis=0)
    return found


def _bent(ruled: Ruled, within: float, outside: float) -> Ruled:
    """Add where the best layer lies to what is said of the bend (below 0: a curve with a top)."""
    if outside >= SURE:
        return ruled._replace(verdict="contradicted", reason="edge", p=1 - outside)
    if ruled.verdict == "contradicted":  # below 0
        supported = within >= SURE
        verdict: Verdict = "supported" if supported else "undecided"
        return ruled._replace(verdict=verdict, reason="top" if supported else "top_open")
    if ruled.verdict == "supported":
        return ruled._replace(verdict="contradicted", reason="hollow")
    return ruled._replace(reason="flat")


def _chosen(used: Mapping[str, Runs], choose: Callable[[Runs], Chosen | None]) -> dict[str, Chosen]:
    found = {name: choose(runs) for name, runs in used.items()}
    return {name: one for name, one in found.items() if one is not None}


def _parts(
    used: Mapping[str, Runs], chosen: Mapping[str, Chosen], ruled: Ruled, against: float
) -> list[Part]:
    return [
        task_part(
            name,
            used[name],
            one.gain,
            ruled,
            p=one.gain.p(against),
            note=Saying(
                key="claims.note.chosen",
                params={"layers": listed([f"D_{layer}" for layer in dict.fromkeys(one.layers)])},
            ),
        )
        for name, one in chosen.items()
    ]


def every_task(evidence: Evidence) -> Finding:
    """Judge claim 5: in all four tasks the layer that English chooses beats the baseline.

    English validation chooses where records tell it for every head; else one half of the English
    examples does, and all languages' other half is measured, both ways.
    """
    used, notes = judged(evidence)

    def choose(runs: Runs) -> Chosen | None:
        if runs.validation:
            return by_validation(runs.gains, runs.validation)
        return crossed(runs.evaluations, english=True, draws=DRAWS)

    chosen = _chosen(used, choose)
    ruled = everywhere({name: one.gain for name, one in chosen.items()}, len(TASKS))
    how = (
        []
        if all(runs.validation for runs in used.values())
        else [Saying(key="claims.why.halves_english")]
    )
    parts = _parts(used, chosen, ruled, 0.0)
    return measured(5, ruled, parts, "points", (0.0,), *how, *notes, **about(used))


def best_gain(evidence: Evidence) -> Finding:
    """Judge claim 6: in each task the best layer beats the baseline by 1 to 3 points.

    Chosen on one half, measured on the other, both ways: the best of eleven on the examples that
    made it the best would gain even where no layer is any better.
    """
    used, notes = judged(evidence)
    chosen = _chosen(used, lambda runs: crossed(runs.evaluations, english=False, draws=DRAWS))
    ruled = inside({name: one.gain for name, one in chosen.items()}, len(TASKS), *BAND)
    parts = _parts(used, chosen, ruled, BAND[0])
    how = Saying(key="claims.why.halves")
    return measured(6, ruled, parts, "points", BAND, how, *notes, **about(used))


def different_layers(evidence: Evidence) -> Finding:
    """Judge claim 7: there are two tasks whose best layers cannot be the same one.

    Each task has a set of layers that holds its best one (`dlfa.claims.best_layers`), so wide that
    all tasks' sets hold all at once; supported where two are disjoint. Contradicted where one same
    layer is the best in 95 % of the draws of every task.
    """
    used, notes = judged(evidence)
    common = set.intersection(*(set(runs.gains.layers) for runs in used.values())) if used else ()
    if len(used) < LEAST_TASKS or len(common) < MOST_CHOICES:
        ruled = Ruled("undecided", float("nan"), "", "missing", {}, {})
        few = Saying(key="claims.why.no_two")
        return measured(7, ruled, (), "share", (), few, *notes, **about(used))
    sets = {name: candidates(runs.gains) for name, runs in used.items()}
    ruled = _different(sets, sorted(common), whole=len(used) >= len(TASKS))
    parts = [_set_part(name, used[name], one, len(sets)) for name, one in sets.items()]
    about_all = about(used)
    return measured(7, ruled, parts, "share", (SURE,), *notes, **about_all)


def _different(sets: Mapping[str, Candidates], common: list[int], *, whole: bool) -> Ruled:
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
        return Ruled("contradicted", 1 - same, lead, "same", {}, {})
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
