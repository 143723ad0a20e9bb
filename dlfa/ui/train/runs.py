"""The training runs on this computer: read from their folders, started and ended as processes.

A run is a process of its own, with its own process group: it outlives the page's reruns, the
browser and the app. All that is known of it stands in its folder, so that every visitor, and the
command line, sees the same.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import psutil

from dlfa.data.folders import runs_folder
from dlfa.data.listed import OWN
from dlfa.data.processes import note_process, process_of
from dlfa.errors import BusyError, RunError
from dlfa.messages import _

__all__ = ["Run", "State", "delete", "find", "launch", "named", "runs", "stop"]

State = Literal["going", "stopping", "done", "stopped", "failed", "interrupted"]
ROOT = Path(__file__).parents[3]  # where `python -m dlfa` finds the package
LOG, COMMAND, STOPPING = "log.txt", "command.json", "stopping"
TAIL = 8_000  # bytes of a log that are read
_STARTED: list[subprocess.Popen[bytes]] = []  # ended ones would stay zombies until they are asked


@dataclass(frozen=True)
class Run:
    """One run, as its folder tells it now."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def model(self) -> str:
        """What its result is called in lists of models."""
        return f"{OWN}{self.name}"

    @cached_property
    def state(self) -> State:
        """What became of it."""
        for started in _STARTED:
            started.poll()
        if process_of(self.folder) is not None:
            return "stopping" if (self.folder / STOPPING).exists() else "going"
        if (self.folder / "failure.json").is_file():
            return "failed"
        if self.training:
            return "stopped" if self.training.get("stopped") else "done"
        return "interrupted"

    @property
    def under_way(self) -> bool:
        """Whether its process lives."""
        return self.state in ("going", "stopping")

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What it was asked for; empty while it has not begun."""
        return _read(self.folder / "settings.json")

    @cached_property
    def progress(self) -> dict[str, Any]:
        """How far it is."""
        return _read(self.folder / "progress.json")

    @cached_property
    def history(self) -> list[dict[str, float]]:
        """All that it has logged."""
        found = _read(self.folder / "history.json").get("points")
        entries = found if isinstance(found, list) else []
        return [{name: float(value) for name, value in one.items()} for one in entries]

    @cached_property
    def training(self) -> dict[str, Any]:
        """What it left: empty until then."""
        return _read(self.folder / "training.json")

    @property
    def arguments(self) -> list[str]:
        """The words of its command after ``python -m dlfa``; none if another one started it."""
        found = _read(self.folder / COMMAND).get("arguments")
        return [str(word) for word in found] if isinstance(found, list) else []

    @property
    def written(self) -> float:
        """When something of it was written last, in seconds since 1970."""
        with suppress(OSError):
            return max(file.stat().st_mtime for file in self.folder.iterdir())
        return 0.0

    @property
    def failure(self) -> str:
        """Why it failed, in one sentence; empty if it did not, or could not tell."""
        told = _read(self.folder / "failure.json")
        params = told.get("params")
        return _(str(told["key"]), **params) if "key" in told and isinstance(params, dict) else ""

    @property
    def log(self) -> str:
        """The end of what it said."""
        with suppress(OSError), (self.folder / LOG).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - TAIL))
            return file.read().decode(errors="replace")
        return ""


def _read(file: Path) -> dict[str, Any]:
    """Read a JSON object; what is not there or half written says nothing."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def runs() -> list[Run]:
    """Return every training run on this computer, the latest first."""
    marks = ("settings.json", COMMAND)
    folders = {file.parent for mark in marks for file in runs_folder().glob(f"*/{mark}")}
    found = [Run(folder) for folder in folders]
    # Others write there too: an evaluation has settings of another kind.
    trained = [run for run in found if run.arguments or "recipe" in run.settings]
    return sorted(trained, key=lambda run: (run.under_way, run.written), reverse=True)


def find(name: str) -> Run | None:
    """Return a run by its name."""
    return next((run for run in runs() if run.name == name), None)


def named(title: str) -> Path:
    """Return a folder for a new run: its name gets a number where another run has it."""
    folder, number = runs_folder() / title, 2
    while folder.exists():
        folder, number = runs_folder() / f"{title}-{number}", number + 1
    return folder


def launch(arguments: Sequence[str], folder: Path, *, beside: bool = False) -> Run:
    """Start a run, or go on with one, as a process of its own.

    Args:
        arguments: the words of its command after ``python -m dlfa``.
        folder: the run's.
        beside: also while another one is under way.

    Raises:
        BusyError: another run is under way on this computer.
        RunError: its folder cannot be written.
    """
    busy = [run for run in runs() if run.under_way]
    if busy and (not beside or folder in [run.folder for run in busy]):
        raise BusyError("train.busy", name=busy[0].name)
    path = os.environ.get("PYTHONPATH", "")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in ("failure.json", STOPPING):
            (folder / old).unlink(missing_ok=True)
        (folder / COMMAND).write_text(json.dumps({"arguments": list(arguments)}), encoding="utf-8")
        with (folder / LOG).open("ab") as log:
            started = subprocess.Popen(  # noqa: S603 (our own program, no shell)
                [sys.executable, "-m", "dlfa", *arguments],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), path)))},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError as error:
        raise RunError("train.folder", path=folder.name) from error
    _STARTED.append(started)
    note_process(folder, started.pid)
    return Run(folder)


def stop(run: Run) -> None:
    """Ask a run to end: it keeps the best checkpoint so far."""
    process = process_of(run.folder)
    if process is not None:
        (run.folder / STOPPING).touch()
        with suppress(psutil.Error):
            process.send_signal(signal.SIGTERM)


def delete(run: Run) -> None:
    """Remove a run that is over, with all it left.

    Raises:
        BusyError: it is under way.
        RunError: its folder cannot be removed.
    """
    if Run(run.folder).under_way:
        raise BusyError("train.busy", name=run.name)
    try:
        shutil.rmtree(run.folder)
    except OSError as error:
        raise RunError("train.folder", path=run.name) from error
