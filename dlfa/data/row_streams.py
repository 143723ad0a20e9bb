"""The sentences of a file of any size, one after the other: never more in memory than a few rows.

`dlfa.data.sentence_files` reads what a visitor uploads, all at once; this is for the command line.
"""

import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

from dlfa.data.columns import names
from dlfa.data.decoding import ZIP, undecodable
from dlfa.data.parquet_sheets import MAGIC, cells_of, rows_of_cells
from dlfa.data.sentence_files import TEXT, Reason, SentenceColumns, guessed_columns
from dlfa.data.sheets import (
    JSON,
    SNIFFED,
    Cells,
    Kind,
    Sheet,
    cell_of,
    quoting_of,
    shown_name,
    splitter_of,
)
from dlfa.data.tables import LARGEST
from dlfa.data.texts import has_words
from dlfa.errors import TextError

__all__ = ["RowStream", "StreamRow", "open_rows"]

HEAD = 100  # rows from which the columns are told
AT_ONCE = 1_000  # rows of Parquet
TABLES = (".csv", ".tsv", ".tab")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
UTF32 = b"\xff\xfe\0\0"  # begins with UTF-16's mark, and is nothing that is read in pieces here

Raw = tuple[int, str, Reason | Literal[""]]  # see StreamRow


class StreamRow(NamedTuple):
    """One row that is not blank."""

    number: int
    """A text file's line; a table's row, from 1 below any header, blank lines not counted."""
    text: str
    """Without blanks around it."""
    refused: Reason | Literal[""]
    """Why it cannot be used; empty where it can."""


