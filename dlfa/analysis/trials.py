"""Does the gate matter? Accuracy with the gate as trained and changed, with intervals."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from dlfa.analysis import records
from dlfa.errors import RunError
from dlfa.results import BASELINE, CHANGES, Evaluation, GateTrial

__all__ = ["gate_trial", "read_trial", "write_trial"]

DRAWS = 2_000  # of the bootstrap
Z = 1.959964  # standard deviations that hold 95 % of a normal distribution
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
    low, high = _wilson(right, first.ids)
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
        and (one.provenance.checkpoint, one.provenance.dtype)
        == (other.provenance.checkpoint, other.provenance.dtype)
        and np.array_equal(one.ids, other.ids)
        and np.array_equal(one.languages, other.languages)
    )


def _data(run: Evaluation) -> str:
    split = str(run.settings.get("split", ""))
    return split if split == "built-in" else f"{run.settings.get('task', '')}/{split}"


def _wilson(right: Right, ids: np.ndarray) -> Float[np.ndarray, "bound change head"]:
    """Wilson's 95 % interval on the effective number of examples.

    Translations of one example are right or wrong together, so that n answers hold less than n
    answers' worth: as many as would give the clustered variance (Kish's design effect).
    """
    n = right.shape[1]
    share = right.mean(1)  # change head
    strays = _by_example(right - share[:, None], ids)
    clustered = (strays**2).sum(0) / n**2
    independent = share * (1 - share) / n
    effect = np.divide(clustered, independent, out=np.ones_like(share), where=independent > 0)
    worth = n / np.maximum(effect, 1)
    middle = (share + Z**2 / (2 * worth)) / (1 + Z**2 / worth)
    spread = np.sqrt(share * (1 - share) / worth + Z**2 / (4 * worth**2)) * Z / (1 + Z**2 / worth)
    return np.array([middle - spread, middle + spread])


def _by_example(
    values: Float[np.ndarray, "change answer head"], ids: np.ndarray
) -> Float[np.ndarray, "example change head"]:
    """Sum over each example's languages."""
    names, places = np.unique(ids, return_inverse=True)
    sums = np.zeros((len(names), *values.shape[::2]))
    np.add.at(sums, places, values.transpose(1, 0, 2))
    return sums


def _differences(right: Right, ids: np.ndarray) -> Float[np.ndarray, "bound change head"]:
    """Bootstrap the difference to the first change, whole examples with all their languages."""
    sums = _by_example(right.astype(float) - right[:1], ids)
    n, sizes = len(sums), np.unique(ids, return_counts=True)[1]
    counts = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), DRAWS)
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
