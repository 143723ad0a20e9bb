"""What a corpus brought, looked at before anything is made of it: files, columns, labels, texts.

A wrong corpus must not become a wrong number: whatever is not as the task declares it is told with
the file or the row, and with what to do about it.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlfa.data.tasks import Corpus
from dlfa.errors import BrokenDataError, MissingDataError, OfflineError, SourceError

if TYPE_CHECKING:
    from datasets import Dataset

__all__ = ["check_classes", "check_columns", "check_labels", "check_texts", "failure"]

NOBODY = -1  # SNLI's label where annotators did not agree

Told = Mapping[str, str]
"""What a message says of the corpus: ``name``, ``config``, ``split``."""


def failure(error: Exception, folder: Path | None, told: Told) -> SourceError:
    """Return what to say where a corpus could not be read.

    Args:
        error: what the library raised.
        folder: of the mirror, where the corpus lies; None for the Hub.
        told: of the corpus.
    """
    if folder is not None:
        place = folder / told["config"]
        for file in sorted((place if place.is_dir() else folder).rglob("*.parquet")):
            if not _is_readable(file):
                return BrokenDataError("error.data.damaged", path=file, **told)
    elif not isinstance(error, FileNotFoundError | ValueError):  # the Hub has it, and broke off
        return OfflineError("error.data.interrupted", **told)
    return MissingDataError("error.data.missing", **told)


def _is_readable(file: Path) -> bool:
    """Return whether all of a parquet file can be read; one that was cut has lost its end."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        pq.read_table(file)
    except (OSError, pa.ArrowException):
        return False
    return True


def check_columns(rows: "Dataset", wanted: Sequence[str], told: Told) -> None:
    """Raise BrokenDataError where a column is missing."""
    missing = [name for name in wanted if name not in rows.column_names]
    if missing:
        found = ", ".join(rows.column_names)
        raise BrokenDataError("error.data.columns", names=", ".join(missing), found=found, **told)


def check_classes(rows: "Dataset", corpus: Corpus, labels: Sequence[str], told: Told) -> None:
    """Raise BrokenDataError where the corpus names its classes, and they are not the task's.

    Numbers from another list of classes would be taken for ours without a word.
    """
    column: Any = rows.features[corpus.label]
    names = getattr(getattr(column, "feature", column), "names", None) or []
    if names and not all(name.isdigit() for name in names):
        if [name.casefold() for name in names] == [label.casefold() for label in labels]:
            return
        raise BrokenDataError(
            "error.data.classes", found=", ".join(names), known=", ".join(labels), **told
        )


def check_labels(found: Iterable[object], labels: Sequence[str], told: Told) -> None:
    """Raise BrokenDataError at the first row whose label is none of the task's.

    Args:
        found: one label per row, or one list of them.
        labels: the task's.
        told: of the corpus.
    """
    for row, label in enumerate(found):
        several = label if isinstance(label, list) else [label]
        least = 0 if isinstance(label, list) else NOBODY
        for one in several:
            if type(one) is not int or not least <= one < len(labels):
                raise BrokenDataError(
                    "error.data.label", row=row, found=one, most=len(labels) - 1, **told
                )


def check_texts(columns: Sequence[Sequence[object]], told: Told) -> None:
    """Raise BrokenDataError at the first row that lacks a text, or has more words than labels.

    Args:
        columns: the two sentences, or words and their labels.
        told: of the corpus.
    """
    for row, (first, second) in enumerate(zip(*columns, strict=True)):
        if isinstance(first, list) and isinstance(second, list):
            whole = len(first) == len(second) and all(isinstance(word, str) for word in first)
        else:
            whole = isinstance(first, str) and isinstance(second, str)
        if not whole:
            raise BrokenDataError("error.data.text", row=row, **told)
