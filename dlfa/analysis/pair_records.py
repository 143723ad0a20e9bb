"""Records of sentence pairs: a row of ``examples.parquet`` per example and head.

Its columns are id, premise (which examples share one), language, genre, label (the right one),
tokens, overlap, negation; head, answer; and, unless the record was kept small, probabilities,
margin, and the gate's share, attention and spread. Records that lack the later columns are read,
too: each of their examples is its own premise.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np

from dlfa.results import GATE_MEASURES, Evaluation, Provenance, Report

__all__ = ["Summary", "pair_evaluation", "pair_summary", "pair_table", "rounded"]

Summary = dict[str, dict[str, dict[str, float]]]


def pair_summary(evaluation: Evaluation, report: Report | None = None) -> Summary:
    """Return accuracy, its standard error and n, per language and head; of a report the interval.

    The standard error takes examples as independent; the interval knows of shared premises.
    """
    right = evaluation.right
    found: Summary = {}
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
            found[language][head] |= rounded(bounds)
    return found


def rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    """Return numbers as a record has them."""
    return {name: round(float(number), 6) for name, number in numbers.items()}


def pair_table(evaluation: Evaluation, *, numbers: bool = True) -> Any:
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


def pair_evaluation(content: Mapping[str, Any], table: Any) -> Evaluation:
    """Return what ``run.json`` and a table of `pair_table` hold.

    Raises:
        KeyError, TypeError, ValueError: it is none of ours.
    """
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
