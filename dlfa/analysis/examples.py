"""Labelled pairs to study and to evaluate on: our own, or drawn from the task's corpus."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.data.sources import evaluation_pairs, own_items
from dlfa.data.tasks import task
from dlfa.errors import UnknownLanguageError

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

    Raises:
        UnknownLanguageError: a language that they do not have.
    """
    wanted = set(languages)
    known = list(dict.fromkeys(code for item in own_items() for code in item.text))
    unknown = sorted(wanted - {"all", *known})
    if unknown or not wanted:
        raise UnknownLanguageError(
            "error.language.unknown",
            names=", ".join(unknown) or "-",
            task=BUILT_IN,
            known=", ".join(known),
        )
    return [
        Labelled(item.id, code, labels.index(item.label), item.text[code])
        for code in known
        if wanted & {"all", code}
        for item in own_items()
        if code in item.text
    ]


def sample(
    predictor: Predictor, languages: Iterable[str], split: str, limit: int | None, seed: int
) -> list[Labelled]:
    """Return labelled examples of the model's own task, the same ids in every language.

    Args:
        predictor: the model.
        languages: ISO codes, or ``("all",)``.
        split: ``"validation"``, ``"test"``, or ``"built-in"`` for our own sentences.
        limit: pairs per language, drawn stratified by label; all if None.
        seed: of the draw.

    Raises:
        UnknownLanguageError, MissingDataError, OfflineError: see `dlfa.errors`.
    """
    if split == BUILT_IN:
        own = built_in(predictor.labels, languages)
        codes = dict.fromkeys(pair.language for pair in own)
        sets = [[pair for pair in own if pair.language == code] for code in codes]
    else:
        known = task(predictor.model.config.task)
        sets = [
            [
                Labelled(pair.id, code, pair.label, (pair.first, pair.second))
                for pair in evaluation_pairs(known, code, split)
            ]
            for code in known.check(tuple(languages))
        ]
    return [
        pairs[row]
        for pairs in sets
        for row in stratified([pair.gold for pair in pairs], limit, seed)
    ]


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
