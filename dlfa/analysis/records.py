"""Run records: one folder per run, one schema for every page, card and benchmark.

``run.json`` holds provenance, settings and a summary per language and head. ``examples.parquet``
holds a row per example and head, never the texts: id, premise (which examples share one), language,
genre, label (the right one), tokens, overlap, negation; head, answer; and, unless the record was
kept small, probabilities, margin, and the gate's share, attention and spread. Records that lack
the later columns are read, too: each of their examples is its own premise.
"""

import json
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from dlfa.data.atomic import replacing, write_json
from dlfa.errors import RunError
from dlfa.results import GATE_MEASURES, Evaluation, Provenance, Report

__all__ = [
    "EXAMPLES",
    "RUN",
    "SCHEMA",
    "read",
    "read_summary",
    "reserve",
    "summary",
    "table_of",
    "write",
]

RUN = "run.json"
EXAMPLES = "examples.parquet"
SCHEMA = 1
KEYS = {"schema", "provenance", "settings", "labels", "heads", "summary"}  # of run.json


def write(
    evaluation: Evaluation, folder: Path, *, report: Report | None = None, numbers: bool = True
) -> None:
    """Write a record, atomically: the folder is either whole or as it was.

    Args:
        evaluation: what it holds.
        folder: is made, or replaced.
        report: what it says; averages, differences and intervals then stand in ``run.json``, for
            whoever reads no parquet.
        numbers: also probabilities, margins and gates; a record without them is a tenth as large
            and knows every head's answer.
    """
    import pyarrow.parquet as parquet

    content = {
        "schema": SCHEMA,
        "provenance": evaluation.provenance.to_dict(),
        "settings": dict(evaluation.settings),
        "labels": list(evaluation.labels),
        "heads": list(evaluation.heads),
        "summary": summary(evaluation, report),
    }
    if report is not None:
        content |= {"averages": averages(report), "warnings": list(report.warnings)}
    with replacing(folder) as fresh:
        write_json(fresh / RUN, content)
        table = table_of(evaluation, numbers=numbers)
        parquet.write_table(table, fresh / EXAMPLES, compression="zstd", compression_level=9)


def reserve(folder: Path) -> None:
    """Make sure, before the work, that a record can be written there and replaces no other thing.

    Raises:
        RunError: something else lies there, or it cannot be written.
    """
    try:
        if folder.exists() and not (folder / RUN).is_file() and any(folder.iterdir()):
            raise RunError("error.run.occupied", path=folder)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:  # also a file of that name
        raise RunError("error.run.unwritable", path=folder, reason=error.strerror) from error


def summary(
    evaluation: Evaluation, report: Report | None = None
) -> dict[str, dict[str, dict[str, float]]]:
    """Return accuracy, its standard error and n, per language and head; of a report the interval.

    The standard error takes examples as independent; the interval knows of shared premises.
    """
    right = evaluation.right
    found: dict[str, dict[str, dict[str, float]]] = {}
    for language in dict.fromkeys(evaluation.languages.tolist()):
        rows = right[evaluation.languages == language]
        accuracy = rows.mean(axis=0)
        error = np.sqrt(accuracy * (1 - accuracy) / len(rows))
        found[language] = {
            head: {
                "accuracy": round(float(accuracy[column]), 6),
                "standard_error": round(float(error[column]), 6),
                "n": len(rows),
            }
            for column, head in enumerate(evaluation.heads)
        }
    if report is not None:
        told = report.accuracies
        for (row, head), (at, language) in product(
            enumerate(told.heads), enumerate(told.languages)
        ):
            bounds = {"low": told.low[row, at], "high": told.high[row, at]}
            found[language][head] |= _rounded(bounds)
    return found


def averages(report: Report) -> dict[str, dict[str, float]]:
    """Return each head's mean accuracy over the languages, and its difference to the baseline."""
    told, apart = report.accuracies, report.differences
    found = {
        head: _rounded({"accuracy": mean, "low": low, "high": high})
        for head, mean, low, high in zip(
            told.heads, told.average, told.average_low, told.average_high, strict=True
        )
    }
    for at, head in enumerate(apart.heads if apart else ()):
        assert apart is not None
        found[head] |= _rounded(
            {
                "difference": apart.average[at],
                "difference_low": apart.low[at],
                "difference_high": apart.high[at],
                "p": apart.p[at],
                "p_holm": apart.p_holm[at],
            }
        )
    return found


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(number), 6) for name, number in numbers.items()}


