"""What an evaluation of a tagging task says: a measure by language and head, with intervals.

Intervals are bootstraps of sentences (see `dlfa.analysis.tag_draws`): words of one sentence are
right and wrong together.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.accuracies import by_language, stabilities
from dlfa.analysis.confusions import confusions
from dlfa.analysis.differences import tested
from dlfa.analysis.statistics import DRAWS, bounds, per_premise, wilson
from dlfa.analysis.tag_draws import SentenceDraws
from dlfa.analysis.tag_notes import notes, suspicions
from dlfa.analysis.tag_scores import score, sentence_sums, sentence_worth
from dlfa.data.tasks import Metric, task
from dlfa.results import BASELINE, Accuracies, Differences, Report, TaggedEvaluation

__all__ = ["tag_accuracies", "tag_metrics", "tag_report"]


class Scored(NamedTuple):
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


def tag_report(
    evaluation: TaggedEvaluation, metric: Metric | None = None, *, draws: int = DRAWS
) -> Report:
    """Return one measure with its differences and the mistakes, each with its interval.

    The same sentences, in whatever order, give the same report.

    Args:
        evaluation: whole or partial, at least one sentence.
        metric: one of the task's; its first by default.
        draws: of the bootstrap.
    """
    scored = _scored(evaluation, metric or tag_metrics(evaluation)[0], draws)
    found = _accuracies(evaluation, scored)
    return Report(
        accuracies=found,
        differences=_differences(evaluation, scored),
        stability=stabilities(found, scored.drawn.mean(1)),
        agreement=None,
        confusions=confusions(evaluation),
        slices=(),
        n=len(evaluation.ids),
        total=int(evaluation.settings.get("total", len(evaluation.ids))),
        premises=scored.draws.sentences,
        warnings=tuple(suspicions(evaluation)),
        notes=tuple(notes(evaluation, scored.metric)),
        settings=evaluation.settings,
        provenance=evaluation.provenance,
    )


def tag_accuracies(
    evaluation: TaggedEvaluation, metric: Metric | None = None, *, draws: int = DRAWS
) -> Accuracies:
    """Return how good every head is, also of a partial evaluation: quick enough while it runs.

    Args:
        evaluation: at least one sentence.
        metric: one of the task's; its first by default.
        draws: of the bootstrap.
    """
    return _accuracies(evaluation, _scored(evaluation, metric or tag_metrics(evaluation)[0], draws))


def _scored(evaluation: TaggedEvaluation, metric: Metric, draws: int) -> Scored:
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
    return Scored(metric, codes, found, drawn, worth, drawing)


def _accuracies(evaluation: TaggedEvaluation, scored: Scored) -> Accuracies:
    groups = np.repeat(by_language(evaluation)[1], evaluation.sizes)
    right = evaluation.right
    low, high = np.stack(
        [
            _around(scored.found[:, group], scored.drawn[:, group], len(rows))
            for group, rows in enumerate(scored.draws.rows)
        ],
        axis=-1,
    )
    average = scored.found.mean(axis=1)
    least, most = _around(average, scored.drawn.mean(axis=1), scored.draws.sentences)
    return Accuracies(
        metric=scored.metric,
        heads=evaluation.heads,
        languages=scored.codes,
        n=np.bincount(groups),
        right=np.array([right[groups == at].sum(0) for at in range(len(scored.codes))]).T,
        measured=scored.found,
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


def _differences(evaluation: TaggedEvaluation, scored: Scored) -> Differences | None:
    """Return every fused head's difference to the baseline; None without either."""
    columns = [at for at, head in enumerate(evaluation.heads) if head != BASELINE]
    if BASELINE not in evaluation.heads or not columns:
        return None
    alone, draws = evaluation.heads.index(BASELINE), scored.draws
    groups = by_language(evaluation)[1]
    each = scored.found[columns] - scored.found[alone]
    drawn = scored.drawn[..., columns] - scored.drawn[..., [alone]]
    gains = np.sign(scored.worth[:, columns] - scored.worth[:, [alone]]).astype(np.int8)
    differing = (per_premise(np.abs(gains), draws.places) != 0).sum(axis=0)
    won, lost = _turned(evaluation, groups, columns, alone)
    return Differences(
        metric=scored.metric,
        heads=tuple(evaluation.heads[at] for at in columns),
        reference=BASELINE,
        languages=scored.codes,
        mcnemar=np.full(each.shape, np.nan),
        only_head=won,
        only_reference=lost,
        **tested(each, drawn, gains, groups, draws, differing),
    )


def _turned(
    evaluation: TaggedEvaluation,
    groups: Int[np.ndarray, " sentence"],
    columns: Sequence[int],
    alone: int,
) -> Int[np.ndarray, "2 head language"]:
    """Count the words that only a head gets right, and those that only the baseline does."""
    words, right = np.repeat(groups, evaluation.sizes), evaluation.right
    found = np.empty((2, len(columns), int(groups.max()) + 1), int)
    for group in range(found.shape[2]):
        here = right[words == group]
        some, reference = here[:, list(columns)], here[:, [alone]]
        found[:, :, group] = (some & ~reference).sum(0), (reference & ~some).sum(0)
    return found
