"""All that an evaluation says: one report, and two runs held against each other."""

from dlfa.analysis import accuracies as pairs
from dlfa.analysis import differences as of_pairs
from dlfa.analysis.accuracies import averages, stabilities
from dlfa.analysis.agreement import agreement
from dlfa.analysis.confusions import confusions
from dlfa.analysis.differences import to_baseline
from dlfa.analysis.slices import slices
from dlfa.analysis.statistics import DRAWS, Draws
from dlfa.analysis.suspicions import suspicions
from dlfa.analysis.tag_differences import compare_tags
from dlfa.analysis.tag_measures import tag_metrics
from dlfa.analysis.tag_reports import tag_accuracies, tag_report
from dlfa.data.tasks import Metric
from dlfa.results import (
    Accuracies,
    Evaluated,
    Report,
    RunComparison,
    TaggedEvaluation,
    pairs_of,
)

__all__ = ["accuracies", "compare", "metrics", "report"]


def metrics(evaluation: Evaluated) -> tuple[Metric, ...]:
    """Return what is measured of an evaluation, the one that is reported first."""
    if isinstance(evaluation, TaggedEvaluation):
        return tag_metrics(evaluation)
    return ("accuracy",)


def accuracies(evaluation: Evaluated) -> Accuracies:
    """Return how good every head is, also of a partial evaluation: quick enough while it runs.

    Args:
        evaluation: at least one example.
    """
    if isinstance(evaluation, TaggedEvaluation):
        return tag_accuracies(evaluation)
    return pairs.accuracies(pairs_of(evaluation))


def report(evaluation: Evaluated, metric: Metric | None = None, *, draws: int = DRAWS) -> Report:
    """Return accuracies, differences, agreement and mistakes, each with its interval.

    All intervals of one report go through the same draws of premises, and the same examples, in
    whatever order, give the same report.

    Args:
        evaluation: whole or partial, at least one example.
        metric: one of `metrics`; the first by default.
        draws: of the bootstrap.
    """
    if isinstance(evaluation, TaggedEvaluation):
        return tag_report(evaluation, metric, draws=draws)
    evaluation = pairs_of(evaluation)
    drawing = Draws(evaluation.premises, draws)
    drawn = averages(evaluation, drawing)
    found, mistakes = pairs.accuracies(evaluation, drawn), confusions(evaluation)
    return Report(
        accuracies=found,
        differences=to_baseline(evaluation, drawing),
        stability=stabilities(found, drawn),
        agreement=agreement(evaluation),
        confusions=mistakes,
        slices=slices(evaluation, drawing),
        n=len(evaluation.ids),
        total=int(evaluation.settings.get("total", len(evaluation.ids))),
        premises=drawing.premises,
        warnings=tuple(suspicions(evaluation, found, mistakes, drawing)),
        settings=evaluation.settings,
        provenance=evaluation.provenance,
    )


def compare(
    first: Evaluated, second: Evaluated, names: tuple[str, str], metric: Metric | None = None
) -> RunComparison:
    """Compare two runs on the examples, languages and heads that they have in common.

    Args:
        first: one run.
        second: another, of the same data.
        names: what they are called.
        metric: one of `metrics`; the first by default.

    Raises:
        RunError: they have nothing in common, or are of other data.
        WrongTaskError: one is of pairs, the other of words.
    """
    if isinstance(first, TaggedEvaluation) and isinstance(second, TaggedEvaluation):
        return compare_tags(first, second, names, metric)
    return of_pairs.compare(first, second, names)
