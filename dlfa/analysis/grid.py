"""What a store of runs holds: records by task, encoder, recipe, budget and seed, without reading
their examples. `dlfa.analysis.joining` writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlfa.analysis import records
from dlfa.analysis.joining import APART, TRAINED
from dlfa.errors import RunError

__all__ = ["Grid", "GridRecord", "heads_in", "read_grid"]


@dataclass(frozen=True, kw_only=True)
class GridRecord:
    """One record of a store: heads of one task, each with an encoder of its own."""

    folder: Path
    """For `dlfa.analysis.records.read`."""
    task: str
    backbone: str
    recipe: str
    max_tokens: int | None
    """Training tokens of a head; None for the recipe's epochs."""
    limit: int | None
    """Test examples of each language; None for all."""
    seed: int
    heads: tuple[str, ...]
    """Those trained so far, in the paper's order."""
    content: Mapping[str, Any]
    """All of ``run.json``: ``summary`` by language and head, ``averages`` by head, ``settings``
    with ``trained`` by head, ``provenance``."""

    @property
    def trained(self) -> Mapping[str, Mapping[str, Any]]:
        """By head: tokens, seconds, validation, checks, hardware, versions, commit, made."""
        found: Mapping[str, Mapping[str, Any]] = self.content["settings"][TRAINED]
        return found

    @property
    def kind(self) -> tuple[str, str, str, int | None, int | None]:
        """What records have in common that differ by seed only."""
        return self.task, self.backbone, self.recipe, self.max_tokens, self.limit


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Records that differ by seed only, the lowest first."""

    task: str
    backbone: str
    recipe: str
    max_tokens: int | None
    limit: int | None
    records: tuple[GridRecord, ...]

    @property
    def seeds(self) -> tuple[int, ...]:
        """Those trained so far."""
        return tuple(one.seed for one in self.records)

    @property
    def heads(self) -> tuple[str, ...]:
        """Those that every seed has, in the paper's order."""
        first, *others = self.records
        return tuple(name for name in first.heads if all(name in one.heads for one in others))


def read_grid(store: Path) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """Return what a store holds, and one sentence for each record that cannot be read.

    Args:
        store: a folder of records; of one that is not there nothing is known.
    """
    found: dict[tuple[Any, ...], list[GridRecord]] = {}
    damaged: list[str] = []
    for file in sorted(store.glob(f"[!.]*/{records.RUN}")):
        try:
            one = _record(file.parent)
        except RunError as error:
            damaged.append(str(error))
            continue
        if one is not None:
            found.setdefault(one.kind, []).append(one)
    return tuple(_grid(several) for several in found.values()), tuple(damaged)


def _grid(several: list[GridRecord]) -> Grid:
    first = several[0]
    return Grid(
        task=first.task,
        backbone=first.backbone,
        recipe=first.recipe,
        max_tokens=first.max_tokens,
        limit=first.limit,
        records=tuple(sorted(several, key=lambda one: one.seed)),
    )


def _record(folder: Path) -> GridRecord | None:
    """Return one record; None for one whose heads were trained together."""
    content = records.read_summary(folder)
    settings = content["settings"]
    try:
        if not settings.get(APART):
            return None
        names = ("task", "backbone", "recipe", "max_tokens", "limit", "seed")
        about = {name: settings[name] for name in names}
        if set(settings[TRAINED]) != set(content["heads"]):
            raise KeyError(TRAINED)
    except (KeyError, TypeError, AttributeError) as error:  # no record of ours
        raise RunError("error.run.unreadable", path=folder.name) from error
    return GridRecord(folder=folder, heads=tuple(content["heads"]), content=content, **about)


def heads_in(folder: Path) -> tuple[str, ...]:
    """Return the heads of a record; none where there is no record.

    Whoever decides by it what is to be trained holds the store (see `dlfa.analysis.joining`).

    Raises:
        RunError: it is damaged.
    """
    if not folder.exists():
        return ()
    try:
        return tuple(records.read_summary(folder)["heads"])
    except RunError as error:
        raise RunError("error.grid.damaged", path=folder) from error
