"""Which records there are of an encoder and a recipe: one set of runs for each task.

Records of one model with all heads (recipes such as ``joint``) are the shipped ones and those that
the page Evaluate keeps; records whose heads were trained apart (``paper``) lie in a store of their
own. Only ``run.json`` is read here; examples are when a claim asks for them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from dlfa.analysis import records
from dlfa.analysis.store import grid_folders, stored
from dlfa.claims.gains import Gains, gains, kept
from dlfa.claims.recipes import recipe_of
from dlfa.data.tasks import TASKS
from dlfa.errors import RunError
from dlfa.results import BASELINE, Evaluated, head_gate, head_layer
from dlfa.results.claims import RecordRef

__all__ = [
    "INTERMEDIATE",
    "Record",
    "Runs",
    "found_runs",
    "offered",
    "own_runs",
    "with_arms",
]

APART = "trained_apart"  # in a record's settings: each head has an encoder of its own
TRAINED = "trained"  # there: by head, how it was trained
INTERMEDIATE = "intermediate"  # there: the arm of the experiment on intermediate tasks
SPLITS = ("test", "validation", "own", "built-in")  # the first that there is
GENUINE = "trained"  # the gate as it was trained


@dataclass(frozen=True, eq=False)
class Record:
    """One record's ``run.json``."""

    folder: Path
    content: Mapping[str, Any]
    recipe: str

    @property
    def settings(self) -> Mapping[str, Any]:
        """What was evaluated."""
        return self.content["settings"]

    @property
    def seed(self) -> int:
        """Of the training."""
        return int(self.settings.get("seed", self.content["provenance"]["seed"]))

    @property
    def budget(self) -> float:
        """Training tokens of a head; infinite for the recipe's whole passes."""
        return float(self.settings.get("max_tokens") or np.inf)

    @property
    def n(self) -> int:
        """Examples."""
        return sum(next(iter(by.values()))["n"] for by in self.content["summary"].values())

    @property
    def usable(self) -> bool:
        """Whether there is a baseline and a fused head: of a seed begun just now there may not."""
        heads = self.content["heads"]
        return BASELINE in heads and any(head_gate(name) == "paper" for name in heads)

    @property
    def alike(self) -> tuple[Any, ...]:
        """What records have in common that differ by seed only."""
        names = ("task", "split", "limit", "data", "max_tokens", INTERMEDIATE)
        return *(self.settings.get(name) for name in names), tuple(self.content["summary"])

    @property
    def ref(self) -> RecordRef:
        """How a finding names it."""
        made = self.content["provenance"]
        return RecordRef(
            name=self.folder.name,
            task=str(self.settings.get("task", "")),
            split=str(self.settings.get("split", "")),
            checkpoint=str(made["checkpoint"]),
            data=str(self.settings.get("data", "")),
            seed=self.seed,
            command=str(made.get("command", "")),
        )


