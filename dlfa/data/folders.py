"""Where this machine keeps what can be made again, and what was trained on it."""

import os
from pathlib import Path

__all__ = ["cache_folder", "is_folder", "runs_folder"]


def cache_folder() -> Path:
    """Return the folder named by ``DLFA_CACHE_DIR``, else ``~/.cache/dlfa``; it may not exist."""
    named = os.environ.get("DLFA_CACHE_DIR", "")
    return Path(named) if named else Path.home() / ".cache" / "dlfa"


def runs_folder() -> Path:
    """Return the folder named by ``DLFA_RUNS``, else ``runs`` here; it may not exist."""
    return Path(os.environ.get("DLFA_RUNS", "") or "runs")


def is_folder(name: str) -> bool:
    """Return whether a name is a folder's, also if it could never be one."""
    try:
        return bool(name) and Path(name).is_dir()
    except (OSError, ValueError):  # no file system takes such a name
        return False
