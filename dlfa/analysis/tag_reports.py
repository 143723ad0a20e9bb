"""What an evaluation of a tagging task says: a measure by language and head, with intervals.

Intervals are bootstraps of sentences (see `dlfa.analysis.tag_draws`): words of one sentence are
right and wrong together.
"""

from dlfa.analysis.accuracies import stabilities
from dlfa.analysis.confusions import confusions
from dlfa.analysis.statistics import DRAWS
from dlfa.analysis.tag_differences import tags_to_baseline
from dlfa.analysis.tag_measures import tag_averages, tag_measure
from dlfa.analysis.tag_notes import notes, suspicions
from dlfa.data.tasks import Metric
from dlfa.results import Accuracies, Report, TaggedEvaluation

__all__ = ["tag_accuracies", "tag_report"]


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
    measure = tag_measure(evaluation, metric, draws)
    found = tag_averages(evaluation, measure)
    return Report(
        accuracies=found,
        differences=tags_to_baseline(evaluation, measure),
        stability=stabilities(found, measure.drawn.mean(1)),
        agreement=None,
        confusions=confusions(evaluation),
        slices=(),
        n=len(evaluation.ids),
        total=int(evaluation.settings.get("total", len(evaluation.ids))),
        premises=measure.draws.sentences,
        warnings=tuple(suspicions(evaluation)),
        notes=tuple(notes(evaluation, measure.metric)),
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
    return tag_averages(evaluation, tag_measure(evaluation, metric, draws))
