"""All that an evaluation says: one report, and two runs held against each other."""

from dlfa.analysis.accuracies import accuracies, averages, stabilities
from dlfa.analysis.agreement import agreement
from dlfa.analysis.confusions import confusions
from dlfa.analysis.differences import compare, to_baseline
from dlfa.analysis.slices import slices
from dlfa.analysis.statistics import DRAWS, Draws
from dlfa.analysis.suspicions import suspicions
from dlfa.results import Evaluation, Report

__all__ = ["accuracies", "compare", "report"]


def report(evaluation: Evaluation, *, draws: int = DRAWS) -> Report:
    """Return accuracies, differences, agreement and mistakes, each with its interval.

    All intervals of one report go through the same draws of premises, and the same examples, in
    whatever order, give the same report.

    Args:
        evaluation: whole or partial, at least one example.
        draws: of the bootstrap.
    """
    drawing = Draws(evaluation.premises, draws)
    drawn = averages(evaluation, drawing)
    found, mistakes = accuracies(evaluation, drawn), confusions(evaluation)
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
