"""Which records the tables are made of: of heads trained apart, and of those that share an encoder.

Nothing here reads examples, so that a page can list what there is at once.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dlfa.analysis.cards import train_command
from dlfa.analysis.grid import GridRecord, read_grid
from dlfa.analysis.joining import APART
from dlfa.analysis.precomputed import CHECKPOINTS, checkpoint_digest
from dlfa.analysis.records import read_summary
from dlfa.analysis.store import OWN_GRID, StoredRun, grid_folders, stored
from dlfa.data.folders import runs_folder
from dlfa.data.tasks import TASKS
from dlfa.results import Provenance, Source, Trained, Way

__all__ = ["by_way", "recorded"]

TRAINING = "training.json"  # beside a checkpoint's weights
FACTS = ("tokens", "seconds", "hardware", "commit")  # of a training
TABLED = ("test", "validation")  # sets of which tables are made; of words a mirror may hold one

Facts = Mapping[str, Any]


def recorded(*, own: bool = True) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Return every record that can stand in a table, and a sentence for each damaged one.

    Args:
        own: also this computer's own, not only those in the repository.
    """
    found: list[Source] = []
    damaged: list[str] = []
    for folder, shipped in zip(grid_folders(), (True, False), strict=True):
        if shipped or own:
            grids, told = read_grid(folder)
            found += [_apart(one, shipped=shipped) for grid in grids for one in grid.records]
            damaged += told
    runs = [run for run in stored() if run.shipped or own]
    trainings = _trainings(own=own)
    validated = {run.provenance["checkpoint"]: run for run in runs if _looks(run)}
    for run in (run for run in runs if _in_table(run)):
        digest = run.provenance["checkpoint"]
        found.append(_together(run, trainings.get(digest), validated.get(digest)))
    return tuple(found), tuple(damaged)


def by_way(sources: Sequence[Source]) -> dict[Way, dict[str, tuple[Source, ...]]]:
    """Return the records by way, then by task, a record per seed, the lowest first.

    Where a task has several of one seed, the shipped one counts, and the test set before another.
    """
    found: dict[Way, dict[str, dict[int, Source]]] = {}
    ranked = sorted(sources, key=lambda one: (TABLED.index(one.split), not one.shipped))
    for one in ranked:
        seeds = found.setdefault(one.way, {}).setdefault(one.task, {})
        if all(other.split == one.split for other in seeds.values()):
            seeds.setdefault(one.seed, one)
    return {
        way: {
            task: tuple(found[way][task][seed] for seed in sorted(found[way][task]))
            for task in TASKS
            if task in found[way]
        }
        for way in sorted(found, key=_order)
    }


def _order(way: Way) -> tuple[object, ...]:
    """What was tested on most first, then trained on most; of equals the paper's own recipe."""
    tested, learned = way.limit or float("inf"), way.max_tokens or float("inf")
    return -tested, -learned, way.together, way.backbone, way.recipe


def _apart(one: GridRecord, *, shipped: bool) -> Source:
    known = TASKS.get(one.task)
    metric = known.chosen_by if known else ""
    command = str(one.content["settings"].get("command", ""))
    return Source(
        name=one.folder.name if shipped else f"{OWN_GRID}{one.folder.name}",
        folder=one.folder,
        way=Way(
            backbone=one.backbone,
            recipe=one.recipe,
            together=False,
            max_tokens=one.max_tokens,
            limit=one.limit,
        ),
        task=one.task,
        split=str(one.content["settings"]["split"]),
        seed=one.seed,
        heads=one.heads,
        provenance=Provenance(**one.content["provenance"]),
        origin=str(one.content["settings"].get("source", "")),
        trained={
            head: _trained(facts, f"{command} {head}".strip(), metric)
            for head, facts in one.trained.items()
        },
        shipped=shipped,
    )


def _trained(facts: Facts, command: str, metric: str) -> Trained:
    """Return what a record of heads trained apart tells of one of them."""
    return Trained(
        command=command,
        tokens=facts.get("tokens"),
        seconds=facts.get("seconds"),
        tested=facts.get("evaluation", {}).get("seconds"),
        hardware=str(facts.get("hardware", "")),
        commit=str(facts.get("commit", "")),
        validation=facts.get("validation", {}).get(metric),
    )


def _in_table(run: StoredRun) -> bool:
    known = TASKS.get(str(run.settings.get("task")))
    trained = run.settings.get("gate", "trained") == "trained"  # no control of the gate
    if known is None or run.settings.get(APART) or not trained:
        return False
    split = run.settings.get("split")
    return split == "test" or (split == "validation" and known.kind == "tagging")


def _looks(run: StoredRun) -> bool:
    """Return whether a record tells how each head of a pair task does on English validation."""
    known = TASKS.get(str(run.settings.get("task")))
    of_pairs = known is not None and known.kind == "pair"
    return of_pairs and run.settings.get("split") == "validation" and "en" in run.languages


def _together(run: StoredRun, facts: Facts | None, validated: StoredRun | None) -> Source:
    made = Provenance(**run.provenance)
    settings = facts["settings"] if facts else {}
    looked = _looked(validated)
    command = train_command(settings) if settings else ""
    told = {name: facts[name] for name in FACTS} if facts else {}
    return Source(
        name=run.name,
        folder=run.folder,
        way=Way(
            backbone=made.backbone,
            recipe=settings["recipe"]["name"] if settings else "",
            together=True,
            max_tokens=None if run.shipped else settings.get("max_tokens"),
            limit=run.settings.get("limit"),
        ),
        task=str(run.settings["task"]),
        split=str(run.settings["split"]),
        seed=made.seed,
        heads=run.heads,
        provenance=made,
        origin=str(run.settings.get("source", "")),
        trained={
            head: Trained(
                command=command,
                tested=run.settings.get("seconds"),
                validation=looked.get(head),
                **told,
            )
            for head in run.heads
        },
        shipped=run.shipped,
    )


def _looked(validated: StoredRun | None) -> Mapping[str, float]:
    """Return each head's accuracy on English validation pairs, by a record of them."""
    if validated is None:
        return {}
    heads = read_summary(validated.folder)["summary"]["en"]
    return {head: float(cell["accuracy"]) for head, cell in heads.items()}


def _trainings(*, own: bool) -> dict[str, Facts]:
    """Return what is told of the training of each checkpoint at hand, by its digest."""
    found: dict[str, Facts] = {}
    for folder in _checkpoints(own=own):
        try:
            facts = json.loads((folder / TRAINING).read_text(encoding="utf-8"))
            whole = facts["settings"]["recipe"]["name"] and all(name in facts for name in FACTS)
        except (OSError, ValueError, KeyError, TypeError):  # still on its way, or none of ours
            continue
        if whole and (digest := checkpoint_digest(folder)):
            found[digest] = facts
    return found


def _checkpoints(*, own: bool) -> Iterator[Path]:
    yield from (file.parent for file in sorted(CHECKPOINTS.glob(f"*/{TRAINING}")))
    if own:
        yield from (file.parent for file in sorted(runs_folder().glob(f"*/checkpoint/{TRAINING}")))