def open_rows(path: Path, column: str = "") -> "RowStream":
    """Return a file's sentences: CSV or TSV, JSON lines, Parquet, or else a sentence a line.

    Args:
        path: the file; Parquet is told from what is inside, the others from the name's end.
        column: the one with the sentences; if empty, told from the names or the longest cells.

    Raises:
        TextError: it cannot be read, is no text, is an archive, or has no such column.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError:
        raise TextError("error.file.unreadable", path=path) from None
    if start.startswith(MAGIC):
        return ParquetRows(path, column)
    if start.startswith(ZIP):
        raise TextError("error.own.spreadsheet")
    if start.startswith(UTF32) or (not start.startswith(UTF16) and b"\0" in start):
        raise TextError("error.own.binary")
    ending = path.suffix.lower()
    if ending in JSON:
        return JsonRows(path, column)
    return TableRows(path, column) if ending in TABLES else LineRows(path, column)


class RowStream(ABC):
    """A file's sentences.

    Args:
        path: the file.
        column: the one with the sentences, or empty.
    """

    kind: Kind

    def __init__(self, path: Path, column: str = "") -> None:
        self.path = path
        self.share = 0.0
        """How much of the file was read so far, in [0, 1]."""
        self.head = self._head()
        self.columns = _columns(self.head, column)
        self.place = names(self.head, headed=self.columns.headed).index(self.columns.text)

    @abstractmethod
    def _head(self) -> Sheet:
        """Return the first rows, to tell columns from."""

    @abstractmethod
    def _raw(self) -> Iterator[Raw]:
        """Yield every row."""

    def __iter__(self) -> Iterator[StreamRow]:
        for number, cell, refused in self._raw():
            text = cell.strip()
            reason = refused or ("bytes" if undecodable(text) else "")
            yield StreamRow(number, text, reason or ("" if has_words(text) else "empty"))

    def _sheet(self, rows: tuple[Cells, ...], keys: Cells = (), splitter: str = "") -> Sheet:
        return Sheet(
            name=shown_name(self.path.name),
            kind=self.kind,
            encoding="utf-8",
            splitter=splitter,
            keys=keys,
            rows=rows or ((),),
            left_out=0,
        )

    @contextmanager
    def _opened(self) -> Iterator[TextIOWrapper]:
        """Open the file as text; a byte that is none stands as a lone surrogate."""
        with self.path.open("rb") as file:
            wide = file.read(2) in UTF16
            file.seek(0)
            codec, errors = ("utf-16", "replace") if wide else ("utf-8-sig", "surrogateescape")
            self._read, self._size = file, self.path.stat().st_size
            yield TextIOWrapper(file, codec, errors, newline="")

    def _measure(self) -> None:
        self.share = min(1.0, self._read.tell() / max(1, self._size))


def _columns(sheet: Sheet, column: str) -> SentenceColumns:
    if not column:
        return guessed_columns(sheet)
    for headed in (True, False):
        if column in names(sheet, headed=headed):
            return SentenceColumns(text=column, headed=headed)
    known = ", ".join(names(sheet, headed=True))
    raise TextError("error.own.column", name=column, known=known)


class LineRows(RowStream):
    """A sentence a line."""

    kind: Kind = "lines"

    def _head(self) -> Sheet:
        return self._sheet((), keys=(TEXT,))

    def _raw(self) -> Iterator[Raw]:
        yield from (row for row in self._lines() if row[1].strip() or row[2])

    def _lines(self) -> Iterator[Raw]:
        """Yield lines; what is longer than any sentence is not kept in memory."""
        number, begins = 0, True
        with self._opened() as text:
            while line := text.readline(LARGEST):
                if begins:
                    number += 1
                    self._measure()
                    yield (number, line, "") if len(line) < LARGEST else (number, "", "long")
                begins = line.endswith(("\n", "\r"))


class JsonRows(LineRows):
    """A JSON object a line."""

    kind: Kind = "jsonl"

    def _head(self) -> Sheet:
        found = [_loaded(line) for _number, line, _long in islice(self._lines(), HEAD)]
        objects = [one for one in found if isinstance(one, dict)]
        keys = tuple(dict.fromkeys(key for one in objects for key in one))
        if not keys:
            raise TextError("error.own.json.sentences")
        return self._sheet(tuple(tuple(cell_of(one.get(k)) for k in keys) for one in objects), keys)

    def _raw(self) -> Iterator[Raw]:
        for number, line, long in super()._raw():
            found = _loaded(line)
            if isinstance(found, dict):
                yield number, cell_of(found.get(self.head.keys[self.place])), long
            else:
                yield number, "", long or "broken"


def _loaded(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


class TableRows(RowStream):
    """CSV or TSV; read once before, to tell whether its quotation marks match."""

    kind: Kind = "table"

    def _head(self) -> Sheet:
        with self._opened() as text:
            start = text.read(SNIFFED)
        splitter = splitter_of(start) if self.path.suffix.lower() == ".csv" else "\t"
        self.quoting = quoting_of(self._lines, splitter)
        lines = StringIO(start, newline="")
        reader = csv.reader(lines, delimiter=splitter, quoting=self.quoting)
        rows = tuple(tuple(row) for row in islice(filter(None, reader), HEAD))
        if not rows:
            raise TextError("error.own.empty")
        return self._sheet(rows, splitter=splitter)

    def _lines(self) -> Iterator[str]:
        with self._opened() as text:
            yield from text

    def _raw(self) -> Iterator[Raw]:
        width, first = self.head.width, 0 if self.columns.headed else 1
        splitter, quoting = self.head.splitter, self.quoting
        reader = filter(None, csv.reader(self._lines(), delimiter=splitter, quoting=quoting))
        try:
            for number, row in enumerate(reader, start=first):
                self._measure()
                cell = row[self.place] if self.place < len(row) else ""
                wide = any(other.strip() for other in row[width:])
                if number and any(other.strip() for other in row):
                    yield number, cell, "cells" if wide else ""
        except csv.Error:
            raise TextError("error.own.cell", limit=f"{LARGEST:,}") from None


class ParquetRows(RowStream):
    """Parquet."""

    kind: Kind = "parquet"

    def _head(self) -> Sheet:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            file = pq.ParquetFile(self.path)
            rows = tuple(islice(rows_of_cells(file, HEAD), HEAD))
        except (OSError, pa.ArrowException):
            raise TextError("error.own.parquet") from None
        if not file.schema_arrow.names:
            raise TextError("error.own.empty")
        return self._sheet(rows, tuple(file.schema_arrow.names))

    def _raw(self) -> Iterator[Raw]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        number, key = 0, self.head.keys[self.place]
        before = self.head.keys[: self.place].count(key)  # columns of the same name
        try:
            file = pq.ParquetFile(self.path)
            for batch in file.iter_batches(AT_ONCE, columns=[key]):
                for cell in cells_of(batch.column(before)):
                    number += 1
                    yield number, cell, ""
                self.share = number / file.metadata.num_rows
        except (OSError, pa.ArrowException):
            raise TextError("error.own.parquet") from None
