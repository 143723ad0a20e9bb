"""Does the gate matter? Accuracy with the gate as trained and changed, with intervals."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from dlfa.analysis import records
from dlfa.analysis.comparisons import proportion
from dlfa.errors import RunError
from dlfa.results import BASELINE, CHANGES, Evaluation, GateTrial

__all__ = ["gate_trial", "read_trial", "write_trial"]

DRAWS = 2_000  # of the bootstrap
INTERVAL = (2.5, 97.5)  # percentiles
SEED = 0  # of the bootstrap: the same records give the same intervals

Right = Bool[np.ndarray, "change example head"]


def gate_trial(evaluations: Mapping[str, Evaluation]) -> GateTrial:
    """Compare evaluations of one model under several changes of its gates.

    Args:
        evaluations: by change, ``"trained"`` among them, all on the same examples.

    Raises:
        RunError: they are not comparable.
    """
    changes = tuple(change for change in CHANGES if change in evaluations)
    runs = [evaluations[change] for change in changes]
    first = runs[0] if runs else None
    if first is None or changes[0] != "trained" or not all(_alike(first, run) for run in runs):
        raise RunError("error.trial.unlike")
    columns = [at for at, head in enumerate(first.heads) if head != BASELINE]
    answers = np.array([run.probabilities.argmax(-1)[:, columns] for run in runs])
    right = answers == first.gold[:, None]
    languages = tuple(dict.fromkeys(first.languages.tolist()))
    within = np.array([first.languages == language for language in languages])
    low, high = _wilson(right)
    least, most = _differences(right, first.ids)
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
        and one.provenance.checkpoint == other.provenance.checkpoint
        and np.array_equal(one.ids, other.ids)
        and np.array_equal(one.languages, other.languages)
    )


def _data(run: Evaluation) -> str:
    split = str(run.settings.get("split", ""))
    return split if split == "built-in" else f"{run.settings.get('task', '')}/{split}"


def _wilson(right: Right) -> Float[np.ndarray, "bound change head"]:
    n = right.shape[1]
    counts = right.sum(1)
    found = [[proportion(int(count), n) for count in row] for row in counts]
    return np.array(
        [[[p.low for p in row] for row in found], [[p.high for p in row] for row in found]]
    )


def _differences(right: Right, ids: np.ndarray) -> Float[np.ndarray, "bound change head"]:
    """Bootstrap the difference to the first change, whole examples with all their languages."""
    names, places = np.unique(ids, return_inverse=True)
    gained = right.astype(int) - right[:1]  # change example head
    sums = np.zeros((len(names), *gained.shape[::2]))
    np.add.at(sums, places, gained.transpose(1, 0, 2))
    sizes = np.bincount(places)
    draw = np.random.default_rng(SEED)
    counts = draw.multinomial(len(names), np.full(len(names), 1 / len(names)), DRAWS)
    drawn = np.tensordot(counts, sums, axes=1) / (counts @ sizes)[:, None, None]
    return np.percentile(drawn, INTERVAL, axis=0)


def write_trial(evaluations: Mapping[str, Evaluation], folder: Path) -> None:
    """Write one record per change, in a folder of its own: ``folder/shuffle-tokens``."""
    for change, evaluation in evaluations.items():
        records.write(evaluation, folder / change)


def read_trial(folder: Path) -> GateTrial:
    """Return the trial whose records lie in a folder.

    Raises:
        RunError: a record is missing, cannot be read, or is not comparable with the others.
    """
    there = [change for change in CHANGES if (folder / change / records.RUN).exists()]
    return gate_trial({change: records.read(folder / change) for change in there})
