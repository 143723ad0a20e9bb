"""How the model behind a record was trained: told by the record, or by its checkpoint."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from dlfa.data.folders import runs_folder
from dlfa.model.checkpoints import ADAPTER, ENCODER, HEADS, digest, is_checkpoint

__all__ = ["recipe_of"]

CHECKPOINTS = Path(__file__).parents[2] / "assets" / "checkpoints"
TRAINING = "training.json"
WEIGHTS = (ADAPTER, HEADS, ENCODER)


def recipe_of(content: Mapping[str, Any]) -> str:
    """Return the recipe's name that a record tells, or its checkpoint does; empty of neither."""
    told = content["settings"].get("recipe") or _recipes().get(_checkpoint(content), "")
    return str(told)


def _checkpoint(content: Mapping[str, Any]) -> str:
    return str(content["provenance"].get("checkpoint", ""))


def _recipes() -> dict[str, str]:
    """Return the recipe's name of every checkpoint at hand, by digest."""
    folders = (*CHECKPOINTS.glob("*"), *runs_folder().glob("*/checkpoint"))
    found: dict[str, str] = {}
    for folder in folders:
        told = folder / TRAINING
        if told.is_file() and is_checkpoint(folder):
            files = [folder / name for name in WEIGHTS if (folder / name).is_file()]
            stamps = tuple(one.stat().st_mtime_ns for one in files)
            found.update(_recipe(folder, stamps))
    return found


@lru_cache(maxsize=100)
def _recipe(folder: Path, _stamps: tuple[int, ...]) -> dict[str, str]:
    """Return one checkpoint's digest and recipe, anew where a file's time is new."""
    try:
        told = json.loads((folder / TRAINING).read_text(encoding="utf-8"))
        return {digest(folder): str(told["settings"]["recipe"]["name"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
