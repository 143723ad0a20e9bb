"""Sentences put together as a `SentenceSet`: equal ones merged and counted, two sets as one."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import numpy as np
from jaxtyping import Int

from dlfa.results.embeddings import SentenceSet

__all__ = ["in_languages", "merged", "rows_of", "sentence_set"]


def sentence_set(
    name: str,
    texts: Sequence[str],
    languages: Sequence[str],
    *,
    items: Sequence[str] | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
    guessed: Sequence[bool] | None = None,
    copies: Sequence[int] | None = None,
) -> SentenceSet:
    """Return a set in which a text stands once in each language, with what its first row says.

    Args:
        name: of the set.
        texts: one a row.
        languages: ISO 639 codes, one a row.
        items: what each row is a translation of; nothing where it is not given.
        columns: further columns by name.
        guessed: whether a row's language is a guess; not where it is not given.
        copies: rows that a row stands for, 1 where it is not given.
    """
    first: dict[tuple[str, str], int] = {}
    keys = list(zip(texts, languages, strict=True))
    for row, key in enumerate(keys):
        first.setdefault(key, row)
    kept = list(first.values())
    place = {key: at for at, key in enumerate(first)}
    counts = np.zeros(len(kept), int)
    np.add.at(counts, [place[key] for key in keys], 1 if copies is None else np.asarray(copies))
    return SentenceSet(
        texts=tuple(texts[row] for row in kept),
        languages=_strings(languages, kept),
        items=_strings(items or [""] * len(keys), kept),
        columns={title: _strings(cells, kept) for title, cells in (columns or {}).items()},
        guessed=np.array([bool(guessed and guessed[row]) for row in kept], bool),
        copies=counts,
        name=name,
        digest=_digest(first),
    )


def _strings(cells: Sequence[str], rows: Sequence[int]) -> np.ndarray:
    return np.array([cells[row] for row in rows], dtype=np.str_)


def _digest(keys: Mapping[tuple[str, str], int]) -> str:
    found = sha256()
    for text, language in keys:
        found.update(f"{language}\0{text}\0".encode())
    return found.hexdigest()[:32]


def merged(first: SentenceSet, second: SentenceSet) -> SentenceSet:
    """Return two sets as one, the first in front: its rows keep their places.

    A sentence of the second that the first has already is counted there, and not there again.
    """
    sets = first, second
    titles = dict.fromkeys(title for one in sets for title in one.columns)
    return sentence_set(
        f"{first.name} + {second.name}",
        [*first.texts, *second.texts],
        _joined(one.languages for one in sets),
        items=_joined(one.items for one in sets),
        columns={
            title: _joined(one.columns.get(title, _blank(one)) for one in sets) for title in titles
        },
        guessed=np.concatenate([one.guessed for one in sets]).tolist(),
        copies=np.concatenate([one.copies for one in sets]).tolist(),
    )


def _joined(parts: Iterable[np.ndarray]) -> list[str]:
    return [str(cell) for part in parts for cell in part]


def _blank(of: SentenceSet) -> np.ndarray:
    return np.full(len(of.texts), "")


def rows_of(part: SentenceSet, whole: SentenceSet) -> Int[np.ndarray, " sentence"]:
    """Return where each sentence of one set stands in another that holds it, such as `merged`."""
    keys = zip(whole.texts, whole.languages.tolist(), strict=True)
    place = {key: at for at, key in enumerate(keys)}
    return np.array(
        [place[key] for key in zip(part.texts, part.languages.tolist(), strict=True)], int
    )


def in_languages(found: SentenceSet, codes: Sequence[str]) -> SentenceSet:
    """Return a set's sentences in some languages."""
    rows = np.flatnonzero(np.isin(found.languages, codes))
    return sentence_set(
        found.name,
        [found.texts[row] for row in rows],
        found.languages[rows].tolist(),
        items=found.items[rows].tolist(),
        columns={name: cells[rows].tolist() for name, cells in found.columns.items()},
        guessed=found.guessed[rows].tolist(),
        copies=found.copies[rows].tolist(),
    )
