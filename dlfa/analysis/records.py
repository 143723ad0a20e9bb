"""Run records: one folder per run, one schema for every page, card and benchmark.

``run.json`` holds provenance, settings and a summary per language and head; ``examples.parquet``
holds example id, language, head, label, probabilities and number of tokens, never the texts.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dlfa.data.atomic import replacing, write_json
from dlfa.errors import RunError
from dlfa.results import Evaluation, Provenance

__all__ = ["EXAMPLES", "RUN", "SCHEMA", "read", "read_summary", "write"]

RUN = "run.json"
EXAMPLES = "examples.parquet"
SCHEMA = 1


def write(evaluation: Evaluation, folder: Path) -> None:
    """Write a record, atomically: the folder is either whole or as it was."""
    import pyarrow.parquet as parquet

    content = {
        "schema": SCHEMA,
        "provenance": evaluation.provenance.to_dict(),
        "settings": dict(evaluation.settings),
        "labels": list(evaluation.labels),
        "heads": list(evaluation.heads),
        "summary": summary(evaluation),
    }
    with replacing(folder) as fresh:
        write_json(fresh / RUN, content)
        parquet.write_table(_long(evaluation), fresh / EXAMPLES, compression="zstd")


def summary(evaluation: Evaluation) -> dict[str, dict[str, dict[str, float]]]:
    """Return accuracy, its standard error and n, per language and head."""
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
    return found


def _long(evaluation: Evaluation) -> Any:
    """One row per example and head; ids, languages and heads as dictionaries."""
    import pyarrow as pa

    examples, heads, labels = evaluation.probabilities.shape
    flat = pa.array(evaluation.probabilities.astype(np.float32).reshape(-1))
    columns = {
        "id": pa.array(np.repeat(evaluation.ids, heads)).dictionary_encode(),
        "language": pa.array(np.repeat(evaluation.languages, heads)).dictionary_encode(),
        "head": pa.array(np.tile(np.array(evaluation.heads), examples)).dictionary_encode(),
        "label": pa.array(np.repeat(evaluation.gold, heads).astype(np.int8)),
        "probabilities": pa.FixedSizeListArray.from_arrays(flat, labels),
        "tokens": pa.array(np.repeat(evaluation.tokens, heads).astype(np.int16)),
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
    if content.get("schema") != SCHEMA:
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
    heads, labels = content["heads"], content["labels"]
    each = table.drop_columns("probabilities").take(np.arange(0, table.num_rows, len(heads)))
    flat = table["probabilities"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return Evaluation(
        ids=np.array(each["id"].to_pylist()),
        languages=np.array(each["language"].to_pylist()),
        gold=each["label"].to_numpy().astype(np.int64),
        tokens=each["tokens"].to_numpy().astype(np.int64),
        probabilities=flat.astype(np.float32).reshape(-1, len(heads), len(labels)),
        heads=tuple(heads),
        labels=tuple(labels),
        settings=content["settings"],
        provenance=Provenance(**content["provenance"]),
    )
