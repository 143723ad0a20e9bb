"""Labelled pairs to study and to evaluate on: our own, or drawn from the task's corpus."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.data.sources import evaluation_pairs, own_items
from dlfa.data.tasks import task

__all__ = ["BUILT_IN", "Labelled", "built_in", "sample", "stratified"]

BUILT_IN = "built-in"  # the name of our own sentences, where a split is asked for


@dataclass(frozen=True)
class Labelled:
    """One pair with its right answer."""

    id: str
    """Translations share theirs."""
    language: str
    gold: int
    """Index into the model's labels."""
    pair: SentencePair


def built_in(labels: Sequence[str], languages: Iterable[str] = ("all",)) -> list[Labelled]:
    """Return our own parallel pairs, in all their languages or in some.

    Args:
        labels: the model's label keys.
        languages: ISO codes, or ``("all",)``.
    """
    wanted = set(languages)
    return [
        Labelled(item.id, code, labels.index(item.label), pair)
        for item in own_items()
        for code, pair in item.text.items()
        if wanted & {"all", code}
    ]


def sample(
    predictor: Predictor, languages: Iterable[str], split: str, limit: int | None, seed: int
) -> list[Labelled]:
    """Return labelled examples of the model's own task, the same ids in every language.

    Args:
        predictor: the model.
        languages: ISO codes, or ``("all",)``.
        split: ``"validation"`` or ``"test"``.
        limit: pairs per language, drawn stratified by label; all if None.
        seed: of the draw.

    Raises:
        UnknownLanguageError, MissingDataError, OfflineError: see `dlfa.errors`.
    """
    known = task(predictor.model.config.task)
    found = []
    for language in known.check(tuple(languages)):
        pairs = evaluation_pairs(known, language, split)
        for row in stratified([pair.label for pair in pairs], limit, seed):
            pair = pairs[row]
            found.append(Labelled(pair.id, language, pair.label, (pair.first, pair.second)))
    return found


def stratified(labels: Sequence[int], limit: int | None, seed: int) -> list[int]:
    """Return row numbers, in order, of a draw with the same share of each label.

    Args:
        labels: one per row.
        limit: how many rows; all if None or larger than there are.
        seed: of the draw.
    """
    if limit is None or limit >= len(labels):
        return list(range(len(labels)))
    known = sorted(set(labels))
    generator = np.random.default_rng(seed)
    rows: list[int] = []
    for place, label in enumerate(known):
        share = (limit * (place + 1)) // len(known) - (limit * place) // len(known)
        of_label = np.flatnonzero(np.asarray(labels) == label)
        rows += generator.permutation(of_label)[:share].tolist()
    return sorted(rows)
