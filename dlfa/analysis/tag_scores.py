"""How well words are tagged: seqeval's F1, word accuracy, macro F1, for many heads at once.

Every measure is a function of sums over sentences, so that a bootstrap, which draws sentences,
needs but one matrix product.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.spans import f1, span_counts
from dlfa.data.tasks import Metric

__all__ = ["score", "sentence_sums", "sentence_worth", "tag_scores"]


def tag_scores(
    metric: Metric,
    labels: Sequence[str],
    gold: Int[np.ndarray, " word"],
    answers: Int[np.ndarray, "word head"],
    sizes: Int[np.ndarray, " sentence"],
) -> Float[np.ndarray, " head"]:
    """Return one measure of every head, in [0, 1].

    Args:
        metric: ``"f1"``, ``"word_accuracy"``, or ``"macro_f1"``: the mean over the labels that
            occur in ``gold`` of each label's F1 over words.
        labels: the task's label keys.
        gold: index of each word's right label, one sentence after the other.
        answers: index of each head's answer; −1, never right, where there is none.
        sizes: words of each sentence.

    Raises:
        ValueError: no such measure of tags.
    """
    sums = sentence_sums(metric, labels, gold, answers, sizes)
    return score(metric, sums.sum(axis=0), answers.shape[1])


def sentence_sums(
    metric: Metric,
    labels: Sequence[str],
    gold: Int[np.ndarray, " word"],
    answers: Int[np.ndarray, "word head"],
    sizes: Int[np.ndarray, " sentence"],
) -> Int[np.ndarray, "sentence column"]:
    """Count, sentence by sentence, what `score` makes a measure of; see `tag_scores`.

    Returns:
        for F1: spans right by head, found by head, wanted; for word accuracy: words right by head,
        words; for macro F1: words right by label and head, found by label and head, wanted by
        label.

    Raises:
        ValueError: no such measure of tags.
    """
    if metric == "f1":
        right, found, wanted = span_counts(labels, gold, answers, sizes)
        return np.hstack([right, found, wanted[:, None]])
    if metric == "word_accuracy":
        return np.hstack([_by_sentence(answers == gold[:, None], sizes), sizes[:, None]])
    if metric != "macro_f1":
        raise ValueError(f"no measure of tags: {metric}")
    classes = np.arange(len(labels))[:, None]
    wanted_words = gold[:, None, None] == classes  # (word label 1)
    found_words = answers[:, None] == classes  # (word label head)
    tables = found_words & wanted_words, found_words, wanted_words
    return np.hstack([_by_sentence(each.reshape(len(gold), -1), sizes) for each in tables])


def _by_sentence(
    words: np.ndarray, sizes: Int[np.ndarray, " sentence"]
) -> Int[np.ndarray, "sentence column"]:
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return np.add.reduceat(words, first, axis=0, dtype=np.int64)


def score(
    metric: Metric,
    sums: Float[np.ndarray, "*many column"] | Int[np.ndarray, "*many column"],
    heads: int,
) -> Float[np.ndarray, "*many head"]:
    """Return a measure of every head, in [0, 1].

    Args:
        metric: see `tag_scores`.
        sums: of `sentence_sums`, over some sentences; each as often as it was drawn.
        heads: how many.
    """
    if metric == "word_accuracy":
        return sums[..., :heads] / sums[..., heads:]
    if metric == "f1":
        right, found, wanted = np.split(sums, [heads, 2 * heads], axis=-1)
        return f1(right, found, wanted)
    labels = sums.shape[-1] // (2 * heads + 1)
    ends = [labels * heads, 2 * labels * heads]
    right, found, wanted = np.split(sums, ends, axis=-1)
    table = (*sums.shape[:-1], labels, heads)
    each = f1(right.reshape(table), found.reshape(table), wanted[..., None])  # (… label head)
    there = wanted[..., None] > 0
    found_mean: np.ndarray = (each * there).sum(axis=-2) / np.maximum(there.sum(axis=-2), 1)
    return found_mean


def sentence_worth(
    metric: Metric, sums: Int[np.ndarray, "sentence column"], heads: int
) -> Float[np.ndarray, "sentence head"]:
    """Return how well each single sentence is tagged: its F1 of spans, else its words right.

    Args:
        metric: see `tag_scores`.
        sums: of `sentence_sums`.
        heads: how many.
    """
    if metric == "f1":
        return score(metric, sums, heads)
    if metric == "word_accuracy":
        return sums[:, :heads].astype(float)
    labels = sums.shape[1] // (2 * heads + 1)
    right = sums[:, : labels * heads].reshape(len(sums), labels, heads)
    return right.sum(axis=1).astype(float)
