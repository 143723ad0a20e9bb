"""A store of records whose heads were trained apart: each finished one becomes one more column.

There is one record for each task, encoder, recipe, budget, limit and seed (see
`dlfa.analysis.records`). Several processes may add to a store: whoever writes holds its lock, a
record changes by one rename, and what a kill left between two renames is put back by the next one.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from dlfa.analysis import records
from dlfa.analysis.reports import metrics, report
from dlfa.errors import RunError
from dlfa.results import Evaluated, Evaluation, Provenance, TaggedEvaluation, head_names

__all__ = ["APART", "TRAINED", "join", "name_of", "writing"]

APART = "trained_apart"  # in a record's settings: each head has an encoder of its own
TRAINED = "trained"  # in a record's settings: by head, how it was trained
COUNTED = ("passes", "seconds", "faults", "flips")  # of one head's evaluation
MOST_LAYERS = 100  # of any encoder: heads are put in order without knowing how many it has
LOCK = ".lock"
SCRATCH = ".saving-*"  # of `dlfa.data.atomic.replacing`


def name_of(settings: Mapping[str, Any]) -> str:
    """Return what a store calls a record.

    Args:
        settings: the record's: ``backbone``, ``task``, ``recipe``, ``max_tokens``, ``limit`` and
            ``seed`` are read.
    """
    tokens, limit = settings["max_tokens"], settings["limit"]
    budget = f"{tokens}-tokens" if tokens else "whole"
    share = f"{limit}-each" if limit else "all"
    named = (settings[key] for key in ("backbone", "task", "recipe"))
    found = "-".join((*map(str, named), budget, share, f"seed{settings['seed']}"))
    return "".join(one if one.isalnum() or one in "-._@" else "_" for one in found)


@contextmanager
def writing(store: Path) -> Iterator[None]:
    """Hold a store's lock, and put back what a kill left half done.

    Raises:
        RunError: nobody can write there.
    """
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock = FileLock(store / LOCK)
        lock.acquire()
    except OSError as error:
        raise RunError("error.run.unwritable", path=store, reason=error.strerror) from error
    try:
        _mend(store)
        yield
    finally:
        lock.release()


def _mend(store: Path) -> None:
    """Put records back that a kill left moved aside, and remove what was half written."""
    for scratch in store.glob(SCRATCH):
        old = scratch / "old"
        with suppress(RunError):  # there is none, or it is no record
            home = store / name_of(records.read_summary(old)["settings"])
            if not home.exists():
                old.rename(home)
        shutil.rmtree(scratch, ignore_errors=True)


def join(
    store: Path, evaluation: Evaluated, about: Mapping[str, Any], trained: Mapping[str, Any]
) -> Path:
    """Add one head's answers to its record, or begin one with them; return the record's folder.

    A head that is there already stays as it is.

    Args:
        store: a folder of records.
        evaluation: of a single head.
        about: what the record is of (see `name_of`), how all of its heads are trained, and in
            ``command`` what repeats it, but for the heads' names, which are written behind.
        trained: what is to be told of this head's training.

    Raises:
        RunError: the record holds other examples, or heads trained in another way.
    """
    (head,) = evaluation.heads
    common = {name: one for name, one in evaluation.settings.items() if name not in COUNTED}
    common = _plain({**common, **about, APART: True})
    repeat = f"{common['command']} {head}"
    told = {
        **trained,
        "command": repeat,
        "evaluation": _counted(evaluation),
        "made": _made(evaluation.provenance),
    }
    alone = replace(evaluation, settings={**common, TRAINED: {head: _plain(told)}})
    target = store / name_of(common)
    with writing(store):
        joined = _kept(alone)
        if (target / records.RUN).is_file():
            there = records.read(target)
            if head in there.heads:
                return target
            joined = _joined(there, joined, target)
        told_of = _told(joined)
        first, *further = (report(told_of, metric) for metric in metrics(told_of))
        records.write(told_of, target, report=first, further=further, numbers=False)
    return target


def _kept(evaluation: Evaluated) -> Evaluated:
    """Return what a record without numbers holds."""
    if isinstance(evaluation, Evaluation):
        return replace(evaluation, probabilities=None, gates=None)
    return evaluation


def _joined(there: Evaluated, more: Evaluated, target: Path) -> Evaluated:
    """Return a record with the columns of both, in the paper's order."""
    for name in ("settings", "examples"):
        if not _alike[name](there, more):
            raise RunError(f"error.grid.{name}", path=target.name)
    heads = (*there.heads, *more.heads)
    order = sorted(range(len(heads)), key=lambda at: head_names(MOST_LAYERS).index(heads[at]))
    trained = {**there.settings[TRAINED], **more.settings[TRAINED]}
    assert isinstance(there, Evaluation | TaggedEvaluation)
    assert isinstance(more, Evaluation | TaggedEvaluation)
    answers = np.concatenate([there.answers, more.answers], axis=1)[:, order]
    names = tuple(heads[at] for at in order)
    return replace(
        there,
        answers=answers,
        heads=names,
        settings={**there.settings, TRAINED: {name: trained[name] for name in names}},
    )


