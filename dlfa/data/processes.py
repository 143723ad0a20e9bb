"""Which process works in a folder: noted there, so that any other one can ask."""

import json
import os
from contextlib import suppress
from pathlib import Path

import psutil

from dlfa.data.atomic import write_json

__all__ = ["PROCESS", "note_process", "process_of"]

PROCESS = "process.json"
SAME = 2.0  # seconds: systems round the time at which a process began


def note_process(folder: Path, pid: int | None = None) -> None:
    """Note in a folder that a process, by default this one, works there.

    A number alone would not do: systems give the same one again.
    """
    pid = os.getpid() if pid is None else pid
    with suppress(psutil.Error):  # over already: nobody works there
        write_json(folder / PROCESS, {"pid": pid, "began": psutil.Process(pid).create_time()})


def process_of(folder: Path) -> psutil.Process | None:
    """Return the process that works in a folder, None if none does (any more)."""
    try:
        noted = json.loads((folder / PROCESS).read_text(encoding="utf-8"))
        found = psutil.Process(int(noted["pid"]))
        same = abs(found.create_time() - float(noted["began"])) < SAME
        return found if same and found.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None
