"""Evaluations on disk: chunks of one that goes on, records of those that are finished.

A folder per run, named by the digest of all that shapes its numbers (checkpoint, encoder, dtype,
examples, settings). Nothing in it is ever half written: files and records appear by one rename, so
that a run may be killed at any time, and two may write the same run. Oldest runs go first when
the folder grows over its limit. Texts are never stored.
"""

import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from dlfa.analysis import records
from dlfa.data.folders import cache_folder, runs_folder
from dlfa.errors import RunError
from dlfa.results import Evaluated

__all__ = [
    "OWN_GRID",
    "RESULTS",
    "Store",
    "StoredRun",
    "digest_of",
    "evaluations_folder",
    "grid_folders",
    "stored",
]

LOG = logging.getLogger(__name__)
RESULTS = Path(__file__).parents[2] / "assets" / "results"
LIMIT = 1_000_000_000  # bytes of all runs together
IN_USE = 3_600.0  # seconds since its last write for which a run is not thrown out
RECORD = "record"
OWN_GRID = "own-"  # before the names of this computer's grid: shipped ones may be called the same
GRID = "grid"  # the folder of records whose heads were trained apart
DAMAGED = (BadZipFile, NotImplementedError, RuntimeError)  # what zipfile makes of flipped bits

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class StoredRun:
    """A finished evaluation that can be read."""

    name: str
    """The folder's: a shipped record's name, or a digest."""
    folder: Path
    digest: str
    """Of all that shapes its numbers; empty for a shipped record."""
    settings: Mapping[str, Any]
    provenance: Mapping[str, Any]
    total: int
    """Examples."""
    languages: tuple[str, ...]
    heads: tuple[str, ...]
    shipped: bool
    """Whether it lies in the repository."""
    written: float
    """Seconds since 1970."""


def evaluations_folder() -> Path:
    """Return where runs are kept."""
    return cache_folder() / "evaluations"


class Store:
    """One run's place on disk.

    A disk that is full or may not be written to loses what could have been resumed, never the run.

    Args:
        digest: the run's.
        root: where runs are kept; `evaluations_folder` if None.
        limit: bytes of all runs together; the oldest go first.
    """

    def __init__(self, digest: str, root: Path | None = None, limit: int = LIMIT) -> None:
        self.root = evaluations_folder() if root is None else root
        self.folder, self.limit = self.root / digest, limit

    @property
    def record(self) -> Path:
        """The folder of the finished run's record, whether it is there or not."""
        return self.folder / RECORD

    def read(self, chunk: int) -> dict[str, np.ndarray] | None:
        """Return a chunk's arrays; None if it is not there, or is damaged."""
        try:
            with self._file(chunk).open("rb") as file, np.load(file, allow_pickle=False) as found:
                return dict(found)
        except (OSError, ValueError, EOFError, KeyError, *DAMAGED):
            return None

    def write(self, chunk: int, arrays: Arrays) -> bool:
        """Keep a chunk's arrays; return whether the disk took them."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                dir=self.folder, prefix=".chunk-", delete=False
            ) as scratch:
                np.savez(scratch, **arrays)  # type: ignore[arg-type]
            Path(scratch.name).replace(self._file(chunk))
        except OSError:
            with suppress(OSError, UnboundLocalError):
                Path(scratch.name).unlink()
            return False
        return True

    def finish(self, evaluation: Evaluated) -> None:
        """Write the record and drop the chunks; whoever else finished first has written it."""
        there = self.finished()
        kept = there is not None and len(there.ids) == len(evaluation.ids)
        if not kept:
            try:
                records.write(evaluation, self.record)
                kept = True  # whole or not at all: reading it back would only cost memory
            except OSError as error:  # also where another one finishes in this instant
                LOG.warning("the record is not kept: %s", error)
                kept = self.finished() is not None
        if kept:
            for file in self.folder.glob("chunk-*.npz"):
                file.unlink(missing_ok=True)

    def drop(self) -> None:
        """Forget the run."""
        _remove(self.folder)

    def finished(self) -> Evaluated | None:
        """Return the finished run; None if there is none that can be read."""
        try:
            found = records.read(self.record)
        except RunError:
            return None
        with suppress(OSError):
            os.utime(self.folder)
        return found

    def tidy(self) -> None:
        """Throw out the oldest runs until all fit into the limit, and what a kill left behind."""
        for folder in self.root.glob(".gone-*"):
            shutil.rmtree(folder, ignore_errors=True)
        sizes = {folder: _size(folder) for folder in _oldest_first(self.root)}
        spare = sum(sizes.values()) - self.limit
        for folder, size in sizes.items():
            if spare <= 0:
                return
            if folder != self.folder and time.time() - _written(folder) > IN_USE:
                _remove(folder)
                spare -= size

    def _file(self, chunk: int) -> Path:
        return self.folder / f"chunk-{chunk:05}.npz"


def grid_folders() -> tuple[Path, Path]:
    """Return where records of heads that were trained apart lie: shipped, and this computer's."""
    return RESULTS / GRID, runs_folder() / GRID


def stored(root: Path | None = None) -> list[StoredRun]:
    """Return every finished run that can be read: the shipped ones, then the newest first.

    Shipped are also the records of the grid (see `dlfa.analysis.grid`); this computer's own grid
    comes last, each record under its folder's name behind ``own-``. Runs over perturbed examples
    are not among them: their right answers are those of other sentences.
    """
    root = evaluations_folder() if root is None else root
    theirs, ours = grid_folders()
    files = [*sorted(RESULTS.glob(f"*/{records.RUN}")), *sorted(theirs.glob(f"*/{records.RUN}"))]
    shipped = [_listed(file.parent, "") for file in files]
    own = [_listed(folder / RECORD, folder.name) for folder in _oldest_first(root)]
    grid = [
        _listed(file.parent, f"{OWN_GRID}{file.parent.name}")
        for file in sorted(ours.glob(f"[!.]*/{records.RUN}"))
    ]
    found = (run for run in (*shipped, *reversed(own), *grid) if run is not None)
    return [run for run in found if "perturbation" not in run.settings]


def _listed(folder: Path, digest: str) -> StoredRun | None:
    try:
        content = records.read_summary(folder)
    except RunError:
        return None
    first = [next(iter(heads.values())) for heads in content["summary"].values()]
    return StoredRun(
        name=digest or folder.name,
        folder=folder,
        digest=digest,
        settings=content["settings"],
        provenance=content["provenance"],
        total=sum(row["n"] for row in first),
        languages=tuple(content["summary"]),
        heads=tuple(content["heads"]),
        shipped=not digest,
        written=_written(folder / records.RUN),
    )


def _oldest_first(root: Path) -> list[Path]:
    try:
        folders = [path for path in root.iterdir() if path.is_dir() and path.name[0] != "."]
    except OSError:
        return []
    return sorted(folders, key=_written)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            total += file.stat().st_size
    return total


def _remove(folder: Path) -> None:
    """Move a folder out of sight first, so that nobody sees half of it."""
    with suppress(OSError):
        scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".gone-"))
        folder.rename(scratch / folder.name)
        shutil.rmtree(scratch, ignore_errors=True)


def digest_of(content: Mapping[str, Any]) -> str:
    """Return 24 hex digits of what is said, whatever the order of its keys."""
    from hashlib import sha256

    said = json.dumps(content, sort_keys=True, ensure_ascii=False, default=list)
    return sha256(said.encode()).hexdigest()[:24]
