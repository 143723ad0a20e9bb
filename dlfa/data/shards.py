"""Encoded examples as flat arrays in one file: what a machine without any text trains on.

A set is one ``.npz``. Lists lie one after the other, with the place where each ends: ``tokens``
and, where they come with them, ``segments`` and ``labels`` by sub-word; ``first`` and ``tags`` by
word. Whatever else is known of an example is an array of its own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

import numpy as np

from dlfa.data.collation import Features
from dlfa.errors import BrokenFileError

__all__ = ["EXAMPLES", "Arrays", "ends_of", "features", "flat", "part", "read_set", "write_set"]

EXAMPLES = "ends"  # the array with a number for each example: where its sub-words end
LISTS = {"input_ids": "tokens", "token_type_ids": "segments", "labels": "labels", "first": "first"}
SMALL = {"token_type_ids": np.uint8, "labels": np.int8, "first": np.int16}

Arrays = Mapping[str, np.ndarray]


def flat(examples: Sequence[Features]) -> dict[str, np.ndarray]:
    """Return encoded examples as arrays.

    Args:
        examples: at least one, all with the same keys.
    """
    found = {EXAMPLES: ends_of([one["input_ids"] for one in examples])}
    for key, name in LISTS.items():
        if key not in examples[0]:
            continue
        values: list[Any] = [cast("dict[str, Any]", one)[key] for one in examples]
        if key == "labels" and isinstance(values[0], int):
            found[name] = np.array(values, np.int8)
        else:
            found[name] = np.concatenate(values).astype(SMALL.get(key, np.int64))
    if "first" in examples[0]:
        found["words"] = ends_of([one["first"] for one in examples])
    found["truncated"] = np.array([one["truncated"] for one in examples])
    return found


def ends_of(lists: Sequence[Sequence[object]]) -> np.ndarray:
    """Return where each list ends when they lie one after the other."""
    return np.cumsum([len(one) for one in lists])


def features(arrays: Arrays, rows: Sequence[int] | None = None) -> list[Features]:
    """Return examples as they were encoded.

    Args:
        arrays: of a set.
        rows: which of them, in this order; all if None.
    """
    chosen = range(len(arrays[EXAMPLES])) if rows is None else rows
    return [_example(arrays, row) for row in chosen]


def _example(arrays: Arrays, row: int) -> Features:
    found: dict[str, Any] = {"truncated": bool(arrays["truncated"][row])}
    for key, name in LISTS.items():
        if name not in arrays:
            continue
        if key == "labels" and "first" not in arrays:  # one for the whole pair
            found[key] = int(arrays[name][row])
        else:
            ends = "words" if key == "first" else EXAMPLES
            found[key] = part(arrays, name, row, ends).tolist()
    return cast("Features", found)


def part(arrays: Arrays, name: str, row: int, ends: str = EXAMPLES) -> np.ndarray:
    """Return one example's values.

    Args:
        arrays: of a set.
        name: of the array.
        row: the example's.
        ends: the array that says where each example's values end.
    """
    start = int(arrays[ends][row - 1]) if row else 0
    found: np.ndarray = arrays[name][start : int(arrays[ends][row])]
    return found


def write_set(arrays: Arrays, file: Path) -> None:
    """Write a set, compressed."""
    with file.open("wb") as stream:
        np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]


def read_set(file: Path) -> dict[str, np.ndarray]:
    """Return a set.

    Raises:
        BrokenFileError: it is not there, or damaged.
    """
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as found:
            return dict(found)
    except (OSError, ValueError, EOFError, KeyError, BadZipFile) as error:
        raise BrokenFileError("error.file.truncated", path=file.name) from error
