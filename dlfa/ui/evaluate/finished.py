"""Finished runs that can be looked at: shipped ones, and those that this machine keeps."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import streamlit as st
from babel.dates import format_datetime

from dlfa.figures.words import head_word
from dlfa.messages import _, of_task, spoken
from dlfa.results import Evaluated
from dlfa.ui.evaluate.request import OWN
from dlfa.ui.evaluate.shown import Shown, counted
from dlfa.ui.loading import known

if TYPE_CHECKING:
    from dlfa.analysis.store import StoredRun

__all__ = ["data_words", "finished", "open_run", "run_words", "some_words"]

NAMED = 3  # languages or heads that are named one by one


def finished(model: str) -> "dict[str, StoredRun]":
    """Return the runs of a model's task by name: its own first, and among them the shipped one.

    Args:
        model: a checkpoint's name or folder.

    Raises:
        DlfaError: the model cannot be loaded.
    """
    from dlfa.analysis.store import stored

    checkpoint = known(model).provenance.checkpoint
    task = known(model).provenance.task  # other labels, other examples
    every = (run for run in stored() if run.settings.get("task") == task)
    runs = [run for run in every if run.settings.get("split") != OWN]
    runs.sort(key=lambda run: run.provenance["checkpoint"] != checkpoint)
    return {run.name: run for run in runs}


def run_words(run: "StoredRun") -> str:
    """Return what a run is called in a list."""
    from dlfa.data.tasks import TASKS

    whole = TASKS.get(str(run.settings.get("task")))
    parts = [data_words(run.settings)]
    if whole is None or set(run.languages) != set(whole.languages):
        parts.append(some_words("languages", run.languages))
    parts.append(some_words("heads", run.heads))
    when = _("evaluate.run.shipped") if run.shipped else _when(run.written)
    tagging = whole is not None and whole.kind == "tagging"
    return of_task(
        "evaluate.run",
        "words" * tagging,
        data=" · ".join(parts),
        pairs=f"{run.total:,}",
        model=run.provenance["backbone"],
        checkpoint=run.provenance["checkpoint"][:8],
        when=when,
    )


def some_words(kind: str, names: Sequence[str]) -> str:
    """Return which languages or heads a run is about: a few by name, else how many.

    Args:
        kind: ``"languages"`` or ``"heads"``.
        names: codes of languages, or heads' names.
    """
    if len(names) > NAMED:
        return _(f"evaluate.some.{kind}", count=len(names))
    named = ", ".join(head_word(name) if kind == "heads" else name for name in names)
    return _("evaluate.some.only", names=named)


def data_words(settings: Mapping[str, Any]) -> str:
    """Return what a run was evaluated on, by its settings."""
    data = of_task(f"evaluate.set.{settings['split']}", str(settings.get("task")))
    limit = settings.get("limit")
    if limit is None:
        return data
    return _("evaluate.run.drawn", data=data, n=f"{limit:,}", seed=settings.get("sampling_seed", 0))


def _when(written: float) -> str:
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ValueError, OSError, LookupError):  # whatever a browser may call its own
        zone = ZoneInfo("UTC")
    moment = datetime.fromtimestamp(written, UTC).astimezone(zone)
    return format_datetime(moment, "short", locale=spoken())


def open_run(model: str, run: "StoredRun") -> Shown:
    """Return a finished run with all its answers, read once for all visitors.

    Raises:
        RunError: it cannot be read.
    """
    key = "record", str(run.folder), run.written

    def read() -> Evaluated:
        from dlfa.analysis import records

        return records.read(Path(run.folder))

    found = counted(("evaluation", *key), read)
    return Shown(
        model=model,
        key=key,
        title=run_words(run),
        evaluation=found,
        command=found.provenance.command,
        folder=run.folder,
    )
