"""Labelled pairs to study and to evaluate on: our own, or drawn from the task's corpus."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.data.features import negated
from dlfa.data.labelled import Labelled
from dlfa.data.parallel import OwnItem, own_items
from dlfa.data.sources import Pair, evaluation_pairs
from dlfa.data.tasks import Task, task
from dlfa.errors import MissingDataError, OfflineError, UnknownLanguageError

__all__ = [
    "BUILT_IN",
    "OWN",
    "Labelled",
    "built_in",
    "from_corpus",
    "sample",
    "stratified",
    "texts",
]

OWN = "own"  # the split of a visitor's own labelled pairs
BUILT_IN = "built-in"  # the name of our own sentences, where a split is asked for


def built_in(known: Task, languages: Iterable[str] = ("all",)) -> list[Labelled]:
    """Return our own parallel pairs for a task, in all their languages or in some.

    Args:
        known: the task: what is right for one is nothing to another.
        languages: ISO codes, or ``("all",)``.

    Raises:
        MissingDataError: there are none for this task.
        UnknownLanguageError: a language that they do not have.
    """
    wanted, items = set(languages), own_items(known.key)
    if not items:
        raise MissingDataError("error.data.own", task=known.key)
    codes = list(dict.fromkeys(code for item in items for code in item.text))
    unknown = sorted(wanted - {"all", *codes})
    if unknown or not wanted:
        raise UnknownLanguageError(
            "error.language.unknown",
            names=", ".join(unknown) or "-",
            task=BUILT_IN,
            known=", ".join(codes),
        )
    return [
        _from_item(item, code, known.labels)
        for code in codes
        if wanted & {"all", code}
        for item in items
        if code in item.text
    ]


def _from_item(item: OwnItem, code: str, labels: Sequence[str]) -> Labelled:
    return Labelled(
        item.id,
        code,
        labels.index(item.label),
        item.text[code],
        premise=item.id,
        genre=item.topic,
        negation=int(negated(item.text["en"][1])),
    )


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
        UnknownLanguageError, MissingDataError, BrokenDataError, OfflineError: see `dlfa.errors`.
    """
    known = task(predictor.model.config.task)
    if split == BUILT_IN:
        own = built_in(known, languages)
        codes = dict.fromkeys(pair.language for pair in own)
        sets = [[pair for pair in own if pair.language == code] for code in codes]
    else:
        sets = from_corpus(known, tuple(languages), split)
    return [
        pairs[row]
        for pairs in sets
        for row in stratified([pair.gold for pair in pairs], limit, seed)
    ]


def from_corpus(known: Task, languages: tuple[str, ...], split: str) -> list[list[Labelled]]:
    """Return the corpus' pairs, one list per language.

    Raises:
        UnknownLanguageError, MissingDataError, BrokenDataError, OfflineError: see `dlfa.errors`.
    """
    codes = known.check(languages)
    negations = _negations(known, split)
    return [
        [_from_pair(pair, code, negations) for pair in evaluation_pairs(known, code, split)]
        for code in codes
    ]


def _negations(known: Task, split: str) -> dict[str, int]:
    """Return whether each English hypothesis is negated, by id; nothing without the English."""
    try:
        english = evaluation_pairs(known, "en", split)
    except (MissingDataError, OfflineError):  # a mirror may hold some languages only
        return {}
    return {pair.id: int(negated(pair.second)) for pair in english}


def _from_pair(pair: Pair, code: str, negations: Mapping[str, int]) -> Labelled:
    return Labelled(
        pair.id,
        code,
        pair.label,
        (pair.first, pair.second),
        premise=pair.premise,
        genre=pair.genre,
        negation=negations.get(pair.id, -1),
    )


def texts(
    known: Task, split: str, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], SentencePair]:
    """Return examples' sentences, which no record holds.

    Args:
        known: the task.
        split: ``"validation"``, ``"test"``, or ``"built-in"``.
        wanted: ids and languages; whatever is not in the data is left out of the answer.

    Returns:
        premise and hypothesis by id and language.

    Raises:
        UnknownLanguageError, MissingDataError, OfflineError: see `dlfa.errors`.
    """
    asked = set(wanted)
    found: dict[tuple[str, str], SentencePair] = {}
    for code in sorted({language for _id, language in asked}):
        found |= {(name, code): pair for name, pair in _texts(known, code, split)}
    return {key: pair for key, pair in found.items() if key in asked}


def _texts(known: Task, code: str, split: str) -> Iterator[tuple[str, SentencePair]]:
    if split == BUILT_IN:
        items = own_items(known.key)
        yield from ((item.id, item.text[code]) for item in items if code in item.text)
    else:
        pairs = evaluation_pairs(known, code, split)
        yield from ((pair.id, (pair.first, pair.second)) for pair in pairs)


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
