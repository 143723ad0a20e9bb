"""Claim 3: has the curve of gains over the fused layers a top inside?"""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from dlfa.analysis.statistics import DRAWS, best, bounds
from dlfa.claims.evidence import Evidence
from dlfa.claims.findings import measured, part
from dlfa.claims.gains import with_seeds
from dlfa.claims.quantities import Drawn
from dlfa.claims.rules import Ruled, directional
from dlfa.claims.sources import Runs
from dlfa.claims.tasks import about, common_layers, judged, lacking, whole
from dlfa.results.claims import Finding, Part, Saying, Verdict

__all__ = ["equilibrium", "quadratic"]

LAYERS = 5  # under which a curve has no inner part
SURE = 0.95  # of the draws
SURE_END = 0.975  # there are two ways to be contradicted: a curve that bends up, and an end


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
    last in 95 % of the draws; contradicted where it bends up, or an end is the best in 97.5 %. Of
    a curve without its ends nobody knows whether its top is inside.
    """
    used, notes = judged(evidence)
    layers = common_layers(used)
    if len(layers) < LAYERS:
        found = {"found": len(layers), "least": LAYERS}
        none = Ruled("undecided", float("nan"), "", "missing", {}, {})
        few = Saying(key="claims.why.layers", params=found)
        return measured(3, none, (), "points", (0.0,), few, *notes, **about(used))
    bend, curve = _curve(used, layers, quadratic(layers))
    share = best(curve)
    ruled = _bent(bend, float(share[1:-1].sum()), float(share[[0, -1]].sum()))
    if any(at < layers[0] or at > layers[-1] for at in lacking(used)):
        ruled = whole(ruled, used, "supported", "contradicted")
    size = {"n": len(used), "of": "tasks"}
    lead = part("", "measure", Saying(key="claims.part.bend"), bend, ruled, against=0.0, **size)
    parts = [lead, *_layer_parts(layers, _means(used, layers), curve, share)]
    notes = [_place(layers, share), *notes]
    return measured(3, ruled, parts, "points", (0.0,), *notes, **about(used))


def _place(layers: tuple[int, ...], share: Float[np.ndarray, " layer"]) -> Saying:
    """Say where the best layer lies."""
    told = {
        "inside": f"{100 * share[1:-1].sum():.0f}",
        "outside": f"{100 * share[[0, -1]].sum():.0f}",
        "layer": layers[int(share.argmax())],
    }
    return Saying(key="claims.why.place", params=told)


def _layer_parts(
    layers: tuple[int, ...],
    means: Float[np.ndarray, " layer"],
    curve: Float[np.ndarray, "draw layer"],
    share: Float[np.ndarray, " layer"],
) -> list[Part]:
    low, high = bounds(curve)
    return [
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


def _bent(bend: Drawn, within: float, outside: float) -> Ruled:
    """Rule on the bend (below 0: a curve with a top) and on where the best layer lies."""
    ruled = directional(bend)
    p, least = bend.p(), 1 / (1 + DRAWS)
    p_top = max(p if bend.value < 0 else 1.0, 1 - within, least)  # both have to hold
    p_edge = max(2 * (1 - outside), least)
    if outside >= SURE_END:
        return ruled._replace(verdict="contradicted", reason="edge", p=p_edge, against=np.nan)
    if ruled.verdict == "contradicted":  # below 0
        supported = within >= SURE
        verdict: Verdict = "supported" if supported else "undecided"
        reason = "top" if supported else "top_open"
        return ruled._replace(verdict=verdict, reason=reason, p=p_top, against=np.nan)
    if ruled.verdict == "supported":
        return ruled._replace(verdict="contradicted", reason="hollow")
    return ruled._replace(reason="flat", p=min(ruled.p, p_edge))