@dataclass(frozen=True, eq=False)
class Runs:
    """A task's records that differ by seed only, the lowest first."""

    task: str
    split: str
    records: tuple[Record, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The baseline and the fused heads, gate as printed, that all seeds have."""
        first, *others = (record.content["heads"] for record in self.records)
        return tuple(
            name
            for name in first
            if head_gate(name) != "aff" and all(name in other for other in others)
        )

    @property
    def usable(self) -> bool:
        """Whether there is a baseline, and something to hold against it."""
        return BASELINE in self.heads and len(self.heads) > 1

    @cached_property
    def evaluations(self) -> tuple[Evaluated, ...]:
        """The examples, seed by seed, of the heads that all seeds have.

        Raises:
            RunError: a record cannot be read, or they are not of the same examples.
        """
        found = [kept(records.read(record.folder), self.heads) for record in self.records]
        names = [np.strings.add(np.strings.add(one.ids, "\t"), one.languages) for one in found]
        if not all(np.array_equal(names[0], one) for one in names):
            raise RunError("error.claims.seeds", task=self.task)
        return tuple(found)

    @cached_property
    def gains(self) -> Gains:
        """What every layer adds to the baseline, in the mean over the languages.

        Raises:
            RunError: a record cannot be read.
        """
        return gains(self.evaluations)

    @cached_property
    def validation(self) -> dict[int, tuple[float, ...]] | None:
        """By layer, what English validation said of every seed; None if records do not tell."""
        chosen_by = TASKS[self.task].chosen_by if self.task in TASKS else ""
        found: dict[int, list[float]] = {}
        for record in self.records:
            told = record.settings.get(TRAINED, {})
            for head in self.heads:
                layer = head_layer(head)
                value = told.get(head, {}).get("validation", {}).get(chosen_by)
                if layer is not None and value is not None:
                    found.setdefault(layer, []).append(float(value))
        whole = all(len(values) == len(self.records) for values in found.values())
        if not whole or len(found) < len(self.heads) - 1:
            return None
        return {layer: tuple(values) for layer, values in found.items()}


def found_runs(
    backbone: str, recipe: str, store: Path | None = None
) -> tuple[dict[str, Runs], tuple[str, ...]]:
    """Return each task's runs of one encoder and recipe.

    Of several sets of a task the test set goes before validation, more training tokens before
    fewer, then more seeds, heads and examples before fewer.

    Args:
        backbone: the encoder's key.
        recipe: such as ``"joint"`` or ``"paper"``.
        store: of records with heads trained apart; if None, both of
            `dlfa.analysis.store.grid_folders`.

    Returns:
        by task; and a sentence for each record that cannot be read.
    """
    damaged: list[str] = []
    every = [*_together(), *_apart(store, damaged)]
    fitting = [
        one
        for one in every
        if one.content["provenance"]["backbone"] == backbone
        and one.recipe == recipe
        and one.settings.get("gate", GENUINE) == GENUINE
        and one.settings.get("split") in SPLITS
        and not one.settings.get(INTERMEDIATE)
        and one.usable
    ]
    return _best(fitting), tuple(damaged)


def _best(every: Sequence[Record]) -> dict[str, Runs]:
    groups: dict[tuple[Any, ...], dict[int, Record]] = {}
    for one in every:
        by_seed = groups.setdefault(one.alike, {})
        if one.seed not in by_seed or len(by_seed[one.seed].content["heads"]) < len(
            one.content["heads"]
        ):
            by_seed[one.seed] = one
    found: dict[str, Runs] = {}
    for several in sorted(groups.values(), key=_rank):
        runs = tuple(several[seed] for seed in sorted(several))
        about = runs[0].settings
        one_task = Runs(str(about.get("task", "")), str(about.get("split", "")), runs)
        if one_task.usable:
            found.setdefault(one_task.task, one_task)
    return found


def _rank(several: Mapping[int, Record]) -> tuple[Any, ...]:
    first = next(iter(several.values()))
    heads = min(len(one.content["heads"]) for one in several.values())
    split = SPLITS.index(first.settings["split"])
    return split, -first.budget, -len(several), -heads, -first.n


def offered(store: Path | None = None) -> tuple[tuple[str, str], ...]:
    """Return the encoders and recipes of which there are records, as pairs, in order.

    Args:
        store: as in `found_runs`.
    """
    every = [*_together(), *_apart(store, [])]
    return tuple(sorted({(one.content["provenance"]["backbone"], one.recipe) for one in every}))


def own_runs(folder: Path) -> tuple[str, str, dict[str, Runs]]:
    """Return a visitor's own record as the evidence: its encoder, its recipe and its task's runs.

    Raises:
        RunError: it cannot be read, or has no baseline or no fused head.
    """
    content = records.read_summary(folder)
    recipe = recipe_of(content) or "own"
    record = Record(folder, content, recipe)
    split = str(record.settings.get("split", ""))
    one = Runs(str(record.settings.get("task", "")), split, (record,))
    if not one.usable:
        raise RunError("error.claims.record", path=folder.name)
    return str(content["provenance"]["backbone"]), recipe, {one.task: one}


def with_arms(backbone: str, store: Path | None = None) -> dict[str, tuple[Record, ...]]:
    """Return the records of models that had an intermediate task, by its arm.

    Args:
        backbone: the encoder's key.
        store: as in `found_runs`.
    """
    every = [*_together(), *_apart(store, [])]
    found: dict[str, list[Record]] = {}
    for one in every:
        arm = one.settings.get(INTERMEDIATE)
        if arm and one.content["provenance"]["backbone"] == backbone:
            found.setdefault(str(arm), []).append(one)
    return {arm: tuple(several) for arm, several in found.items()}


def _together() -> Iterator[Record]:
    """Yield records of models that hold all their heads."""
    for run in stored():
        try:
            content = records.read_summary(run.folder)
        except RunError:  # gone since it was listed
            continue
        recipe = recipe_of(content)
        if recipe and not content["settings"].get(APART):
            yield Record(run.folder, content, recipe)


def _apart(store: Path | None, damaged: list[str]) -> Iterator[Record]:
    """Yield records whose heads were trained apart; say which cannot be read."""
    folders = grid_folders() if store is None else (store,)
    for file in (one for folder in folders for one in sorted(folder.glob(f"[!.]*/{records.RUN}"))):
        try:
            content = records.read_summary(file.parent)
        except RunError as error:
            damaged.append(str(error))
            continue
        if content["settings"].get(APART):
            yield Record(file.parent, content, str(content["settings"].get("recipe", "")))
