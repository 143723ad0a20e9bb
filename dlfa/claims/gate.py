"""Claim 13: does it matter that the gate looks at the tokens?"""

from collections.abc import Mapping

import numpy as np

from dlfa.analysis.statistics import Draws, per_premise
from dlfa.analysis.trials import gate_trial
from dlfa.claims.evidence import TRIED, Evidence
from dlfa.claims.findings import measured, part, refs
from dlfa.claims.gains import FEW, POINTS
from dlfa.claims.quantities import Drawn
from dlfa.claims.rules import Ruled, equal
from dlfa.results import Evaluation, head_gate
from dlfa.results.claims import Finding, Saying

__all__ = ["dynamic", "lost"]

MARGIN = 0.5  # points within which a change makes no difference worth the words
GENUINE = "trained"


def dynamic(evidence: Evidence) -> Finding:
    """Judge claim 13: accuracy suffers when the gate no longer depends on the tokens.

    The gate's attention is shuffled over the tokens, and set to one half everywhere; the loss is
    the mean over D_1 ... of accuracy with the gate as trained minus with it replaced, on the same
    examples. Both have to cost accuracy; contradicted where neither makes half a point.
    """
    trial = evidence.trial
    runs = trial.runs if trial is not None else {}
    missing = [name for name in (GENUINE, *TRIED) if name not in runs]
    if trial is None or missing:
        about = {"backbone": evidence.backbone, "recipe": evidence.recipe}
        lacking = Saying(key="claims.why.trial", params=about)
        none = Ruled("undecided", float("nan"), "", "missing", {}, {})
        return measured(13, none, (), "points", (0.0, MARGIN), lacking)
    gate_trial(runs)  # are they comparable at all?
    values = {name: lost(runs[GENUINE], runs[name]) for name in TRIED}
    ruled = equal(values, 0.0, MARGIN)
    notes, premises = [], len(np.unique(runs[GENUINE].premises))
    if _differing(runs) < FEW:  # a bootstrap of so few would claim too much
        nan = float("nan")
        ruled = ruled._replace(verdict="undecided", reason="thin", p=nan, against=nan)
        notes.append(Saying(key="claims.why.few_premises", params={"few": FEW}))
    notes.append(Saying(key="claims.why.one_task", params={"task": trial.record.ref.task}))
    parts = [
        part(
            name,
            "change",
            Saying(key=f"claims.part.{name}"),
            one,
            ruled,
            against=0.0,
            n=premises,
            of="premises",
        )
        for name, one in values.items()
    ]
    about_record = refs([trial.record])
    return measured(13, ruled, parts, "points", (0.0, MARGIN), *notes, **about_record)


def lost(genuine: Evaluation, changed: Evaluation) -> Drawn:
    """Return how many points the fused heads (gate as printed) lose by a change of the gate.

    Languages count by their examples; premises are drawn, with all examples and languages.
    """
    columns = [at for at, head in enumerate(genuine.heads) if head_gate(head) == "paper"]
    gains = (genuine.right[:, columns].astype(np.int8) - changed.right[:, columns]).astype(np.int8)
    draws = Draws(genuine.premises)
    drawn = draws.means(gains, np.zeros(len(gains), int))[:, 0].mean(1)
    return Drawn(np.array([POINTS * gains.mean()]), POINTS * drawn[None])


def _differing(runs: Mapping[str, Evaluation]) -> int:
    """Count the premises on which some change turns an answer, where the fewest are."""
    genuine = runs[GENUINE]
    places = np.unique(genuine.premises, return_inverse=True)[1]
    found = []
    for name in TRIED:
        apart = (runs[name].answers != genuine.answers).any(1)[:, None].astype(int)
        found.append(int((per_premise(apart, places) > 0).sum()))
    return min(found)
