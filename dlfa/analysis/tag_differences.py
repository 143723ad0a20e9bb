"""Does a head tag better than the baseline, or than in another run? Sentence by sentence."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.analysis.accuracies import by_language
from dlfa.analysis.differences import tested
from dlfa.analysis.matching import matched
from dlfa.analysis.statistics import DRAWS, per_premise
from dlfa.analysis.tag_measures import TagMeasure, tag_averages, tag_measure
from dlfa.data.tasks import Metric
from dlfa.results import BASELINE, Differences, RunComparison, TaggedEvaluation

__all__ = ["compare_tags", "tags_to_baseline"]


class Side(NamedTuple):
    """Some heads of a measured evaluation: one side of a difference."""

    evaluation: TaggedEvaluation
    measure: TagMeasure
    columns: list[int]

    @property
    def found(self) -> Float[np.ndarray, "head language"]:
        """The measure."""
        return self.measure.found[self.columns]

    @property
    def drawn(self) -> Float[np.ndarray, "draw language head"]:
        """The measure in every draw."""
        return self.measure.drawn[..., self.columns]

    @property
    def worth(self) -> Float[np.ndarray, "sentence head"]:
        """How well each sentence is tagged."""
        return self.measure.worth[:, self.columns]

    @property
    def right(self) -> Bool[np.ndarray, "word head"]:
        """Which words are tagged right."""
        return self.evaluation.right[:, self.columns]


def tags_to_baseline(evaluation: TaggedEvaluation, measure: TagMeasure) -> Differences | None:
    """Return every fused head's difference to the baseline; None without either.

    Args:
        evaluation: what was measured.
        measure: of it.
    """
    columns = [at for at, head in enumerate(evaluation.heads) if head != BASELINE]
    if BASELINE not in evaluation.heads or not columns:
        return None
    alone = [evaluation.heads.index(BASELINE)]
    first, second = (Side(evaluation, measure, each) for each in (columns, alone))
    return _differences(first, second, BASELINE)


def compare_tags(
    first: TaggedEvaluation,
    second: TaggedEvaluation,
    names: tuple[str, str],
    metric: Metric | None = None,
    *,
    draws: int = DRAWS,
) -> RunComparison:
    """Compare two runs on the sentences, languages and heads that they have in common.

    Args:
        first: one run.
        second: another, of the same data.
        names: what they are called.
        metric: one of the task's; its first by default.
        draws: of the bootstrap, the same sentences for both.

    Raises:
        RunError: they have nothing in common, or are of other data.
    """
    parts = matched(first, second)
    measures = [tag_measure(part, metric, draws) for part in parts]
    every = list(range(len(parts[0].heads)))
    one, other = (Side(*each, every) for each in zip(parts, measures, strict=True))
    changed = parts[0].answers != parts[1].answers
    return RunComparison(
        names=names,
        n=len(parts[0].ids),
        first=tag_averages(one.evaluation, one.measure),
        second=tag_averages(other.evaluation, other.measure),
        differences=_differences(one, other, names[1]),
        turned=_by_language(parts[0], changed),
        provenance=(parts[0].provenance, parts[1].provenance),
    )


def _differences(first: Side, second: Side, reference: str) -> Differences:
    """First minus second, over the same sentences in the same draws."""
    about, draws = first.evaluation, first.measure.draws
    each, drawn = first.found - second.found, first.drawn - second.drawn
    gains = np.sign(first.worth - second.worth).astype(np.int8)
    differing = (per_premise(np.abs(gains), draws.places) != 0).sum(axis=0)
    right, other = first.right, second.right
    return Differences(
        metric=first.measure.metric,
        heads=tuple(about.heads[at] for at in first.columns),
        reference=reference,
        languages=first.measure.codes,
        mcnemar=np.full(each.shape, np.nan),
        only_head=_by_language(about, right & ~other),
        only_reference=_by_language(about, other & ~right),
        **tested(each, drawn, gains, by_language(about)[1], draws, differing),
    )


def _by_language(
    about: TaggedEvaluation, words: Bool[np.ndarray, "word head"]
) -> Int[np.ndarray, "head language"]:
    """Count marked words, language by language."""
    groups = np.repeat(by_language(about)[1], about.sizes)
    return np.array([words[groups == at].sum(0) for at in range(int(groups.max()) + 1)]).T
