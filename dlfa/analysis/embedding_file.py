"""A file of sentences -> a Parquet file of their vectors: streamed, and resumed after a kill.

Sentences go in chunks. Each chunk's rows are written beside the output as soon as they are there,
whole or not at all, under a digest of everything that shapes them; started again, chunks that are
there are taken as they are. At the end they become the row groups of one file, one after the other.

A row is a sentence, and each space has a column of its own, for a reader takes the layers it wants
and leaves the others on the disk; one row a sentence and layer would repeat every text 13 times.
"""

import errno
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from dlfa.analysis.directions import check_finite
from dlfa.analysis.embedder import Embedder
from dlfa.analysis.embedding import Embedding
from dlfa.data.row_streams import RowStream, StreamRow
from dlfa.errors import RunError, TextError
from dlfa.policy import policy
from dlfa.results.embeddings import PooledBy

__all__ = ["CHUNK", "FileProgress", "column_of", "embed_file"]

CHUNK = 1024  # sentences: a row group of the output
MOST_TOLD = 10  # rows of each reason that are told by number
META = b"dlfa"  # the schema's metadata, JSON
KEY = b"dlfa.key"  # a part's: digest of what shapes it


@dataclass(frozen=True, kw_only=True)
class FileProgress:
    """How far a file is."""

    done: int
    """Sentences written."""
    kept: int
    """Of them, those that an earlier run had written."""
    share: float
    """Of the file that was read, in [0, 1]."""
    rate: float
    """Sentences a second since this run began to compute; 0 before."""
    left: float
    """Seconds that the rest will take at this pace; NaN before there is one."""
    refused: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """By reason the numbers of rows that cannot be used: the first ten."""
    refusals: Mapping[str, int] = field(default_factory=dict)
    """By reason how many there are."""


def column_of(space: str) -> str:
    """Return a space's column: ``"layer_0"`` for a layer, ``"D_8"`` for a head's fused states."""
    return f"layer_{space}" if space.isdigit() else space


def embed_file(
    embedder: Embedder,
    rows: RowStream,
    out: Path,
    *,
    spaces: Sequence[str] | None = None,
    pooled_by: PooledBy = "mean",
    command: str = "",
    chunk: int = CHUNK,
) -> Iterator[FileProgress]:
    """Write the vectors of a file's sentences; yields after every chunk, the last time at the end.

    The output's columns: ``row`` (int64, from 1 below any header), ``text``, ``tokens`` (int32),
    ``cut`` (bool), then a fixed-size list of float16 for each space, see `column_of`. The metadata
    ``dlfa`` says where they come from: provenance, digests, pooling, spaces.

    Args:
        embedder: see `dlfa.analysis.embedding.load_encoder`.
        rows: see `dlfa.data.row_streams.open_rows`.
        out: the file; its parts lie beside it in ``<out>.parts`` until it is whole.
        spaces: of ``embedder.spaces``; all layers by default.
        pooled_by: ``"mean"`` or ``"first"``.
        command: that makes it again.
        chunk: sentences of a row group.

    Raises:
        RunError: the output is there already, another process writes it, the disk is full.
        TextError: not a single usable sentence.
        InputError: a space that this encoder does not have, or values that are no finite numbers
            in half precision.
    """
    chosen = embedder.choose(embedder.layers if spaces is None else spaces)
    if out.exists():
        raise RunError("error.embed.exists", path=out)
    about = {
        "provenance": asdict(embedder.provenance),
        "encoder": embedder.digest,
        "spaces": list(chosen),
        "pooled_by": pooled_by,
        "max_tokens": embedder.max_tokens,
    }
    with _working(out) as folder:
        work = _Work(embedder, rows, out, folder, chosen, pooled_by, about, chunk)
        yield from work.go(command)


@contextmanager
def _working(out: Path) -> Iterator[Path]:
    """Hold the folder of the parts, alone; what the disk refuses is told in a sentence."""
    folder = out.with_name(f"{out.name}.parts")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=0):
            yield folder
        if out.exists():
            shutil.rmtree(folder)
    except Timeout:
        raise RunError("error.embed.busy", path=out) from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise RunError("error.run.full", path=out) from error
        raise RunError("error.run.unwritable", path=out, reason=error.strerror) from error


