"""A visitor's own sentences, out of a file of rows; they stay in memory.

No row is dropped in silence: each one that cannot be used is told with its number and the reason,
and equal ones are merged and counted.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dlfa.data.columns import KNOWN, NONE, Parts, body, is_headed, named, names, numbered
from dlfa.data.decoding import clean, decode, undecodable
from dlfa.data.guessing import guessed_together
from dlfa.data.languages import language_code
from dlfa.data.parquet_sheets import MAGIC, read_parquet
from dlfa.data.sentences import sentence_set
from dlfa.data.sheets import Sheet, read, shown_name
from dlfa.data.texts import has_words
from dlfa.errors import TextError
from dlfa.policy import policy
from dlfa.results.embeddings import UNKNOWN, SentenceSet

__all__ = [
    "TEXT",
    "OwnSentences",
    "Reason",
    "SentenceColumns",
    "guessed_columns",
    "own_sentences",
    "read_sentences",
]

Reason = Literal["broken", "cells", "empty", "long", "bytes"]
"""Why a row cannot be used: no JSON object; more cells than columns; a sentence without a word; a
cell too long; what is no character."""

LONGEST = 200  # characters of an id, a language, a group
TEXT = "text"
NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (TEXT, "sentence", "sentences", "content", "utterance", "premise", "sentence1"),
    "language": KNOWN["language"],
    "item": ("item", "item_id", "parallel_id", "parallel", "translation_of", "sent_id"),
    "group": ("label", "topic", "genre", "domain", "category", "group", "source", "role"),
}


@dataclass(frozen=True, kw_only=True)
class SentenceColumns:
    """The names of the columns that hold the parts of a sentence."""

    text: str
    language: str = NONE
    code: str = UNKNOWN
    """All rows' language where no column says it; each is guessed where this does not either."""
    item: str = NONE
    """Translations share theirs."""
    groups: tuple[str, ...] = ()
    """Columns to colour by."""
    headed: bool = True
    """Whether the first row of a table holds the columns' names."""


@dataclass(frozen=True, kw_only=True)
class OwnSentences:
    """What a file gave."""

    sentences: SentenceSet
    refused: Mapping[Reason, tuple[int, ...]]
    """Numbers of the rows that cannot be used, from 1, below any header."""
    strange: Mapping[str, int]
    """Languages that are none, as written, and in how many rows: those are ``"und"``."""
    left_out: int
    """Rows beyond the policy's limit."""

    @property
    def merged(self) -> int:
        """Rows that are there already, text and language."""
        return int((self.sentences.copies - 1).sum())


def read_sentences(data: bytes, name: str) -> Sheet:
    """Read a file of sentences: CSV, TSV, JSON, JSON lines, a sentence a line, or Parquet.

    Args:
        data: the file.
        name: the file's; one that ends in ``.txt`` has a sentence a line.

    Raises:
        TextError: too large, not text, empty, broken, or with too many columns.
        PolicyError: Parquet on a public instance.
    """
    most = policy().max_sentence_bytes
    if len(data) > most:
        raise TextError("error.own.large", found=f"{len(data) / 1e6:.1f}", limit=f"{most / 1e6:g}")
    if data.startswith(MAGIC):
        return read_parquet(data, name)
    if name.lower().endswith(".txt"):
        return _lines(data, name)
    try:
        return read(data, name)
    except TextError as error:
        if error.key == "error.own.json":  # which speaks of labelled pairs
            raise TextError("error.own.json.sentences") from None
        raise


def _lines(data: bytes, name: str) -> Sheet:
    text, encoding = decode(data)
    rows = [(line,) if line.strip() else () for line in text.replace("\r\n", "\n").split("\n")]
    if not any(rows):
        raise TextError("error.own.empty")
    most = policy().max_sentences
    return Sheet(
        name=shown_name(name),
        kind="lines",
        encoding=encoding,
        splitter="",
        keys=(TEXT,),
        rows=tuple(rows[:most]),
        left_out=sum(map(bool, rows[most:])),
    )


