"""What a model is for: its task, known before it is loaded."""

import json
from pathlib import Path
from typing import Any

from dlfa.data.tasks import TASKS, Task
from dlfa.ui.loading import CHECKPOINTS, listed_models
from dlfa.ui.session import session

__all__ = [
    "any_task_of",
    "backbone_of",
    "heads_of",
    "kind_of",
    "page_task",
    "stated",
    "task_of",
    "tuning_of",
]

FIRST = "xnli"  # what the pages of pairs speak of while no model says otherwise


def page_task() -> Task:
    """Return the task of pairs that the page speaks of: that of the chosen model."""
    return task_of(session().model)


def task_of(model: str) -> Task:
    """Return a model's task; the first one for an encoder without heads, or one that tags words.

    Args:
        model: a checkpoint's name or folder.
    """
    known = any_task_of(model)
    return known if known.kind == "pair" else TASKS[FIRST]


def any_task_of(model: str) -> Task:
    """Return a model's task, of pairs or of words; the first one for an encoder without heads.

    Args:
        model: a checkpoint's name or folder.
    """
    made = session().provenance if session().model == model else None
    return TASKS.get(made.task if made else stated(model), TASKS[FIRST])


def kind_of(model: str) -> str:
    """Return ``"words"`` for a model that tags words, for messages with a twin; else empty."""
    return "words" if any_task_of(model).kind == "tagging" else ""


def stated(model: str) -> str:
    """Return the task that a model's configuration names; empty while no such file is here.

    Args:
        model: a checkpoint's name or folder.
    """
    return _configured(model, "task")


def tuning_of(model: str) -> str:
    """Return what learned of a model's encoder (see `dlfa.model.config`), as `stated` its task."""
    return _configured(model, "tuning")


def backbone_of(model: str) -> str:
    """Return the encoder under a model's heads, as `stated` its task."""
    return _configured(model, "backbone")


def heads_of(model: str) -> tuple[str, ...]:
    """Return a model's heads, as `stated` its task."""
    found = _configuration(model).get("heads")
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _configured(model: str, name: str) -> str:
    return str(_configuration(model).get(name) or "")


def _configuration(model: str) -> dict[str, Any]:
    """Return what the model's configuration says; nothing while no such file is here."""
    chosen = listed_models().get(model)
    for folder in (CHECKPOINTS / model, Path(chosen.entry if chosen else model)):
        try:
            found = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):  # not there, or nothing we could read
            continue
        if isinstance(found, dict):
            return found
    return {}
