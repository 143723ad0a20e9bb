"""A file of rows, whatever its kind: comma- or tab-separated, JSON lines or a JSON array.

Everything in it stays text: a cell such as ``=1+1`` is those four characters. What cannot be read
keeps its row number; only a file that is no table at all is refused.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import Any, Literal

from dlfa.data.decoding import Encoding, clean, decode
from dlfa.data.tables import LARGEST
from dlfa.errors import TextError
from dlfa.policy import policy

__all__ = [
    "Cells",
    "Kind",
    "Quoting",
    "Sheet",
    "cell_of",
    "check_width",
    "quoting_of",
    "read",
    "shown_name",
    "splitter_of",
]

Kind = Literal["table", "json", "jsonl", "parquet", "lines"]
Cells = tuple[str, ...]
Quoting = Literal[0, 3]  # csv.QUOTE_MINIMAL, csv.QUOTE_NONE

SPLITTERS = ("\t", ",", ";", "|")  # of equals the first: sentences hold commas, hardly ever tabs
SNIFFED = 65_536  # characters from which the splitter is told
MOST_COLUMNS = 100
LONGEST_NAME = 60  # characters of a file's name that are kept
JSON = (".json", ".jsonl", ".ndjson")

csv.field_size_limit(LARGEST)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The rows of a file, all cells text."""

    name: str
    kind: Kind
    encoding: Encoding
    splitter: str
    """Between a table's cells; empty for what has none."""
    keys: Cells
    """JSON's and Parquet's; empty for a table, whose first row may hold its columns' names."""
    rows: tuple[Cells | None, ...]
    """The rows that were taken, a table's header among them: empty where the row is blank, None
    where it is no JSON object."""
    left_out: int
    """Rows beyond the policy's limit."""

    @property
    def width(self) -> int:
        """How many columns there are: JSON's keys, or the cells of a table's first row."""
        return len(self.keys or self.rows[0] or ())


def read(data: bytes, name: str) -> Sheet:
    """Read a file of rows.

    The format is told from what is inside; where that is no JSON, it is a table, and its splitter
    the one of tab, comma, semicolon and bar that makes the most even rows. Line breaks inside
    quotation marks belong to their cell; a table whose marks do not match is read in the way that
    keeps more rows whole.

    Args:
        data: the file, at most the policy's ``max_own_bytes``.
        name: the file's.

    Raises:
        TextError: too large, not text, empty, broken, or with too many columns.
    """
    most = policy().max_own_bytes
    if len(data) > most:
        raise TextError("error.own.large", found=f"{len(data) / 1e6:.1f}", limit=f"{most / 1e6:g}")
    text, encoding = decode(data)
    known = _json(text) if text.lstrip()[:1] in ("[", "{") else None
    if known is None and name.lower().endswith(JSON) and text.strip():
        raise TextError("error.own.json")
    kind, keys, rows, left_out = known or _table(text)
    if not any(rows):
        raise TextError("error.own.empty")
    return Sheet(
        name=shown_name(name),
        kind=kind,
        encoding=encoding,
        splitter="" if known else splitter_of(text),
        keys=keys,
        rows=rows,
        left_out=left_out,
    )


def shown_name(name: str) -> str:
    """Return a file's name as it can be shown: one short line of characters."""
    return " ".join(clean(name).split())[-LONGEST_NAME:]


Read = tuple[Kind, Cells, tuple[Cells | None, ...], int]  # kind, keys, rows, left out: see Sheet


def check_width(columns: int) -> None:
    """Raise TextError for more columns than anybody chooses from."""
    if columns > MOST_COLUMNS:
        raise TextError("error.own.columns", found=columns, limit=MOST_COLUMNS)


def _json(text: str) -> Read | None:
    """Read a JSON array, or JSON lines as long as any of them is an object; None for neither."""
    found, kind = _loaded(text), "json"
    if not isinstance(found, list):
        lines = text.split("\n")  # and at no other line break: those stand inside of strings
        found, kind = [_loaded(line) if line.strip() else {} for line in lines], "jsonl"
    if not any(isinstance(one, dict) and one for one in found):
        return None
    return ("json" if kind == "json" else "jsonl", *_objects(found))


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _objects(found: list[Any]) -> tuple[Cells, tuple[Cells | None, ...], int]:
    most = policy().max_own_rows
    taken = [one if isinstance(one, dict) else None for one in found[:most]]
    keys = tuple(dict.fromkeys(key for one in taken if one for key in one))
    check_width(len(keys))
    rows = tuple(_cells(one, keys) if one is not None else None for one in taken)
    return keys, rows, sum(one != {} for one in found[most:])