def _same_settings(one: Evaluated, other: Evaluated) -> bool:
    """Whether all settings are the same that both know: a later version may tell more."""
    both = (one.settings.keys() & other.settings.keys()) - {*COUNTED, TRAINED}
    same = all(one.settings[key] == other.settings[key] for key in both)
    return same and one.labels == other.labels


def _same_examples(one: Evaluated, other: Evaluated) -> bool:
    arrays = ("ids", "languages", "tokens", "gold", "premises", "sizes", "cut", "genres")
    return type(one) is type(other) and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in arrays
        if hasattr(one, name)
    )


_alike = {"settings": _same_settings, "examples": _same_examples}


def _counted(evaluation: Evaluated) -> dict[str, Any]:
    return {name: evaluation.settings[name] for name in COUNTED if name in evaluation.settings}


def _made(provenance: Provenance) -> dict[str, Any]:
    found = {name: getattr(provenance, name) for name in ("checkpoint", "device", "dtype")}
    return {**found, "libraries": dict(provenance.versions)}


def _told(joined: Evaluated) -> Evaluated:
    """Return a record whose counts and provenance are those of all its heads together."""
    each = joined.settings[TRAINED].values()
    counts = [one["evaluation"] for one in each]
    made = [one["made"] for one in each]
    about = {
        "passes": sum(one["passes"] for one in counts),
        "seconds": round(sum(one["seconds"] for one in counts), 1),
        "faults": sorted(fault for one in counts for fault in one["faults"]),
        **_flips([one["flips"] for one in counts if "flips" in one]),
    }
    settings = {name: one for name, one in joined.settings.items() if name != "flips"}
    command = " ".join((settings["command"], *joined.heads))
    provenance = replace(_provenance(joined.provenance, made), command=command)
    return replace(joined, settings={**settings, **about}, provenance=provenance)


def _flips(found: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what bfloat16 turned in all heads together."""
    if not found:
        return {}
    every = {name: sum(one[name] for one in found) for name in ("answers", "turned")}
    far = [one["farthest"] for one in found if "farthest" in one]
    return {
        "flips": {"examples": found[0]["examples"], **every}
        | ({"farthest": max(far)} if far else {})
    }


def _provenance(one: Provenance, made: list[Mapping[str, Any]]) -> Provenance:
    """Return where all heads come from; what differs between them is named side by side."""

    def every(values: list[str]) -> str:
        return ", ".join(sorted(set(values)))

    digest = sha256("".join(each["checkpoint"] for each in made).encode()).hexdigest()[:16]
    libraries = sorted({name for each in made for name in each["libraries"]})
    return replace(
        one,
        checkpoint=digest,
        device=every([each["device"] for each in made]),
        dtype=every([each["dtype"] for each in made]),
        versions={
            name: every([each["libraries"].get(name, "-") for each in made]) for name in libraries
        },
    )


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what JSON gives back of it: lists, not tuples."""
    found: dict[str, Any] = json.loads(json.dumps(content))
    return found
