"""A Parquet file as a sheet of text cells, measured before anything of it is unpacked.

A few kilobytes of Parquet can stand for gigabytes: rows, columns and unpacked size are read from
the metadata first, repeated texts stay one text each, and no more rows are read than are taken.
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

__all__ = ["MAGIC", "cells_of", "read_parquet"]

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
        rows = tuple(islice(_rows(file), policy().max_sentences))
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

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _rows(file: "pq.ParquetFile") -> Iterator[Cells]:
    """Yield rows of cells; those without any text are empty."""
    for batch in file.iter_batches(AT_ONCE):
        for row in zip(*(cells_of(column) for column in batch.columns), strict=True):
            yield row if any(cell.strip() for cell in row) else ()


def cells_of(column: "pa.Array") -> list[str]:
    """Return a column's cells; what a file repeats is one text in memory, however often."""
    import pyarrow as pa

    if isinstance(column, pa.DictionaryArray):
        known = [cell_of(value) for value in column.dictionary.to_pylist()]
        places = column.indices.to_pylist()
        return ["" if place is None else known[place] for place in places]
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return [""] * len(column)
    return [_written(value) for value in column.to_pylist()]


def _written(value: Any) -> str:
    """Return a value as a cell: times and decimals as they are written."""
    return cell_of(value if isinstance(value, str | int | float | None) else str(value))
