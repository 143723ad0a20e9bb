"""A Parquet file as a sheet of text cells, measured before anything of it is unpacked.

A few kilobytes of Parquet can stand for gigabytes: rows, columns and unpacked size are read from
the metadata first, repeated texts stay one text each, columns of lists and of bytes stay packed,
and no more rows are read than are taken.
"""

import io
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from dlfa.data.sheets import Cells, Sheet, cell_of, check_width, shown_name
from dlfa.errors import PolicyError, TextError
from dlfa.policy import policy

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = ["MAGIC", "cells_of", "read_parquet", "rows_of_cells"]

MAGIC = b"PAR1"
UNPACKED = 10  # times the largest file that is read: more is no set of sentences
AT_ONCE = 1_000  # rows


def read_parquet(data: bytes, name: str) -> Sheet:
    """Read the first rows of a Parquet file, as many as the policy takes.

    Args:
        data: the file, whose size the caller has looked at.
        name: the file's.

    Raises:
        PolicyError: a public instance.
        TextError: damaged, empty, with too many columns, or too large once unpacked.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not policy().parquet:
        raise PolicyError("error.policy.parquet")
    try:
        stated = pq.read_metadata(io.BytesIO(data))
        check_width(stated.num_columns)
        _check_size(stated)
        schema = pq.read_schema(io.BytesIO(data))
        texts = [one.name for one in schema if _is_text(one.type)]
        file = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts)
        known = rows_of_cells(file, AT_ONCE)
        rows = tuple(islice(map(_or_blank, known), policy().max_sentences))
    except (OSError, pa.ArrowException):
        raise TextError("error.own.parquet") from None
    if not any(rows):
        raise TextError("error.own.empty")
    return Sheet(
        name=shown_name(name),
        kind="parquet",
        encoding="utf-8",
        splitter="",
        keys=tuple(schema.names),
        rows=rows,
        left_out=max(0, stated.num_rows - len(rows)),
    )


def _check_size(stated: "pq.FileMetaData") -> None:
    """Raise TextError for what would unpack to far more than the largest file."""
    groups = [stated.row_group(place) for place in range(stated.num_row_groups)]
    found = sum(group.total_byte_size for group in groups) / 1e6
    limit = UNPACKED * policy().max_sentence_bytes / 1e6
    if found > limit:
        raise TextError("error.own.unpacked", found=f"{found:,.0f}", limit=f"{limit:g}")


def _is_text(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    tests = pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view
    return any(test(kind) for test in tests)


def rows_of_cells(file: "pq.ParquetFile", at_once: int) -> Iterator[Cells]:
    """Yield a file's rows; columns of lists and of bytes are not read, their cells are empty.

    Args:
        file: to be read from its beginning.
        at_once: rows in memory.
    """
    names = file.schema_arrow.names
    flat = [place for place, one in enumerate(file.schema_arrow) if _is_flat(one.type)]
    for batch in file.iter_batches(at_once, columns=[names[place] for place in flat]):
        found = dict(zip(flat, map(cells_of, batch.columns), strict=True))
        nothing = [""] * len(batch)
        yield from zip(*(found.get(place, nothing) for place in range(len(names))), strict=True)


def _is_flat(kind: "pa.DataType") -> bool:
    """Return whether cells can be told from a column, which holds no lists and no bytes."""
    import pyarrow as pa

    known = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = (
        pa.types.is_nested,
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_binary_view,
        pa.types.is_fixed_size_binary,
    )
    return not any(test(known) for test in tests)


def _or_blank(row: Cells) -> Cells:
    return row if any(cell.strip() for cell in row) else ()


def cells_of(column: "pa.Array") -> list[str]:
    """Return a column's cells; what a file repeats is one text in memory, however often.

    A text in which bytes are no UTF-8 holds lone surrogates, see `dlfa.data.decoding`.
    """
    import pyarrow as pa

    if isinstance(column, pa.DictionaryArray):
        known = cells_of(column.dictionary)
        places = column.indices.to_pylist()
        return ["" if place is None else known[place] for place in places]
    if not _is_flat(column.type):
        return [""] * len(column)
    if _is_text(column.type):  # which Arrow reads without a look at its bytes
        cells = column.cast(pa.large_binary()).to_pylist()
        return [(cell or b"").decode(errors="surrogateescape") for cell in cells]
    try:
        return [_written(value) for value in column.to_pylist()]
    except (OverflowError, ValueError):  # a time that no calendar has
        return [_written(value) for value in column.cast(pa.large_string()).to_pylist()]


def _written(value: Any) -> str:
    """Return a value as a cell: times and decimals as they are written."""
    return cell_of(value if isinstance(value, str | int | float | None) else str(value))
