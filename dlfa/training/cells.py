"""The grid, as data: which trainings it consists of, in which order, and under which names."""

import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from filelock import FileLock

from dlfa.analysis.grid import heads_in
from dlfa.analysis.joining import name_of
from dlfa.analysis.store import digest_of
from dlfa.data.folders import cache_folder
from dlfa.data.sources import mirror
from dlfa.errors import RunError
from dlfa.results import BASELINE, head_names
from dlfa.training.guards import LOCK, writable
from dlfa.training.recipes import ALONE, Settings, check_number, recipe
from dlfa.training.setup import chosen_heads
from dlfa.training.shards import VERSION, Shard, read_shard

__all__ = ["Cell", "Plan", "own_shards"]

VALIDATION = 500  # English validation examples on which a checkpoint is chosen
CHECKS = {True: 4, False: 10}  # looks at them, with a token budget and without one
WORK = ".work"  # in the store: what goes on


@dataclass(frozen=True)
class Cell:
    """One training: a head with an encoder of its own."""

    task: str
    head: str
    seed: int

    @property
    def words(self) -> str:
        """Its name for people."""
        return f"{self.task} {self.head} seed {self.seed}"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A grid of trainings, and where it lies."""

    tasks: tuple[str, ...]
    backbone: str
    recipe: str
    heads: tuple[str, ...] = ()
    """Which heads of each task; the paper's (the baseline and a head per lower layer, the gate as
    printed) if none is named."""
    seeds: tuple[int, ...]
    max_tokens: int | None = None
    """Training tokens of a cell; None for the recipe's epochs."""
    limit: int | None = None
    """Test examples of each language; None for all."""
    store: Path
    """The records."""
    shards: Path
    """What `dlfa.training.sharding` wrote."""

    def __post_init__(self) -> None:
        if self.limit is not None:
            check_number("--limit", self.limit, 1)
        if not recipe(self.recipe).one_head:
            raise RunError("error.grid.recipe", name=self.recipe, known=", ".join(ALONE))
        for name in self.tasks:
            self.first(name)  # says what is wrong with it
        for seed in self.seeds:
            check_number("--seed", seed, 0, 2**32 - 1)

    @cached_property
    def shard(self) -> Mapping[str, Shard]:
        """Each task's shard.

        Raises:
            RunError: there is none, or it is of another version.
        """
        return {name: read_shard(self.shards, self.backbone, name) for name in self.tasks}

    @property
    def cells(self) -> Iterator[Cell]:
        """All trainings: seed by seed, then task by task, the baseline first.

        A store cut off anywhere holds whole comparisons.

        Raises:
            UnknownHeadError: a head that the encoder cannot have.
        """
        for seed in self.seeds:
            for name in self.tasks:
                layers = self.shard[name].layers
                heads = self.heads or head_names(layers, aff=False)
                yield from (Cell(name, head, seed) for head in chosen_heads(heads, layers))

    def first(self, task_key: str) -> Settings:
        """Return what a task's first training is asked for."""
        head = (*self.heads, BASELINE)[0]
        return self.settings(Cell(task_key, head, self.seeds[0]))

    def prepared(self, task_key: str) -> bool:
        """Return whether a task's shard is there."""
        try:
            read_shard(self.shards, self.backbone, task_key)
        except RunError:
            return False
        return True

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """Keep the folder of the shards for this process while the block runs.

        Raises:
            RunError: nobody can write there, or its disk is full.
        """
        with writable(self.shards):
            self.shards.mkdir(parents=True, exist_ok=True)
            with FileLock(self.shards / LOCK):
                yield

    def settings(self, cell: Cell) -> Settings:
        """Return what the training of a cell is asked for."""
        return Settings(
            task=cell.task,
            backbone=self.backbone,
            recipe=recipe(self.recipe, cell.task),
            heads=(cell.head,),
            max_tokens=self.max_tokens,
            seed=cell.seed,
            validation_limit=VALIDATION,
            checks=CHECKS[self.max_tokens is not None],
        )

    def about(self, cell: Cell) -> dict[str, Any]:
        """Return what a cell's record says of the trainings of all its heads."""
        training = self.settings(cell).to_dict()
        named = Path(self.backbone).name if Path(self.backbone).is_dir() else self.backbone
        return {
            "backbone": named,
            "task": cell.task,
            "recipe": self.recipe,
            "max_tokens": self.max_tokens,
            "limit": self.limit,
            "seed": cell.seed,
            "training": {
                name: one
                for name, one in training.items()
                if name not in ("backbone", "task", "heads", "seed", "max_tokens")
            },
            "command": self.command(cell),
        }

    def command(self, cell: Cell) -> str:
        """Return what repeats a cell, but for its head, which is written behind."""
        words = ["python", "-m", "dlfa", "sweep", "--task", cell.task, "--seed", str(cell.seed)]
        return shlex.join([*words, *self._common(), "--heads"])

    def options(self) -> list[str]:
        """Return the plan as options of ``dlfa sweep``, for another process."""
        words = ["--task", *self.tasks, "--seed", *map(str, self.seeds), *self._common()]
        words += ["--store", str(self.store), "--shards", str(self.shards)]
        return [*words, "--heads", *(self.heads or ("all",))]

    def _common(self) -> list[str]:
        words = ["--backbone", self.backbone, "--recipe", self.recipe]
        words += ["--max-tokens", str(self.max_tokens)] if self.max_tokens else []
        return [*words, *(["--limit", str(self.limit)] if self.limit else [])]

    def tokens(self, cell: Cell) -> int:
        """Return the training tokens of a cell."""
        passes = self.settings(cell).recipe.epochs
        return self.max_tokens or round(passes * self.shard[cell.task].tokens())

    def tested(self, cell: Cell) -> float:
        """Return the sub-words of a cell's test examples."""
        shard = self.shard[cell.task]
        each = shard.tokens("test") / len(shard.test)
        return each * len(shard.test.rows(self.limit))

    def done(self, cell: Cell) -> bool:
        """Return whether a cell is in the store.

        Raises:
            RunError: its record is damaged.
        """
        return cell.head in heads_in(self.store / name_of(self.about(cell)))

    def tidy(self) -> None:
        """Remove what a finished grid has no use for."""
        shutil.rmtree(self.store / WORK, ignore_errors=True)

    def work(self, cell: Cell) -> Path:
        """Return where a cell is trained."""
        return self.store / WORK / f"{name_of(self.about(cell))}-{cell.head}"


def own_shards(backbone: str) -> Path:
    """Return where this computer keeps shards of the data that it has now."""
    data, folder = mirror(), Path(backbone)
    content = {
        "version": VERSION,
        "data": str(data.resolve()) if data else "",
        "encoder": str(folder.resolve()) if folder.is_dir() else backbone,
    }
    return cache_folder() / "shards" / digest_of(content)