class _Work:
    """One file on its way."""

    def __init__(
        self,
        embedder: Embedder,
        rows: RowStream,
        out: Path,
        folder: Path,
        spaces: tuple[str, ...],
        pooled_by: PooledBy,
        about: Mapping[str, object],
        chunk: int,
    ) -> None:
        self.embedder, self.rows, self.out, self.folder = embedder, rows, out, folder
        self.spaces, self.pooled_by, self.about, self.chunk = spaces, pooled_by, about, chunk
        self.settings = json.dumps([about, chunk], sort_keys=True).encode()
        self.refused: dict[str, tuple[int, ...]] = {}
        self.refusals: dict[str, int] = {}
        self.done = self.kept = 0
        self.whole = sha256()  # of all parts' keys

    def go(self, command: str) -> Iterator[FileProgress]:
        """Do what is not done yet, part by part, and put them together."""
        place, began = 0, (time.monotonic(), 0.0, 0)
        usable = self._usable()
        while chunk := list(islice(usable, self.chunk)):
            key, file = self._key(chunk), self._part(place)
            if _key_in(file) == key:
                self.kept += len(chunk)
                began = time.monotonic(), self.rows.share, self.done + len(chunk)
            else:
                self._write(chunk, key, file)
            self.done += len(chunk)
            self.whole.update(key)
            place += 1
            yield self._progress(*began)
        if not self.done:
            raise TextError("error.own.unusable", column=self.rows.columns.text)
        self._assemble(place, command)
        yield self._progress(*began)  # with what was refused below the last sentence

    def _usable(self) -> Iterator[StreamRow]:
        """Yield the rows that can be embedded; count the others."""
        for row in self.rows:
            if not row.refused:
                yield row
                continue
            self.refusals[row.refused] = self.refusals.get(row.refused, 0) + 1
            told = self.refused.get(row.refused, ())
            self.refused[row.refused] = (*told, row.number)[:MOST_TOLD]

    def _progress(self, since: float, share: float, done: int) -> FileProgress:
        seconds, read = time.monotonic() - since, self.rows.share - share
        return FileProgress(
            done=self.done,
            kept=self.kept,
            share=self.rows.share,
            rate=(self.done - done) / seconds if seconds else 0.0,
            left=seconds * (1 - self.rows.share) / read if read > 0 else float("nan"),
            refused=dict(self.refused),
            refusals=dict(self.refusals),
        )

    def _part(self, place: int) -> Path:
        return self.folder / f"{place:07d}.parquet"

    def _key(self, chunk: Sequence[StreamRow]) -> bytes:
        found = sha256(self.settings)
        for row in chunk:
            found.update(f"{row.number}\0{row.text}\0".encode())
        return found.hexdigest().encode()

    def _write(self, chunk: Sequence[StreamRow], key: bytes, file: Path) -> None:
        table = self._table(chunk).replace_schema_metadata({KEY: key})
        with _atomically(file) as scratch:
            pq.write_table(table, scratch, use_dictionary=False)

    def _table(self, chunk: Sequence[StreamRow]) -> pa.Table:
        longest = policy().max_characters
        work = Embedding(
            self.embedder, [row.text[:longest] for row in chunk], self.spaces, self.pooled_by
        )
        vectors = np.empty((len(self.spaces), len(chunk), self.embedder.dim), np.float16)
        for step in work.steps():
            part = step()
            with np.errstate(over="ignore"):  # it becomes infinite, and is told
                vectors[:, part.rows] = part.vectors
        check_finite(vectors)
        cut = [len(row.text) > longest for row in chunk]
        columns = {
            "row": pa.array([row.number for row in chunk], pa.int64()),
            "text": pa.array([row.text for row in chunk], pa.string()),
            "tokens": pa.array([len(one["input_ids"]) for one in work.encoded], pa.int32()),
            "cut": pa.array(
                [so or one["truncated"] for so, one in zip(cut, work.encoded, strict=True)]
            ),
        }
        for space, of in zip(self.spaces, vectors, strict=True):
            flat = pa.array(of.reshape(-1))
            columns[column_of(space)] = pa.FixedSizeListArray.from_arrays(flat, of.shape[1])
        return pa.table(columns)

    def _assemble(self, parts: int, command: str) -> None:
        """Write the parts as row groups of one file, never more than one of them in memory."""
        about = {
            **self.about,
            "command": command,
            "sentences": self.done,
            "data": self.whole.hexdigest()[:32],
        }
        schema = pq.read_schema(self._part(0))
        schema = schema.with_metadata({META: json.dumps(about, sort_keys=True).encode()})
        with (
            _atomically(self.out) as scratch,
            pq.ParquetWriter(scratch, schema, use_dictionary=False) as writer,
        ):
            for place in range(parts):
                table = pq.read_table(self._part(place))
                writer.write_table(table.replace_schema_metadata(schema.metadata))


def _key_in(file: Path) -> bytes:
    """Return a part's key; empty where there is none, or a broken one."""
    with suppress(OSError, pa.ArrowException):
        return (pq.read_schema(file).metadata or {}).get(KEY, b"")
    return b""


@contextmanager
def _atomically(file: Path) -> Iterator[Path]:
    """Yield a place to write to; the file is there, whole and on the disk, when the block ends."""
    scratch = file.with_name(f"{file.name}.tmp")
    try:
        yield scratch
        with scratch.open("rb") as written:
            os.fsync(written.fileno())
        scratch.replace(file)
    except OSError:
        scratch.unlink(missing_ok=True)  # part of it, where the disk is full
        raise
