"""Does the gate matter? Accuracy with the gate as trained and changed, with intervals."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.analysis import records
from dlfa.analysis.paired import by_group
from dlfa.analysis.statistics import Draws, wilson, worth
from dlfa.errors import RunError
from dlfa.results import BASELINE, CHANGES, Evaluated, Evaluation, GateTrial, pairs_of

__all__ = ["gate_trial", "read_trial"]

Right = Bool[np.ndarray, "change example head"]


def gate_trial(evaluations: Mapping[str, Evaluated]) -> GateTrial:
    """Compare evaluations of one model under several changes of its gates.

    Args:
        evaluations: by change, ``"trained"`` among them, all on the same examples.

    Raises:
        RunError: they are not comparable.
        WrongTaskError: they are of words.
    """
    changes = tuple(change for change in CHANGES if change in evaluations)
    runs = [pairs_of(evaluations[change]) for change in changes]
    first = runs[0] if runs else None
    if first is None or changes[0] != "trained" or not all(_alike(first, run) for run in runs):
        raise RunError("error.trial.unlike")
    columns = [at for at, head in enumerate(first.heads) if head != BASELINE]
    answers = np.array([run.answers[:, columns] for run in runs])
    right = answers == first.gold[:, None]
    languages = tuple(dict.fromkeys(first.languages.tolist()))
    within = np.array([first.languages == language for language in languages])
    low, high = _intervals(right, first.premises)
    least, most = _differences(right, first.premises)
    return GateTrial(
        data=_data(first),
        changes=changes,
        heads=tuple(first.heads[at] for at in columns),
        languages=languages,
        n=within.sum(1),
        right=np.einsum("ceh,le->chl", right.astype(int), within.astype(int)),
        flipped=np.einsum("ceh,le->chl", (answers != answers[:1]).astype(int), within.astype(int)),
        low=low,
        high=high,
        difference_low=least,
        difference_high=most,
        settings=dict(first.settings),
        provenance=first.provenance,
    )


def _alike(one: Evaluation, other: Evaluation) -> bool:
    return (
        one.heads == other.heads
        and (one.provenance.checkpoint, one.provenance.dtype)
        == (other.provenance.checkpoint, other.provenance.dtype)
        and np.array_equal(one.ids, other.ids)
        and np.array_equal(one.premises, other.premises)
        and np.array_equal(one.languages, other.languages)
    )


def _data(run: Evaluation) -> str:
    split = str(run.settings.get("split", ""))
    return split if split == "built-in" else f"{run.settings.get('task', '')}/{split}"


def _intervals(right: Right, premises: np.ndarray) -> Float[np.ndarray, "bound change head"]:
    """Wilson's, where examples of one premise, in all languages, count as much as they tell."""
    answers = _columns(right)
    found = wilson(answers.mean(0), worth(answers, premises))
    return found.reshape(2, len(right), -1)


def _differences(right: Right, premises: np.ndarray) -> Float[np.ndarray, "bound change head"]:
    """Bootstrap the difference to the first change, premises with all examples and languages."""
    gains = _columns(right) - np.tile(_columns(right[:1]), len(right))
    draws, together = Draws(premises), np.zeros(len(premises), int)
    found = by_group(gains, together, draws, draws.means(gains, together))
    found = found.reshape(2, len(right), -1)
    found[:, 0] = 0  # to itself, for certain
    return found


def _columns(right: Right) -> Int[np.ndarray, "example column"]:
    """A column for each change and head."""
    return right.transpose(1, 0, 2).reshape(right.shape[1], -1).astype(np.int8)


def read_trial(folder: Path) -> GateTrial:
    """Return the trial whose records lie in a folder.

    Raises:
        RunError: a record is missing, cannot be read, or is not comparable with the others.
    """
    there = [change for change in CHANGES if (folder / change / records.RUN).exists()]
    return gate_trial({change: records.read(folder / change) for change in there})
