"""Records of tagging tasks: a row per sentence, its words' labels and tags as small lists.

``examples.parquet`` has id, language, tokens, cut, label (the right ones) and a column of answers
per head, by the head's name; −1 where there is no answer. Texts are never stored.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dlfa.analysis.accuracies import by_language
from dlfa.analysis.tag_measures import tag_metrics
from dlfa.analysis.tag_scores import tag_scores
from dlfa.results import Provenance, Report, TaggedEvaluation

__all__ = ["KIND", "tag_evaluation", "tag_intervals", "tag_summary", "tag_table"]

KIND = "tagging"  # in ``run.json``
PLACES = 6  # decimals

Row = dict[str, float]


def tag_summary(evaluation: TaggedEvaluation) -> dict[str, dict[str, Row]]:
    """Return all measures, n (sentences) and words, per language and head."""
    codes, groups = by_language(evaluation)
    words = np.repeat(groups, evaluation.sizes)
    found: dict[str, dict[str, Row]] = {}
    for group, code in enumerate(codes):
        rows, here = groups == group, words == group
        about = evaluation.gold[here], evaluation.answers[here], evaluation.sizes[rows]
        scores: dict[str, np.ndarray] = {
            metric: tag_scores(metric, evaluation.labels, *about)
            for metric in tag_metrics(evaluation)
        }
        size = {"n": int(rows.sum()), "words": int(here.sum())}
        found[code] = {
            head: {name: round(float(each[at]), PLACES) for name, each in scores.items()} | size
            for at, head in enumerate(evaluation.heads)
        }
    return found


def tag_intervals(report: Report) -> dict[str, dict[str, Row]]:
    """Return the interval of a report's measure, per language and head."""
    told = report.accuracies
    return {
        code: {
            head: {
                "low": round(float(told.low[row, at]), PLACES),
                "high": round(float(told.high[row, at]), PLACES),
            }
            for row, head in enumerate(told.heads)
        }
        for at, code in enumerate(told.languages)
    }


def tag_table(evaluation: TaggedEvaluation) -> Any:
    """Return a `pyarrow.Table` with a row per sentence."""
    import pyarrow as pa

    ends = pa.array(np.concatenate([[0], np.cumsum(evaluation.sizes)]).astype(np.int32))

    def words(values: np.ndarray) -> Any:
        flat = pa.array(np.ascontiguousarray(values, np.int8))
        return pa.ListArray.from_arrays(ends, flat)

    return pa.table(
        {
            "id": pa.array(evaluation.ids),
            "language": pa.array(evaluation.languages).dictionary_encode(),
            "tokens": pa.array(evaluation.tokens.astype(np.int32)),
            "cut": pa.array(evaluation.cut.astype(np.int32)),
            "label": words(evaluation.gold),
            **{head: words(evaluation.answers[:, at]) for at, head in enumerate(evaluation.heads)},
        }
    )


def tag_evaluation(content: Mapping[str, Any], table: Any) -> TaggedEvaluation:
    """Return what ``run.json`` and a table of `tag_table` hold.

    Raises:
        KeyError, TypeError, ValueError: it is none of ours.
    """
    columns = [_flat(table[head]) for head in content["heads"]]
    return TaggedEvaluation(
        ids=np.array(table["id"].to_pylist()),
        languages=np.array(table["language"].to_pylist()),
        tokens=table["tokens"].to_numpy().astype(np.int64),
        sizes=table["label"].combine_chunks().value_lengths().to_numpy().astype(np.int64),
        cut=table["cut"].to_numpy().astype(np.int64),
        gold=_flat(table["label"]),
        answers=np.stack(columns, axis=1),
        heads=tuple(content["heads"]),
        labels=tuple(content["labels"]),
        settings=content["settings"],
        provenance=Provenance(**content["provenance"]),
    )


def _flat(lists: Any) -> np.ndarray:
    """Return the words of all sentences, one after the other."""
    found: np.ndarray = lists.combine_chunks().flatten().to_numpy()
    return found.astype(np.int8)
