"""One record on its examples and on every draw of them, beside its own baseline."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.accuracies import by_language
from dlfa.analysis.paired import Drawing, over_groups
from dlfa.analysis.statistics import DRAWS, Draws, p_values, per_premise
from dlfa.analysis.tag_measures import tag_measure, tag_metrics
from dlfa.results import Evaluated, Seeded, TaggedEvaluation, pairs_of

__all__ = ["Drawn", "drawn", "metric_of", "one_seed"]

Languages = Int[np.ndarray, " place"]


class Drawn(NamedTuple):
    """What the heads of one record are worth; the first of them is the baseline."""

    heads: tuple[str, ...]
    codes: tuple[str, ...]
    """Languages, in alphabetical order."""
    found: Float[np.ndarray, "head language"]
    """The task's measure, in [0, 1]."""
    drawn: Float[np.ndarray, "draw language head"]
    """The same in every draw: equal draws in all records of the same examples."""
    gains: Int[np.ndarray, "example head"]
    """1 where only the head is right (tags: is better), −1 where only the baseline is, else 0."""
    groups: Int[np.ndarray, " example"]
    """Each example's language."""
    draws: Drawing
    abreast: bool
    """Whether examples of one cluster add up: of pairs, not of sentences."""


def metric_of(evaluation: Evaluated) -> str:
    """Return what the task reports first."""
    return tag_metrics(evaluation)[0] if isinstance(evaluation, TaggedEvaluation) else "accuracy"


def drawn(evaluation: Evaluated, heads: tuple[str, ...], draws: int = DRAWS) -> Drawn:
    """Return some heads of a record on every draw of its premises, or sentences.

    Args:
        evaluation: at least one example.
        heads: of its, the baseline first.
        draws: of the bootstrap.
    """
    codes, groups = by_language(evaluation)
    answers = _answers(evaluation)
    answers = answers[:, [evaluation.heads.index(head) for head in heads]]
    if isinstance(evaluation, TaggedEvaluation):
        measure = tag_measure(replace(evaluation, heads=heads, answers=answers), None, draws)
        gains = np.sign(measure.worth - measure.worth[:, :1]).astype(np.int8)
        every = measure.found, measure.drawn
        return Drawn(heads, codes, *every, gains, groups, measure.draws, False)
    pairs = pairs_of(evaluation)
    right = (answers == pairs.gold[:, None]).astype(np.int8)
    drawing = Draws(pairs.premises, draws)
    found = np.array([right[groups == one].mean(0) for one in range(len(codes))]).T
    every = found, drawing.means(right, groups)
    return Drawn(heads, codes, *every, right - right[:, :1], groups, drawing, True)


def _answers(evaluation: Evaluated) -> Int[np.ndarray, "any head"]:
    if isinstance(evaluation, TaggedEvaluation):
        return evaluation.answers
    return pairs_of(evaluation).answers


def one_seed(run: Drawn, columns: list[int], places: Languages) -> Seeded:
    """Return the differences of some heads over some languages, honest also where few differ.

    As `dlfa.analysis.differences` does it for the page Evaluate; one seed says nothing of another.

    Args:
        run: whose first head is the baseline.
        columns: the heads' indices.
        places: the languages' indices.
    """
    found = (run.found - run.found[:1])[columns][:, places].mean(axis=1)
    apart = run.drawn[:, places][..., columns] - run.drawn[:, places][..., :1]
    renumbered = np.full(len(run.codes), -1)
    renumbered[places] = np.arange(len(places))
    groups, gains = renumbered[run.groups], run.gains[:, columns]
    low, high = over_groups(gains, groups, run.draws, apart)
    here = groups >= 0
    within = np.unique(run.draws.places[here], return_inverse=True)[1]
    counted = gains[here] if run.abreast else np.abs(gains[here])
    differing = (per_premise(counted, within) != 0).sum(axis=0)
    return Seeded(
        mean=found,
        low=low,
        high=high,
        p=p_values(apart.mean(axis=1), found, differing),
        seeds=1,
        between=np.full(len(columns), np.nan),
    )
