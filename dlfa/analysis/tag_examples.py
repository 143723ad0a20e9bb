"""Sentences to evaluate on whose every word has its right tag, drawn from the task's corpus."""

from collections.abc import Iterable, Sequence

import numpy as np

from dlfa.analysis.predict import Predictor
from dlfa.data.sources import offered
from dlfa.data.tagged import Tagged, evaluation_sentences
from dlfa.data.tasks import Task, task
from dlfa.errors import UnknownLanguageError

__all__ = ["absent", "drawn_rows", "sample_sentences"]


def sample_sentences(
    predictor: Predictor, languages: Iterable[str], split: str, limit: int | None, seed: int
) -> list[Tagged]:
    """Return sentences of the model's own task; of a parallel set the same ids in every language.

    Args:
        predictor: a model that tags words.
        languages: ISO codes, or ``("all",)`` for those that the source here has.
        split: ``"validation"``, ``"test"``, or one of the task's further sets.
        limit: sentences per language; all if None.
        seed: of the draw.

    Raises:
        UnknownLanguageError, MissingDataError, OfflineError, BrokenDataError: see `dlfa.errors`.
    """
    known = task(predictor.model.config.task)
    found: list[Tagged] = []
    for code in _codes(known, split, tuple(languages)):
        sentences = evaluation_sentences(known, code, split)
        found += [sentences[row] for row in drawn_rows([one.id for one in sentences], limit, seed)]
    return found


def absent(known: Task, split: str) -> tuple[str, ...]:
    """Return the languages that a task declares and its source does not have here."""
    there = offered(known, split)
    return tuple(
        code for code in known.languages if code not in there and split not in known.further
    )


def _codes(known: Task, split: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    there = offered(known, split)
    if languages == ("all",):
        return there
    unknown = [code for code in languages if code not in there]
    if unknown or not languages:
        raise UnknownLanguageError(
            "error.language.unknown",
            names=", ".join(unknown) or "-",
            task=f"{known.key} ({split})",
            known=", ".join(there),
        )
    return tuple(dict.fromkeys(languages))


def drawn_rows(ids: Sequence[str], limit: int | None, seed: int) -> list[int]:
    """Return row numbers, in order, of a random draw: equal ids give equal draws."""
    order = np.argsort(np.array(ids), kind="stable")
    drawn = np.random.default_rng(seed).permutation(len(ids))[:limit]
    return sorted(order[drawn].tolist())
