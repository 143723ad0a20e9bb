"""In what a run over sentence pairs and one over tagged sentences differ."""

from collections.abc import Sequence
from typing import Any

from dlfa.analysis.answered import Answered
from dlfa.analysis.batched import TRAINED, Batched
from dlfa.analysis.kept import Kept
from dlfa.analysis.passes import Passes
from dlfa.analysis.predict import Predictor
from dlfa.analysis.tag_answered import TagAnswered
from dlfa.analysis.tag_passes import TagPasses
from dlfa.data.labelled import Labelled
from dlfa.data.tagged import Tagged

__all__ = ["Examples", "kept_of", "passes_of"]

Examples = Sequence[Labelled] | Sequence[Tagged]


def passes_of(
    predictor: Predictor,
    examples: Sequence[Any],
    heads: Sequence[str],
    changes: Sequence[str] = TRAINED,
    *,
    seed: int = 0,
    max_length: int | None = None,
) -> Batched[Any, Any]:
    """Return how examples of the model's task go through it; see `Passes` and `TagPasses`."""
    if predictor.tagging:
        return TagPasses(predictor, examples, heads, changes, max_length=max_length)
    return Passes(predictor, examples, heads, changes, seed=seed, max_length=max_length)


def kept_of(
    predictor: Predictor, examples: Sequence[Any], changes: Sequence[str], heads: Sequence[str]
) -> Kept[Any, Any]:
    """Return what will be known of examples of the model's task."""
    if predictor.tagging:
        return TagAnswered(examples, len(heads))
    return Answered(examples, len(changes), len(heads), len(predictor.labels))
