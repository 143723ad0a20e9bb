"""Claims 2, 5 and 6: what the fused layers add to the baseline, task by task."""

from collections.abc import Callable, Mapping

from dlfa.analysis.statistics import DRAWS
from dlfa.claims.choosing import Chosen, by_validation, crossed
from dlfa.claims.evidence import TASKS, Evidence
from dlfa.claims.findings import listed, measured
from dlfa.claims.rules import Ruled, edge, everywhere, inside, somewhere
from dlfa.claims.sources import Runs
from dlfa.claims.tasks import LEAST_TASKS, about, judged, task_part, whole
from dlfa.results.claims import Finding, Part, Saying

__all__ = ["best_gain", "every_task", "supplement"]

WORTH = 0.5  # points that would still deserve to be called supplementary
BAND = (1.0, 3.0)  # points, as the paper says


def supplement(evidence: Evidence) -> Finding:
    """Judge claim 2: in at least two tasks the mean over all D_x beats the baseline.

    The mean over all fused layers, not the best: nothing is chosen, so nothing is too good.
    """
    used, notes = judged(evidence)
    values = {name: runs.gains.mean for name, runs in used.items()}
    ruled = somewhere(values, len(TASKS), LEAST_TASKS, 0.0, WORTH)
    ruled = whole(ruled, used, "contradicted")
    parts = [task_part(name, used[name], one, ruled, against=0.0) for name, one in values.items()]
    return measured(2, ruled, parts, "points", (0.0, WORTH), *notes, **about(used))


def _chosen(used: Mapping[str, Runs], choose: Callable[[Runs], Chosen | None]) -> dict[str, Chosen]:
    found = {name: choose(runs) for name, runs in used.items()}
    return {name: one for name, one in found.items() if one is not None}


def _parts(
    used: Mapping[str, Runs], chosen: Mapping[str, Chosen], ruled: Ruled, *band: float
) -> list[Part]:
    return [
        task_part(
            name,
            used[name],
            one.gain,
            ruled,
            against=edge(one.gain, band[0], band[-1]),
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
    ruled = whole(ruled, used, "contradicted")
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
    ruled = whole(ruled, used, "supported", "contradicted")
    parts = _parts(used, chosen, ruled, *BAND)
    how = Saying(key="claims.why.halves")
    return measured(6, ruled, parts, "points", BAND, how, *notes, **about(used))