def guessed_columns(sheet: Sheet, *, headed: bool | None = None) -> SentenceColumns:
    """Return which column is what by its name, else the longest cells' one for the text.

    Args:
        sheet: of `read_sentences`.
        headed: whether the first row of a table holds names; guessed where it is not given.
    """
    headed = is_headed(sheet, NAMES) if headed is None else headed
    known = names(sheet, headed=headed)
    folded = {title: title.strip().casefold().replace(" ", "_") for title in known}
    language, item = named(known, NAMES["language"]), named(known, NAMES["item"])
    free = [at for at, title in enumerate(known) if title not in (language, item)]
    text = named(known, NAMES["text"]) or known[_wordiest(sheet, free, headed=headed)]
    return SentenceColumns(
        text=text,
        language=language,
        item=item,
        groups=tuple(title for title in known if folded[title] in NAMES["group"] and title != text),
        headed=headed,
    )


def _wordiest(sheet: Sheet, places: Sequence[int], *, headed: bool) -> int:
    """Return the place with most characters in the first rows; of all if none is given."""
    rows = [row for row in body(sheet, headed=headed)[:100] if row]
    sizes = {
        at: sum(len(row[at]) for row in rows if at < len(row))
        for at in places or range(sheet.width)
    }
    return max(sizes, key=sizes.__getitem__)


def own_sentences(sheet: Sheet, columns: SentenceColumns) -> OwnSentences:
    """Return the sentences of a sheet; where no cell says the language, it is guessed.

    Args:
        sheet: of `read_sentences`.
        columns: which of its columns is what; names that it does not have are as if not chosen.

    Raises:
        TextError: there is no column of that name for the text, it is that of something else, or
            not a single row is usable.
    """
    places = _places(sheet, columns)
    most = policy().max_sentences
    refused: dict[Reason, list[int]] = defaultdict(list)
    rows: list[Parts] = []
    for number, parts, broken in numbered(sheet, places, headed=columns.headed, most=most):
        reason: Reason | None = broken or _refusal(parts)
        if reason:
            refused[reason].append(number)
        else:
            rows.append(parts)
    if not rows:
        raise TextError("error.own.unusable", column=columns.text)
    beyond = [row for row in body(sheet, headed=columns.headed)[most:] if row != ()]
    return OwnSentences(
        sentences=_gathered(sheet.name, rows, columns),
        refused={reason: tuple(found) for reason, found in refused.items()},
        strange=_strange(rows),
        left_out=sheet.left_out + len(beyond),
    )


def _places(sheet: Sheet, columns: SentenceColumns) -> dict[str, int]:
    """Return where the parts stand: ``text``, ``language``, ``item``, and groups as ``=name``."""
    known = names(sheet, headed=columns.headed)
    if columns.text not in known:
        raise TextError("error.own.column", name=columns.text, known=", ".join(known))
    if columns.text in (columns.language, columns.item):
        raise TextError("error.own.twice", name=columns.text)
    wanted = {"text": columns.text, "language": columns.language, "item": columns.item}
    wanted |= {f"={name}": name for name in columns.groups}
    return {part: known.index(name) for part, name in wanted.items() if name in known}


def _refusal(parts: Parts) -> Reason | None:
    text = parts.get("text", "")
    others = [cell for part, cell in parts.items() if part != "text"]
    checks: tuple[tuple[Reason, bool], ...] = (
        ("long", len(text) > policy().max_characters),
        ("long", max(map(len, others), default=0) > LONGEST),
        ("bytes", any(undecodable(cell) for cell in parts.values())),
        ("empty", not has_words(text)),
    )
    return next((reason for reason, so in checks if so), None)


def _gathered(name: str, rows: list[Parts], columns: SentenceColumns) -> SentenceSet:
    texts = [row["text"].strip() for row in rows]
    said = [row.get("language", "").strip() for row in rows]
    guessed = [not one and columns.code == UNKNOWN for one in said]
    guesses = iter(guessed_together([text for text, so in zip(texts, guessed, strict=True) if so]))
    return sentence_set(
        name,
        texts,
        [
            next(guesses) if so else language_code(one) if one else columns.code
            for one, so in zip(said, guessed, strict=True)
        ],
        items=[row.get("item", "").strip() for row in rows],
        columns={
            title: [row.get(f"={title}", "").strip() for row in rows] for title in columns.groups
        },
        guessed=guessed,
    )


def _strange(rows: list[Parts]) -> dict[str, int]:
    written = Counter(row.get("language", "").strip() for row in rows)
    return {
        clean(cell): count
        for cell, count in written.items()
        if cell and language_code(cell) == UNKNOWN
    }
