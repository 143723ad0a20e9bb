"""How well every head tags the words of each language, with a bootstrap of sentences."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dlfa.analysis.accuracies import by_language
from dlfa.analysis.statistics import DRAWS, bounds, wilson
from dlfa.analysis.tag_draws import SentenceDraws
from dlfa.analysis.tag_scores import score, sentence_sums, sentence_worth
from dlfa.data.tasks import Metric, task
from dlfa.results import Accuracies, TaggedEvaluation

__all__ = ["TagMeasure", "tag_averages", "tag_measure", "tag_metrics"]


class TagMeasure(NamedTuple):
    """One measure of all heads."""

    metric: Metric
    codes: tuple[str, ...]
    """The languages, in alphabetical order."""
    found: Float[np.ndarray, "head language"]
    drawn: Float[np.ndarray, "draw language head"]
    worth: Float[np.ndarray, "sentence head"]
    """How well each sentence is tagged, see `sentence_worth`."""
    draws: SentenceDraws


def tag_metrics(evaluation: TaggedEvaluation) -> tuple[Metric, ...]:
    """Return what is measured on an evaluation's task, the one that is reported first."""
    return task(str(evaluation.settings["task"])).metrics


def tag_measure(
    evaluation: TaggedEvaluation, metric: Metric | None = None, draws: int = DRAWS
) -> TagMeasure:
    """Return one measure on the sentences and on every draw of them.

    The same sentences, in whatever order, give the same draws.

    Args:
        evaluation: at least one sentence.
        metric: one of the task's; its first by default.
        draws: of the bootstrap.
    """
    metric = metric or tag_metrics(evaluation)[0]
    codes, groups = by_language(evaluation)
    drawing, heads = SentenceDraws(evaluation.ids, groups, draws), len(evaluation.heads)
    word_groups = np.repeat(groups, evaluation.sizes)
    found = np.empty((heads, len(codes)))
    drawn = np.empty((draws, len(codes), heads))
    worth = np.empty((len(groups), heads))
    for group, rows in enumerate(drawing.rows):  # one at a time: macro F1 counts many things
        words = word_groups == group
        gold, answers = evaluation.gold[words], evaluation.answers[words]
        sums = sentence_sums(metric, evaluation.labels, gold, answers, evaluation.sizes[rows])
        found[:, group] = score(metric, sums.sum(axis=0), heads)
        drawn[:, group] = score(metric, drawing.totals(sums, group), heads)
        worth[rows] = sentence_worth(metric, sums, heads)
    return TagMeasure(metric, codes, found, drawn, worth, drawing)


def tag_averages(evaluation: TaggedEvaluation, measure: TagMeasure) -> Accuracies:
    """Return how good every head is, language by language and on average.

    Args:
        evaluation: what was measured.
        measure: of it.
    """
    groups = np.repeat(by_language(evaluation)[1], evaluation.sizes)
    right = evaluation.right
    low, high = np.stack(
        [
            _around(measure.found[:, group], measure.drawn[:, group], len(rows))
            for group, rows in enumerate(measure.draws.rows)
        ],
        axis=-1,
    )
    average = measure.found.mean(axis=1)
    least, most = _around(average, measure.drawn.mean(axis=1), measure.draws.sentences)
    return Accuracies(
        metric=measure.metric,
        heads=evaluation.heads,
        languages=measure.codes,
        n=np.bincount(groups),
        right=np.array([right[groups == at].sum(0) for at in range(len(measure.codes))]).T,
        measured=measure.found,
        low=low,
        high=high,
        average=average,
        average_low=least,
        average_high=most,
    )


def _around(
    found: Float[np.ndarray, " head"], drawn: Float[np.ndarray, "draw head"], sentences: int
) -> Float[np.ndarray, "2 head"]:
    """The bootstrap's interval; where all draws are the same, Wilson's of as many sentences."""
    same = np.ptp(drawn, axis=0) == 0
    return np.where(same, wilson(found, np.full(len(found), float(sentences))), bounds(drawn))
