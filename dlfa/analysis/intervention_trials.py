"""What interventions do over a set: accuracy and agreement between translations, in pairs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.analysis.accuracies import by_language
from dlfa.analysis.agreement import parallel_rows
from dlfa.analysis.differences import tested
from dlfa.analysis.statistics import Draws, holm, per_premise
from dlfa.errors import RunError
from dlfa.results import (
    Evaluated,
    Evaluation,
    InterventionTrial,
    SetEffect,
    pairs_of,
)
from dlfa.results.interventions import TRAINED_GATE

__all__ = ["intervention_trial"]

Hits = Bool[np.ndarray, "example head"]


def intervention_trial(
    evaluations: Mapping[str, Evaluated], against: Mapping[str, str]
) -> InterventionTrial:
    """Compare evaluations of one model under interventions, example by example.

    Args:
        evaluations: by intervention, as `dlfa.analysis.intervened.InterventionRun` gives them:
            what was asked for, then the controls.
        against: the control of each that was asked for.

    Raises:
        RunError: the gate as trained is not among them, or nothing else is.
    """
    runs = {name: pairs_of(found) for name, found in evaluations.items()}
    every = dict(runs)
    trained = runs.pop(str(TRAINED_GATE), None)
    if trained is None or not runs:
        raise RunError("error.trial.unlike")
    changed = list(runs.values())
    held = [every[against[name]] for name in runs if name in against]
    agreement, reference, items = _agreement(trained, changed, held)
    return InterventionTrial(
        data=_data(trained),
        changes=tuple(runs),
        controls=len(runs) - len(held),
        heads=trained.heads,
        n=len(trained.ids),
        total=int(trained.settings.get("total", len(trained.ids))),
        items=items,
        reference=reference,
        accuracy=_accuracy(trained, changed, held),
        agreement=agreement,
        flipped=np.array([(run.answers != trained.answers).sum(0) for run in changed]),
        settings=dict(trained.settings),
        provenance=trained.provenance,
    )


def _data(run: Evaluation) -> str:
    split = str(run.settings.get("split", ""))
    return split if split == "built-in" else f"{run.settings.get('task', '')}/{split}"


def _accuracy(
    trained: Evaluation, changed: Sequence[Evaluation], held: Sequence[Evaluation]
) -> SetEffect:
    codes, groups = by_language(trained)
    rights, controls = ([run.right for run in runs] for runs in (changed, held))
    return _effect("accuracy", codes, groups, trained.premises, trained.right, rights, controls)


def _agreement(
    trained: Evaluation, changed: Sequence[Evaluation], held: Sequence[Evaluation]
) -> tuple[SetEffect | None, str, int]:
    """Return what becomes of the share of items answered as in the reference language."""
    found = parallel_rows(trained)
    if found is None:
        return None, "", 0
    rows, names, reference = found
    others = [at for at in range(len(names)) if at != reference]
    groups = np.repeat(np.arange(len(others)), rows.shape[1])
    premises = np.tile(trained.premises[rows[reference]], len(others))

    def same(run: Evaluation) -> Hits:
        answers = run.answers[rows]  # (language item head)
        alike = (answers[others] == answers[reference]) & (answers[others] >= 0)
        return alike.reshape(-1, alike.shape[-1])

    codes = tuple(names[at] for at in others)
    hits, controls = ([same(run) for run in runs] for runs in (changed, held))
    effect = _effect("agreement", codes, groups, premises, same(trained), hits, controls)
    return effect, names[reference], rows.shape[1]


def _effect(
    measure: str,
    codes: tuple[str, ...],
    groups: Int[np.ndarray, " example"],
    premises: np.ndarray,
    before: Hits,
    after: Sequence[Hits],
    controls: Sequence[Hits],
) -> SetEffect:
    draws = Draws(premises)
    columns = _columns([_tested(hits, before, groups, draws) for hits in after])
    own = zip(after, controls, strict=False)  # behind those that were asked for stand controls
    beyond = _columns([_tested(hits, control, groups, draws) for hits, control in own])
    return SetEffect(
        measure=measure,
        languages=codes,
        before=_shares(before, groups),
        **columns,
        **{f"beyond_{name}": beyond[name] for name in ("average", "low", "high", "p_holm")},
    )


def _columns(found: Sequence[Mapping[str, Any]]) -> dict[str, np.ndarray]:
    """Return the columns of all interventions, p after Holm over them and all heads."""
    columns = {name: np.array([one[name] for one in found]) for name in found[0] if name != "draws"}
    p = columns["p"]
    return columns | {"p_holm": holm(p.ravel()).reshape(p.shape)}


def _tested(
    after: Hits, before: Hits, groups: Int[np.ndarray, " example"], draws: Draws
) -> dict[str, Any]:
    gains = after.astype(np.int8) - before.astype(np.int8)
    differing = (per_premise(gains, draws.places) != 0).sum(0)
    drawn = draws.means(gains, groups)
    return tested(_shares(gains, groups), drawn, gains, groups, draws, differing)


def _shares(
    values: np.ndarray, groups: Int[np.ndarray, " example"]
) -> Float[np.ndarray, "head language"]:
    return np.array([values[groups == group].mean(0) for group in range(groups.max() + 1)]).T
