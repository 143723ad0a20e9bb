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

    gold, answers = (
        pa.array(each.astype(np.int8).reshape(-1)) for each in (evaluation.gold, evaluation.answers)
    )
    # Word by word all heads': they mostly agree, so that this takes a tenth of a column a head.
    all_heads = pa.FixedSizeListArray.from_arrays(answers, len(evaluation.heads))
    return pa.table(
        {
            "id": pa.array(evaluation.ids),
            "language": pa.array(evaluation.languages).dictionary_encode(),
            "tokens": pa.array(evaluation.tokens.astype(np.int32)),
            "cut": pa.array(evaluation.cut.astype(np.int32)),
            "label": pa.ListArray.from_arrays(ends, gold),
            "answers": pa.ListArray.from_arrays(ends, all_heads),
        }
    )


def tag_evaluation(content: Mapping[str, Any], table: Any) -> TaggedEvaluation:
    """Return what ``run.json`` and a table of `tag_table` hold.

    Raises:
        KeyError, TypeError, ValueError: it is none of ours.
    """
    answers = table["answers"].combine_chunks().flatten().flatten().to_numpy()
    return TaggedEvaluation(
        ids=np.array(table["id"].to_pylist()),
        languages=np.array(table["language"].to_pylist()),
        tokens=table["tokens"].to_numpy().astype(np.int64),
        sizes=table["label"].combine_chunks().value_lengths().to_numpy().astype(np.int64),
        cut=table["cut"].to_numpy().astype(np.int64),
        gold=table["label"].combine_chunks().flatten().to_numpy().astype(np.int8),
        answers=answers.astype(np.int8).reshape(-1, len(content["heads"])),
        heads=tuple(content["heads"]),
        labels=tuple(content["labels"]),
        settings=content["settings"],
        provenance=Provenance(**content["provenance"]),
    )
