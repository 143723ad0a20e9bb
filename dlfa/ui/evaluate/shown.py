"""What the views look at: one evaluation, and what it says, counted once for all visitors."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

import streamlit as st

from dlfa.messages import _, spoken
from dlfa.results import (
    Accuracies,
    Evaluated,
    Evaluation,
    Report,
    TaggedEvaluation,
    pairs_of,
)
from dlfa.ui.pair import language_names
from dlfa.ui.store import STUDIES

if TYPE_CHECKING:
    from dlfa.analysis.predict import SentencePair
    from dlfa.data.tasks import Metric

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
    evaluation: Evaluated
    """Of pairs, or a `TaggedEvaluation`."""
    command: str
    """That makes it again, or a few lines of Python that do."""
    language: str = "bash"
    """Of the command: ``"bash"`` or ``"python"``."""
    folder: Path | None = None
    """Of its record; None where it is not kept on disk."""
    own: "Mapping[tuple[str, str], SentencePair] | None" = None
    """Own data's sentences by id and language: nowhere but in the session."""

    @property
    def kind(self) -> str:
        """``"words"`` where words are tagged, for messages with a twin; else empty."""
        return "words" if isinstance(self.evaluation, TaggedEvaluation) else ""

    @property
    def pairs(self) -> Evaluation:
        """The evaluation, where it is of sentence pairs: views of words do not ask."""
        return pairs_of(self.evaluation)

    @property
    def names(self) -> Mapping[str, str]:
        """Its languages' names by code, in the visitor's language."""
        return language_names(dict.fromkeys(self.evaluation.languages.tolist()))


def accuracies(key: tuple[Hashable, ...], evaluation: Evaluated) -> Accuracies:
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


def report(shown: Shown, metric: "Metric | None" = None) -> Report:
    """Return all that an evaluation says, its warnings in the visitor's language.

    Args:
        shown: the run.
        metric: by which measure; its first by default.
    """

    def count() -> Report:
        from dlfa.analysis import reports

        return reports.report(shown.evaluation, metric)

    with st.spinner(_("evaluate.counting"), show_time=True):
        return counted(("report", metric, spoken(), *shown.key), count)


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