def table_of(evaluation: Evaluation, *, numbers: bool = True) -> Any:
    """Return a `pyarrow.Table` with a row per example and head.

    Args:
        evaluation: what it holds.
        numbers: also probabilities, margins and gates, where there are any.
    """
    import pyarrow as pa

    examples, heads = evaluation.answers.shape

    def each(values: np.ndarray) -> Any:
        return pa.array(np.repeat(values, heads))

    def words(values: np.ndarray, repeats: int = heads) -> Any:  # as a dictionary: a tenth
        known, places = np.unique(values, return_inverse=True)
        return pa.DictionaryArray.from_arrays(
            np.repeat(places.astype(np.int32), repeats), pa.array(known)
        )

    columns = {
        "id": words(evaluation.ids),
        "premise": words(evaluation.premises),
        "language": words(evaluation.languages),
        "genre": words(evaluation.genres),
        "label": each(evaluation.gold.astype(np.int8)),
        "tokens": each(evaluation.tokens.astype(np.int32)),
        "overlap": each(evaluation.overlap.astype(np.float64)),
        "negation": each(evaluation.negation.astype(np.int8)),
        "head": words(np.tile(np.array(evaluation.heads), examples), 1),
        "answer": pa.array(evaluation.answers.astype(np.int8).reshape(-1)),
    }
    if numbers and evaluation.probabilities is not None and evaluation.margins is not None:
        flat = pa.array(evaluation.probabilities.astype(np.float32).reshape(-1))
        columns |= {
            "probabilities": pa.FixedSizeListArray.from_arrays(flat, len(evaluation.labels)),
            "margin": pa.array(evaluation.margins.astype(np.float32).reshape(-1)),
        }
    if numbers and evaluation.gates is not None:
        flat_gates = evaluation.gates.astype(np.float32).reshape(-1, len(GATE_MEASURES))
        columns |= {
            name: pa.array(flat_gates[:, at], from_pandas=True)
            for at, name in enumerate(GATE_MEASURES)
        }
    return pa.table(columns)


def read_summary(folder: Path) -> Mapping[str, Any]:
    """Return a record's ``run.json``.

    Raises:
        RunError: it is not there, cannot be read, or has a newer schema.
    """
    try:
        content = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError("error.run.unreadable", path=folder.name) from error
    if not isinstance(content, dict) or not content.keys() >= KEYS:
        raise RunError("error.run.unreadable", path=folder.name)
    if content["schema"] != SCHEMA:
        raise RunError("error.run.schema", path=folder.name, found=content.get("schema"))
    return content


def read(folder: Path) -> Evaluation:
    """Return a whole record.

    Raises:
        RunError: it is not there, cannot be read, or has a newer schema.
    """
    import pyarrow.parquet as parquet

    content = read_summary(folder)
    try:
        table = parquet.read_table(folder / EXAMPLES)
    except (OSError, ValueError) as error:
        raise RunError("error.run.unreadable", path=folder.name) from error
    try:
        return _evaluation(content, table)
    except (KeyError, TypeError, ValueError) as error:  # not a table of ours
        raise RunError("error.run.unreadable", path=folder.name) from error


def _evaluation(content: Mapping[str, Any], table: Any) -> Evaluation:
    heads, labels = content["heads"], content["labels"]
    shape = table.num_rows // len(heads), len(heads)
    each = table.take(np.arange(0, table.num_rows, len(heads)))
    ids = np.array(each["id"].to_pylist())

    def column(name: str, default: object, dtype: type) -> np.ndarray:
        if name in table.column_names:
            return np.array(each[name].to_pylist(), dtype)
        return np.full(len(ids), default, dtype)

    probabilities = None
    if "probabilities" in table.column_names:
        flat = table["probabilities"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
        probabilities = flat.astype(np.float32).reshape(*shape, len(labels))
    if "answer" in table.column_names:
        answers = table["answer"].to_numpy().astype(np.int64).reshape(shape)
    elif probabilities is not None:
        answers = probabilities.argmax(-1)
    else:
        raise KeyError("answer")
    gates = None
    if all(name in table.column_names for name in GATE_MEASURES):
        columns = [table[name].to_numpy(zero_copy_only=False) for name in GATE_MEASURES]
        gates = np.stack(columns, axis=-1).astype(np.float32).reshape(*shape, len(columns))
    return Evaluation(
        ids=ids,
        premises=np.array(each["premise"].to_pylist()) if "premise" in table.column_names else ids,
        languages=np.array(each["language"].to_pylist()),
        genres=column("genre", "", str),
        gold=each["label"].to_numpy().astype(np.int64),
        tokens=each["tokens"].to_numpy().astype(np.int64),
        overlap=column("overlap", np.nan, float),
        negation=column("negation", -1, int),
        answers=answers,
        probabilities=probabilities,
        gates=gates,
        heads=tuple(heads),
        labels=tuple(labels),
        settings=content["settings"],
        provenance=Provenance(**content["provenance"]),
    )
