"""How well words are tagged: seqeval's F1, word accuracy, macro F1, for many heads at once."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.spans import f1, span_counts
from dlfa.data.tasks import Metric

__all__ = ["tag_scores"]


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
    if metric == "f1":
        right, found, wanted = span_counts(labels, gold, answers, sizes)
        return f1(right.sum(axis=0), found.sum(axis=0), np.full(answers.shape[1], wanted.sum()))
    if metric == "word_accuracy":
        return (answers == gold[:, None]).mean(axis=0)
    if metric != "macro_f1":
        raise ValueError(f"no measure of tags: {metric}")
    classes = np.unique(gold)[:, None, None]  # (label 1 1)
    wanted, found = gold[None, :, None] == classes, answers[None] == classes
    right = (wanted & found).sum(axis=1)  # (label head)
    return f1(right, found.sum(axis=1), wanted.sum(axis=1)).mean(axis=0)
