"""Tags as tables: for the page, for a file, and in the form that taggers are compared in."""

from collections.abc import Sequence

import numpy as np

from dlfa.figures.tables import Row, source
from dlfa.figures.words import head_word, percent
from dlfa.results import BASELINE
from dlfa.results.taggings import Tagging

__all__ = ["NO_ANSWER", "OTHERWISE", "conll", "tag_columns", "tags_table"]

NO_ANSWER = "–"
OTHERWISE = "≠"  # before what the baseline does not say


def tag_columns(tagging: Tagging) -> dict[str, list[str]]:
    """Return each head's tags with their probabilities, a word a row: ``"≠ LOC 98 %"``."""
    return {head_word(head): _column(tagging, head) for head in tagging.heads}


def _column(tagging: Tagging, head: str) -> list[str]:
    apart = _apart(tagging, head)
    sure = tagging.certainty[tagging.heads.index(head)]
    return [
        f"{OTHERWISE + ' ' if other else ''}{tag} {percent(float(share))} %" if tag else NO_ANSWER
        for tag, share, other in zip(tagging.tags(head), sure, apart, strict=True)
    ]


def _apart(tagging: Tagging, head: str) -> np.ndarray:
    return tagging.differs(head, BASELINE if BASELINE in tagging.heads else head)


def tags_table(taggings: Sequence[Tagging]) -> list[Row]:
    """Return one row per sentence, word and head, and the source.

    Places are counted from 1, characters from 0. Words without an answer have neither tag nor
    probability.
    """
    return [row for at, one in enumerate(taggings, start=1) for row in _rows(one, at)]


def _rows(tagging: Tagging, sentence: int) -> list[Row]:
    made = source(tagging.provenance)
    rows: list[Row] = []
    for number, head in enumerate(tagging.heads):
        columns = zip(
            tagging.words,
            tagging.spans.tolist(),
            tagging.tags(head),
            tagging.certainty[number].tolist(),
            _apart(tagging, head).tolist(),
            strict=True,
        )
        rows += [
            {
                "sentence": sentence,
                "word": at,
                "text": word,
                "start": span[0],
                "end": span[1],
                "head": head,
                "tag": tag,
                "probability": share if tag else "",
                "differs": other,
            }
            | made
            for at, (word, span, tag, share, other) in enumerate(columns, start=1)
        ]
    return rows


def conll(taggings: Sequence[Tagging], heads: Sequence[str]) -> str:
    """Return sentences in columns: a word a line and a tag per head, an empty line in between.

    Words without an answer get ``_``; a first line names the columns.
    """
    lines = ["\t".join(("# word", *heads))]
    for one in taggings:
        tags = [one.tags(head) for head in heads]
        for word, *said in zip(one.words, *tags, strict=True):
            lines.append("\t".join((" ".join(word.split()), *(tag or "_" for tag in said))))
        lines.append("")
    return "\n".join(lines)
