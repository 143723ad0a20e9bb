"""A visitor's own labelled examples, out of a file of rows; they stay in memory.

No row is dropped in silence: each one that cannot be used is told with its number and the reason.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from dlfa.data.columns import UNKNOWN, Columns, Parts, body, numbered
from dlfa.data.decoding import clean, undecodable
from dlfa.data.features import negated
from dlfa.data.labelled import Labelled
from dlfa.data.languages import language_code
from dlfa.data.sheets import Sheet
from dlfa.data.tables import NO_LABEL, label_words
from dlfa.data.texts import has_words
from dlfa.errors import InputError
from dlfa.policy import policy

__all__ = ["LEFT_OUT", "REASONS", "Own", "Reason", "label_key", "labelled", "written_labels"]

Reason = Literal["broken", "cells", "empty", "long", "bytes", "none", "label", "chosen", "twice"]
"""Why a row cannot be used: no JSON object; more cells than columns; a sentence without a word; a
cell too long; what is no character; no label; an unknown one; one that the visitor leaves out; the
same id in the same language again."""

REASONS: tuple[Reason, ...] = get_args(Reason)
LEFT_OUT = ""  # what a label may mean: rows with it are left out
LONGEST = 200  # characters of an id, a genre, a label, a language
TEXTS = ("premise", "hypothesis")


@dataclass(frozen=True, kw_only=True)
class Own:
    """What a file gave."""

    rows: tuple[Labelled, ...]
    refused: Mapping[Reason, tuple[int, ...]]
    """Numbers of the rows that cannot be used, from 1, below any header."""
    strange: Mapping[str, int]
    """Languages that are none, as written, and in how many rows: those are ``"und"``."""
    left_out: int
    """Rows beyond the policy's limit."""
    digest: str
    """Of the examples, 32 hex digits."""


def labelled(
    sheet: Sheet,
    columns: Columns,
    labels: Sequence[str],
    means: Mapping[str, str] | None = None,
) -> Own:
    """Return the examples of a sheet.

    Args:
        sheet: of `dlfa.data.sheets.read`.
        columns: which of its columns is what.
        labels: the model's label keys, in its order.
        means: which of them the file's labels mean, by `label_key`, or `LEFT_OUT`; the model's own
            keys, the words on the screen, their first letters and numbers from 0 need none.

    Raises:
        InputError: one of ``means`` is no label of the model.
    """
    strange = {*(means or {}).values()} - {*labels, LEFT_OUT}
    if strange:
        raise InputError("error.own.means", names=", ".join(strange), known=", ".join(labels))
    known = label_words(labels) | dict(means or {})
    refused: dict[Reason, list[int]] = defaultdict(list)
    found: dict[tuple[str, str], Labelled] = {}
    for number, parts, broken in _numbered(sheet, columns):
        reason = broken or _refusal(parts, known)
        if reason is None:
            gold = labels.index(known[label_key(parts["label"])])
            one = _example(number, parts, columns, gold)
            reason = None if found.setdefault((one.id, one.language), one) is one else "twice"
        if reason:
            refused[reason].append(number)
    rows = tuple(_negations(_premises(list(found.values()))))
    return Own(
        rows=rows,
        refused={reason: tuple(refused[reason]) for reason in REASONS if reason in refused},
        strange=_strange(sheet, columns),
        left_out=sheet.left_out + len(body(sheet, headed=columns.headed)[policy().max_own_rows :]),
        digest=_digest(rows),
    )


def _digest(rows: Sequence[Labelled]) -> str:
    found = hashlib.sha256()
    for row in rows:
        found.update(repr(row).encode())
    return found.hexdigest()[:32]


def label_key(text: str) -> str:
    """Return a label as it is looked up: neither case nor spaces count, and ``1.0`` is ``1``."""
    found = text.strip().casefold()
    whole = found.removesuffix(".0")  # how pandas writes whole numbers in a column with gaps
    return whole if whole.isdecimal() else found


def written_labels(sheet: Sheet, columns: Columns) -> dict[str, int]:
    """Return the labels of a file by `label_key`, the most frequent first, with their counts."""
    cells = (parts.get("label", "") for _number, parts, _broken in _numbered(sheet, columns))
    fit = (label_key(cell) for cell in cells if len(cell) <= LONGEST and not undecodable(cell))
    return dict(Counter(cell for cell in fit if cell not in NO_LABEL).most_common())


def _numbered(sheet: Sheet, columns: Columns) -> Iterator[tuple[int, Parts, Reason | None]]:
    """Yield each row that is not blank: its number, its parts, and what makes it unreadable."""
    most = policy().max_own_rows
    yield from numbered(sheet, columns.places(sheet), headed=columns.headed, most=most)


def _refusal(parts: Parts, known: Mapping[str, str]) -> Reason | None:
    """Return why a row cannot be used, None if it can: texts by the rules of `predict`."""
    texts = [parts.get(name, "") for name in TEXTS]
    names = [parts[name] for name in parts if name not in TEXTS]
    label = label_key(parts.get("label", "")[: LONGEST + 1])
    checks: tuple[tuple[Reason, bool], ...] = (
        ("long", max(map(len, texts)) > policy().max_characters),
        ("long", max(map(len, names), default=0) > LONGEST),
        ("bytes", any(undecodable(cell) for cell in parts.values())),
        ("empty", not all(map(has_words, texts))),
        ("none", label in NO_LABEL and label not in known),
        ("label", label not in known),
        ("chosen", known.get(label) == LEFT_OUT),
    )
    return next((reason for reason, so in checks if so), None)


def _example(number: int, parts: Parts, columns: Columns, gold: int) -> Labelled:
    """Return a row as an example; who shares its premise is found later, where no column says."""
    return Labelled(
        parts.get("id", "").strip() or f"own/{number}",
        language_code(parts.get("language", "")) if columns.language else columns.code,
        gold,
        (parts["premise"], parts["hypothesis"]),
        premise=parts.get("premise_id", "").strip(),
        genre=parts.get("genre", "").strip(),
    )


def _premises(rows: list[Labelled]) -> list[Labelled]:
    """Name each premise that has no name after the first pair about it.

    Pairs are about one premise if they have the same one in the same language, or are translations
    of pairs that do.
    """
    from scipy.cluster.hierarchy import DisjointSet

    keys = [((row.id,), (row.language, row.pair[0])) for row in rows]
    sets = DisjointSet({key for both in keys for key in both})
    for of_id, of_text in keys:
        sets.merge(of_id, of_text)
    first: dict[object, str] = {}
    for row, (of_id, _of_text) in zip(rows, keys, strict=True):
        first.setdefault(sets[of_id], row.id)
    return [
        row if row.premise else replace(row, premise=first[sets[of_id]])
        for row, (of_id, _of_text) in zip(rows, keys, strict=True)
    ]


def _negations(rows: list[Labelled]) -> list[Labelled]:
    """Say of each pair whether its English original is negated, where the file has that."""
    english = {row.id: int(negated(row.pair[1])) for row in rows if row.language == "en"}
    return [replace(row, negation=english.get(row.id, -1)) for row in rows]


def _strange(sheet: Sheet, columns: Columns) -> dict[str, int]:
    said = Counter(parts.get("language", "") for _, parts, _ in _numbered(sheet, columns))
    none = {cell: count for cell, count in said.items() if cell.strip()}
    return {
        clean(cell)[:LONGEST]: count
        for cell, count in none.items()
        if language_code(cell[:LONGEST]) == UNKNOWN
    }