def _cells(one: dict[str, Any], keys: Cells) -> Cells:
    return tuple(cell_of(one.get(key)) for key in keys) if one else ()


def cell_of(value: Any) -> str:
    """Return a JSON value as a cell: nothing for null and for what holds other values."""
    match value:
        case None | dict() | list():
            return ""
        case str():
            return value
        case float() if value.is_integer():  # 1.0 is the label 1
            return str(int(value))
        case _:
            return json.dumps(value)


def splitter_of(text: str) -> str:
    """Return the splitter that makes the most even rows of two or more cells."""

    def evenness(splitter: str) -> float:
        rows = list(filter(None, _read(text[:SNIFFED], splitter, csv.QUOTE_MINIMAL, strict=False)))
        if len(rows) > 1 and len(text) > SNIFFED:
            rows.pop()  # cut
        return _even(rows) / len(rows) if rows and len(rows[0]) > 1 else 0.0

    return max(SPLITTERS, key=evenness)


def _even(rows: list[Cells]) -> int:
    """Return how many rows have as many cells as the first."""
    return sum(len(row) == len(rows[0]) for row in rows)


def _table(text: str) -> Read:
    splitter = splitter_of(text)
    rows, left_out = _quoted(text, splitter)
    check_width(len(rows[0]) if rows else 0)
    return "table", (), tuple(rows), left_out


def _quoted(text: str, splitter: str) -> tuple[list[Cells], int]:
    """Read rows as written; where marks do not match, of two readings take the more even one."""
    try:
        return _taken(_read(text, splitter, csv.QUOTE_MINIMAL, strict=True))
    except csv.Error:
        pass
    readings = []
    # Of equals the first: what has tabs between its cells needs no marks around them.
    kinds: tuple[Quoting, ...] = (csv.QUOTE_NONE, csv.QUOTE_MINIMAL)
    for quoting in kinds if splitter == "\t" else kinds[::-1]:
        with suppress(csv.Error):  # one endless cell
            readings.append(_taken(_read(text, splitter, quoting, strict=False)))
    if not readings:
        raise TextError("error.own.cell", limit=f"{LARGEST:,}")
    return max(readings, key=lambda reading: _even(reading[0]))


def quoting_of(lines: Callable[[], Iterable[str]], splitter: str) -> Quoting:
    """Return how the marks of a table of any size are to be read, by the rule of `read`.

    Args:
        lines: give the table from its beginning, with their line breaks.
        splitter: between its cells.

    Raises:
        TextError: one endless cell.
    """
    with suppress(csv.Error):
        for _ in csv.reader(lines(), delimiter=splitter, strict=True):
            pass
        return csv.QUOTE_MINIMAL
    kinds: tuple[Quoting, ...] = (csv.QUOTE_NONE, csv.QUOTE_MINIMAL)
    whole: dict[Quoting, int] = {}
    for quoting in kinds if splitter == "\t" else kinds[::-1]:
        with suppress(csv.Error):
            rows = filter(None, csv.reader(lines(), delimiter=splitter, quoting=quoting))
            width = len(next(rows, ()))
            whole[quoting] = sum(len(row) == width for row in rows)
    if not whole:
        raise TextError("error.own.cell", limit=f"{LARGEST:,}")
    return max(whole, key=whole.__getitem__)


def _taken(rows: Iterator[Cells]) -> tuple[list[Cells], int]:
    """Return as many rows as the policy allows and a header, and how many more there are."""
    return list(islice(rows, policy().max_own_rows + 1)), sum(1 for row in rows if row)


def _read(text: str, splitter: str, quoting: Quoting, *, strict: bool) -> Iterator[Cells]:
    """Yield a table's rows from the first that is not blank, blank ones after it as empty."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=splitter, quoting=quoting, strict=strict)
    rows = (tuple(row) if any(cell.strip() for cell in row) else () for row in reader)
    yield from dropwhile(lambda row: not row, rows)
