"""Which rows of a sentence set are translations of each other."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Int

from dlfa.errors import InputError
from dlfa.results import UNKNOWN, SentenceSet

__all__ = ["FEWEST", "MOST", "Pairs", "Parallel", "clusters", "codes", "translations"]

FEWEST = 5  # items under which two languages are not held against each other
MOST = 1_000  # items of two languages that are measured: as many as a pool of Tatoeba's has
PIVOT = "en"

Pairs = Literal["english", "all"]


@dataclass(frozen=True, kw_only=True)
class Parallel:
    """Two languages and the items that both have."""

    languages: tuple[str, str]
    items: Int[np.ndarray, " item"]
    """Numbers among all items of the set, ascending."""
    rows: tuple[Int[np.ndarray, " item"], Int[np.ndarray, " item"]]
    """The sentences of either language, in the order of the items."""


def codes(sentences: SentenceSet) -> tuple[str, ...]:
    """Return the languages of a set in alphabetical order; nobody's is none of them."""
    return tuple(str(code) for code in np.unique(sentences.languages) if code != UNKNOWN)


def clusters(sentences: SentenceSet) -> Int[np.ndarray, " sentence"]:
    """Return each sentence's item as a number from 0; one without translations is its own item."""
    alone = sentences.items == ""
    _names, places = np.unique(sentences.items, return_inverse=True)
    places = np.where(alone, len(places) + np.arange(len(places)), places)
    return np.unique(places, return_inverse=True)[1]


def translations(
    sentences: SentenceSet, pairs: Pairs = "english", *, most: int = MOST, seed: int = 0
) -> list[Parallel]:
    """Return the pairs of languages that share enough items.

    Where a language has an item twice, its first sentence stands for it. Of more items than
    ``most`` as many are drawn, the same ones in all pairs as far as they have them.

    Args:
        sentences: the set.
        pairs: every language with English, or every two; a set without English has only the latter.
        most: items of one pair.
        seed: of the choice.

    Raises:
        InputError: no two languages share `FEWEST` items.
    """
    names = codes(sentences)
    found = {code: _first(sentences, code) for code in names}
    order = np.random.default_rng(seed).permutation(len(sentences.items))
    chosen = [
        pair
        for one, other in _combined(names, pairs)
        if len((pair := _shared(one, other, found[one], found[other], order, most)).items) >= FEWEST
    ]
    if not chosen:
        raise InputError("error.measure.parallel", least=FEWEST)
    return chosen


def _combined(names: tuple[str, ...], pairs: Pairs) -> list[tuple[str, str]]:
    if pairs == "english" and PIVOT in names:
        return [(PIVOT, code) for code in names if code != PIVOT]
    return [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]


def _first(sentences: SentenceSet, code: str) -> dict[int, int]:
    """Return each item's first row in one language."""
    rows = np.flatnonzero((sentences.languages == code) & (sentences.items != ""))
    items = clusters(sentences)[rows]
    return dict(zip(items[::-1].tolist(), rows[::-1].tolist(), strict=True))


def _shared(
    one: str,
    other: str,
    first: dict[int, int],
    second: dict[int, int],
    order: np.ndarray,
    most: int,
) -> Parallel:
    items = np.array(sorted(first.keys() & second.keys()), dtype=int)
    if len(items) > most:
        items = np.sort(items[np.argsort(order[items])[:most]])
    sides = (np.array([side[item] for item in items.tolist()], int) for side in (first, second))
    there, back = sides
    return Parallel(languages=(one, other), items=items, rows=(there, back))
