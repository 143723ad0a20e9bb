"""Sentence pairs from a table: pasted or uploaded TSV or CSV, with or without a header.

Two columns, a third one with labels if there is one. With a header, columns are found by their
names, in any order and among others; without one, the first two are the pair. What a person
pasted is never thrown away in silence: rows beyond the limit and labels that are none are counted.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from dlfa.errors import TextError
from dlfa.messages import _

__all__ = ["SPLITTERS", "Table", "TableRow", "decoded", "label_words", "parse", "written"]

SPLITTERS = ("\t", ",", ";")  # a tab is hardly ever part of a sentence, so it comes first
LARGEST = 4_000_000  # characters of one cell; the library's own limit raises at 131,072
NAMES = {
    "premise": ("premise", "sentence1", "sentence_1", "text1", "text_1", "first"),
    "hypothesis": ("hypothesis", "sentence2", "sentence_2", "text2", "text_2", "second"),
    "gold": ("gold", "label", "gold_label", "answer"),
}
NO_LABEL = frozenset({"", "-", "-1"})  # how SNLI and MNLI say that annotators did not agree

csv.field_size_limit(LARGEST)

Cells = list[str]
Reading = tuple[list[Cells], int]  # the first rows of a table, and how many more there are


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: a pair and, where it is known, its right label."""

    premise: str
    hypothesis: str
    gold: str = ""
    """A label key; empty if the table does not say."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """What was read."""

    rows: tuple[TableRow, ...]
    left_out: int
    """Rows beyond the limit."""
    unknown: tuple[tuple[int, str], ...]
    """Row (from 1) and text of every label that is none of the task's."""


def decoded(data: bytes) -> str:
    """Return a file's text: UTF-8, or UTF-16 as spreadsheets write it, with or without a mark.

    Raises:
        TextError: another encoding.
    """
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise TextError("error.table.encoding") from None


def parse(text: str, labels: Sequence[str], most: int) -> Table:
    """Read a table; blank rows are skipped.

    Args:
        text: TSV or CSV (commas or semicolons), with or without header and byte-order mark.
        labels: the task's label keys; the third column may hold them, their number, their first
            letter or the word on the screen.
        most: rows to take.

    Raises:
        TextError: longer than any table of so few rows.
    """
    if len(text) > LARGEST:
        raise TextError("error.table.long", found=len(text), limit=LARGEST)
    splitter, (cells, more) = _split(text.removeprefix("\ufeff"), most + 1)  # one for a header
    columns = _header(cells[0]) if cells else None
    body = cells[1:] if columns else cells
    known = label_words(labels)
    rows, unknown = [], []
    for number, row in enumerate(body[:most], start=1):
        premise, hypothesis, gold = _named(row, columns) if columns else _placed(row, splitter)
        code = gold.strip().casefold()
        if code not in known and code not in NO_LABEL:
            unknown.append((number, gold))
        rows.append(TableRow(premise, hypothesis, known.get(code, "")))
    return Table(rows=tuple(rows), left_out=max(0, len(body) - most) + more, unknown=tuple(unknown))


def _split(text: str, most: int) -> tuple[str, Reading]:
    """Return the splitter that makes the most even table of two or more columns, and its rows."""

    def evenness(found: tuple[str, bool, Reading]) -> tuple[float, bool]:
        _splitter, quoted, (rows, _more) = found
        width = len(rows[0]) if rows else 0
        even = sum(len(row) == width for row in rows) / max(1, len(rows))
        return (even if width > 1 else 0.0), quoted

    readings = _readings(text, most)
    splitter, _quoted, reading = max(readings, key=evenness)  # the first of equals
    return splitter, reading


def _readings(text: str, most: int) -> Iterator[tuple[str, bool, Reading]]:
    for splitter in SPLITTERS:
        try:
            yield splitter, True, _rows(text, splitter, csv.QUOTE_MINIMAL, most)
        except csv.Error:  # quotation marks that quote no cell are part of the sentences
            yield splitter, False, _rows(text, splitter, csv.QUOTE_NONE, most)


def _rows(text: str, splitter: str, quoting: Literal[0, 3], most: int) -> Reading:
    """Return the first rows; the others are read, for a mistake may be in them, but not kept."""
    lines = io.StringIO(text, newline="")  # line breaks inside quoted cells stay as they are
    reader = csv.reader(lines, delimiter=splitter, quoting=quoting, strict=True)
    full = (row for row in reader if any(cell.strip() for cell in row))
    return list(islice(full, most)), sum(1 for _row in full)


def _header(cells: Cells) -> dict[str, int] | None:
    """Return each column's place by our name for it, None if this row is no header."""
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    found = {
        ours: names.index(theirs)
        for ours, several in NAMES.items()
        for theirs in several[::-1]
        if theirs in names
    }
    return found if {"premise", "hypothesis"} <= found.keys() else None


def _named(cells: Cells, columns: dict[str, int]) -> tuple[str, str, str]:
    premise, hypothesis, gold = (
        cells[columns[name]] if columns.get(name, len(cells)) < len(cells) else "" for name in NAMES
    )
    return premise, hypothesis, gold


def _placed(cells: Cells, splitter: str) -> tuple[str, str, str]:
    if len(cells) > len(NAMES):  # a comma in a sentence that nobody quoted: not ours to guess
        return splitter.join(cells), "", ""
    premise, hypothesis, gold = (*cells, "", "")[: len(NAMES)]
    return premise, hypothesis, gold


def label_words(labels: Sequence[str]) -> dict[str, str]:
    """Return every way to write a label, in lower case, with the label it means."""
    words = {str(place): label for place, label in enumerate(labels)}
    letters = [label[:1].casefold() for label in labels]
    if len(set(letters)) == len(letters):
        words |= dict(zip(letters, labels, strict=True))
    words |= {_(f"label.{label}").casefold(): label for label in labels}
    return words | {label.casefold(): label for label in labels}


def written(
    rows: Iterable[TableRow], splitter: str = "\t", columns: Sequence[str] = tuple(NAMES)[:2]
) -> str:
    """Return rows as a table that `parse` reads back, whatever they hold.

    Args:
        rows: of the table.
        splitter: between cells.
        columns: what the two sentences' are called; ours, where `parse` does not know them.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=splitter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    known = columns[0] in NAMES["premise"] and columns[1] in NAMES["hypothesis"]
    writer.writerow((*(columns if known else ("premise", "hypothesis")), "gold"))
    writer.writerows((row.premise, row.hypothesis, row.gold) for row in rows)
    return text.getvalue()
