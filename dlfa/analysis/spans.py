"""F1 of spans, as seqeval counts them, for many heads at once and sentence by sentence.

seqeval's default mode (Nakayama 2018, after conlleval): a label's first character is its tag, the
rest its type, and a span begins and ends where `starts` and `ends` say. Labels without a prefix
(``NOUN``) make one span of equal neighbours, so that for parts of speech this is not word F1.
Sentence by sentence, because a bootstrap draws sentences; seqeval itself is the test's oracle.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Num

__all__ = ["Spans", "Tag", "f1", "span_counts"]

Tag = tuple[str, str]  # tag, type
BEFORE: Tag = ("O", "")  # what seqeval takes to stand before a sentence
AFTER: Tag = ("O", "_")  # and after it


class Spans(NamedTuple):
    """Spans of each sentence and head."""

    right: Int[np.ndarray, "sentence head"]
    """Found with their place and their type."""
    found: Int[np.ndarray, "sentence head"]
    wanted: Int[np.ndarray, " sentence"]
    """In the right answer."""


def span_counts(
    labels: Sequence[str],
    gold: Int[np.ndarray, " word"],
    answers: Int[np.ndarray, "word head"],
    sizes: Int[np.ndarray, " sentence"],
) -> Spans:
    """Count each sentence's spans.

    Args:
        labels: keys, ``"B-PER"`` or ``"NOUN"``.
        gold: index of each word's right label, one sentence after the other.
        answers: index of each head's answer; −1, outside of every span, where there is none.
        sizes: words of each sentence, at least one.
    """
    tables = _tables(labels)
    right_answer = _spans(gold[:, None], sizes, tables)
    answered = _spans(answers, sizes, tables)
    same = (answered.begins == right_answer.begins) & (answered.ends & right_answer.ends)
    types = np.array([split(label)[1] for label in labels])
    same &= types[answers] == types[gold][:, None]
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return Spans(
        np.add.reduceat(same, first, axis=0, dtype=np.int64),
        np.add.reduceat(answered.ends, first, axis=0, dtype=np.int64),
        np.add.reduceat(right_answer.ends[:, 0], first, dtype=np.int64),
    )


def f1(
    right: Num[np.ndarray, "*many"], found: Num[np.ndarray, "*many"], wanted: np.ndarray
) -> Float[np.ndarray, "*many"]:
    """Return F1 in [0, 1]: twice what is right over found plus wanted; 0 where there is neither."""
    both = np.asarray(found + wanted, dtype=float)
    return np.divide(2.0 * right, both, out=np.zeros_like(both), where=both > 0)


class _Found(NamedTuple):
    begins: Int[np.ndarray, "word head"]
    """Where the span that a word is in began: the latest beginning, also outside of spans."""
    ends: np.ndarray
    """``(word head)``: whether a span ends with this word."""


def _spans(
    answers: Int[np.ndarray, "word head"],
    sizes: Int[np.ndarray, " sentence"],
    tables: tuple[np.ndarray, np.ndarray],
) -> _Found:
    start, end = tables
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    before, after = len(start) - 2, len(start) - 1
    own = np.where(answers < 0, after, answers)
    previous, following = np.roll(own, 1, axis=0), np.roll(own, -1, axis=0)
    previous[first], following[np.cumsum(sizes) - 1] = before, after
    places = np.arange(len(own))[:, None]
    begun = np.where(start[previous, own], places, 0)
    begun[first] = places[first]  # nothing reaches back over the sentence's beginning
    return _Found(np.maximum.accumulate(begun, axis=0), end[own, following])


def _tables(labels: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return whether a span starts, or ends, between two labels; the last two are the borders."""
    tags = [*map(split, labels), BEFORE, AFTER]
    start = np.array([[starts(one, other) for other in tags] for one in tags])
    end = np.array([[ends(one, other) for other in tags] for one in tags])
    return start, end


def split(label: str) -> Tag:
    """Return a label's tag and type: ``"B-PER"`` is B of PER, ``"NOUN"`` is N of OUN."""
    return label[0], label[1:].split("-", maxsplit=1)[-1] or "_"


def starts(previous: Tag, own: Tag) -> bool:
    """Return whether a span starts at ``own``."""
    (before, type_before), (tag, kind) = previous, own
    if tag in {"B", "S"} or (before in {"E", "S", "O"} and tag in {"E", "I"}):
        return True
    return tag not in {"O", "."} and type_before != kind


def ends(own: Tag, following: Tag) -> bool:
    """Return whether a span ends with ``own``."""
    (tag, kind), (after, type_after) = own, following
    if tag in {"E", "S"} or (tag in {"B", "I"} and after in {"B", "S", "O"}):
        return True
    return tag not in {"O", "."} and kind != type_after
