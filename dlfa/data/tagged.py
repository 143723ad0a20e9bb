"""Sentences whose every word has a tag: where they come from.

The corpora are cut into words already. Training data is English; what is kept of it to choose a
checkpoint by is drawn with a seed of its own, so that every run leaves out the same sentences.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dlfa.data.checks import check_classes, check_labels, check_texts
from dlfa.data.sources import example_ids, load, named_corpora, place
from dlfa.data.tasks import Corpus, Task

__all__ = ["Tagged", "evaluation_sentences", "training_sentences"]

DRAWN_WITH = 0  # the seed of the held-out sentences, whatever the run's own
LARGEST_SHARE = 5  # a small corpus keeps a fifth, whatever the task asks for


@dataclass(frozen=True, slots=True)
class Tagged:
    """One sentence of a tagging task."""

    id: str
    """Stable: corpus, split and row; the translations in a parallel corpus share theirs."""
    words: tuple[str, ...]
    tags: tuple[int, ...]
    """Index into the task's labels, one per word."""
    language: str = "en"
    """ISO 639-1 code."""

    @property
    def stratum(self) -> tuple[str, int]:
        """The language: sentences are of no kind."""
        return self.language, 0


def evaluation_sentences(task: Task, language: str, split: str) -> list[Tagged]:
    """Return one language's sentences of a split, in the corpus' own order.

    Raises:
        MissingDataError, OfflineError: neither a mirror nor the Hub has it.
        BrokenDataError: a damaged file, a missing column, a label that is none of the task's.
    """
    return _sentences(task, task.corpus(split), language, split)


def training_sentences(task: Task, names: Iterable[str]) -> tuple[list[Tagged], list[Tagged]]:
    """Return the English sentences to train on, and those held out to choose a checkpoint by.

    Raises:
        MissingDataError, OfflineError: neither a mirror nor the Hub has it.
        BrokenDataError: a damaged file, a missing column, a label that is none of the task's.
    """
    corpora = named_corpora(task, names)
    found = [one for corpus in corpora for one in _sentences(task, corpus, "en", "train")]
    kept = min(task.held_out, len(found) // LARGEST_SHARE)
    out = np.zeros(len(found), dtype=bool)
    out[np.random.default_rng(DRAWN_WITH).permutation(len(found))[:kept]] = True
    return _where(found, ~out), _where(found, out)


def _where(sentences: Sequence[Tagged], chosen: np.ndarray) -> list[Tagged]:
    return [sentences[at] for at in np.flatnonzero(chosen).tolist()]


def _sentences(task: Task, corpus: Corpus, language: str, split: str) -> list[Tagged]:
    rows, told = load(corpus, language, split), place(corpus, language, split)
    words, tags = (rows[name][:] for name in (corpus.columns[0], corpus.label))
    check_classes(rows, corpus, task.labels, told)
    check_labels(tags, task.labels, told)
    check_texts((words, tags), told)
    columns = zip(example_ids(corpus, rows, language, split), words, tags, strict=True)
    return [Tagged(one, tuple(cut), tuple(named), language) for one, cut, named in columns if cut]
