"""What the views look at: one evaluation, and what it says, counted once for all visitors."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

import streamlit as st

from dlfa.messages import _, spoken
from dlfa.results import Accuracies, Evaluation, Report
from dlfa.ui.pair import language_names
from dlfa.ui.store import STUDIES

if TYPE_CHECKING:
    from dlfa.analysis.predict import SentencePair

__all__ = ["Shown", "accuracies", "counted", "report"]

Counted = TypeVar("Counted")

_COUNTING: "WeakValueDictionary[Hashable, Lock]" = WeakValueDictionary()  # as long as one counts
_ONE = Lock()  # of the locks themselves


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One evaluation on the page."""

    model: str
    """The model that is chosen for the page."""
    key: tuple[Hashable, ...]
    """Of the evaluation: names, texts and numbers; a partial one's grows with it."""
    title: str
    evaluation: Evaluation
    command: str
    """That makes it again, or a few lines of Python that do."""
    language: str = "bash"
    """Of the command: ``"bash"`` or ``"python"``."""
    folder: Path | None = None
    """Of its record; None where it is not kept on disk."""
    own: "Mapping[tuple[str, str], SentencePair] | None" = None
    """Own data's sentences by id and language: nowhere but in the session."""

    @property
    def names(self) -> Mapping[str, str]:
        """Its languages' names by code, in the visitor's language."""
        return language_names(dict.fromkeys(self.evaluation.languages.tolist()))


def accuracies(key: tuple[Hashable, ...], evaluation: Evaluation) -> Accuracies:
    """Return how often each head is right: quick enough for a result that still grows.

    Args:
        key: of the evaluation, see `Shown.key`.
        evaluation: at least one example.
    """
    known: Accuracies | None = STUDIES.get(("accuracies", *key))
    if known is None:
        from dlfa.analysis import reports

        known = reports.accuracies(evaluation)
        STUDIES.put(("accuracies", *key), known)
    return known


def report(shown: Shown) -> Report:
    """Return all that an evaluation says, its warnings in the visitor's language."""

    def count() -> Report:
        from dlfa.analysis import reports

        return reports.report(shown.evaluation)

    with st.spinner(_("evaluate.counting"), show_time=True):
        return counted(("report", spoken(), *shown.key), count)


def counted(key: Hashable, count: Callable[[], Counted]) -> Counted:
    """Return what is known under a key already, or count it; no two visitors count the same.

    It asks no model, so that it waits in no model's line.
    """
    if (found := STUDIES.get(key)) is None:
        with _lock(key):
            found = STUDIES.get(key)
            if found is None:
                found = count()
                STUDIES.put(key, found)
    return found


def _lock(key: Hashable) -> Lock:
    with _ONE:
        return _COUNTING.setdefault(key, Lock())
