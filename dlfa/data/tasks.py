"""The tasks, as data: a further task is one more entry here."""

from collections.abc import Mapping
from dataclasses import dataclass

from dlfa.data.published import XNLI, Published
from dlfa.errors import UnknownLanguageError, UnknownModelError

__all__ = ["TASKS", "Corpus", "Task", "task"]


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """One data set on the Hub, pinned, and how its rows become sentence pairs."""

    hub_id: str
    """Its name on the Hub; a mirror folder has the same relative path."""
    revision: str
    """The Hub commit, 40 hex digits."""
    splits: Mapping[str, str]
    """Our split name -> the corpus' own."""
    columns: tuple[str, str] = ("premise", "hypothesis")
    """The columns with the first and the second sentence."""
    genre: str | None = None
    """The column with the kind of text, where the corpus has one."""
    config: str | None = None
    """The Hub configuration; ``"{language}"`` where each language is one."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """A zero-shot task: trained on English, evaluated in every language."""

    key: str
    labels: tuple[str, ...]
    """Label keys, in the order of the corpus' class indices."""
    languages: tuple[str, ...]
    """ISO 639-1 codes, English first, then alphabetical."""
    evaluation: Corpus
    """``validation`` and ``test`` in every language."""
    training: Mapping[str, Corpus]
    """English training corpora by short name, the default first."""
    published: Published | None = None
    """What others measured, to stand beside what is measured here."""
    metric: str = "accuracy"
    max_length: int = 128
    """Longest training and evaluation input, in sub-words (the XTREME benchmark's)."""

    def check(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Return the languages, each once, ``("all",)`` spelled out.

        Raises:
            UnknownLanguageError: one this task does not have.
        """
        if languages == ("all",):
            return self.languages
        unknown = [language for language in languages if language not in self.languages]
        if unknown or not languages:
            raise UnknownLanguageError(
                "error.language.unknown",
                names=", ".join(unknown) or "-",
                task=self.key,
                known=", ".join(self.languages),
            )
        return tuple(dict.fromkeys(languages))


_ALL = {"train": "train", "validation": "validation", "test": "test"}

TASKS: Mapping[str, Task] = {
    "xnli": Task(
        key="xnli",
        labels=("entailment", "neutral", "contradiction"),
        languages=tuple("en ar bg de el es fr hi ru sw th tr ur vi zh".split()),
        evaluation=Corpus(
            hub_id="facebook/xnli",
            revision="b8dd5d7af51114dbda02c0e3f6133f332186418e",
            splits={"validation": "validation", "test": "test"},
            config="{language}",
        ),
        training={
            "mnli": Corpus(
                hub_id="nyu-mll/multi_nli",
                revision="da70db2af9d09693783c3320c4249840212ee221",
                splits={"train": "train", "validation": "validation_matched"},
            ),
            "snli": Corpus(
                hub_id="stanfordnlp/snli",
                revision="cdb5c3d5eed6ead6e5a341c8e56e669bb666725b",
                splits=_ALL,
                config="plain_text",
            ),
        },
        published=XNLI,
    ),
}


def task(key: str) -> Task:
    """Return a task by key.

    Raises:
        UnknownModelError: there is no such task.
    """
    try:
        return TASKS[key]
    except KeyError:
        raise UnknownModelError("error.task.unknown", name=key, known=", ".join(TASKS)) from None
