"""What a reader has to know before the numbers of a tagging task, in words."""

from collections.abc import Iterator

import numpy as np

from dlfa.analysis.suspicions import FEWEST
from dlfa.data.tasks import Metric, task
from dlfa.messages import _
from dlfa.results import TaggedEvaluation

__all__ = ["notes", "suspicions"]


def suspicions(evaluation: TaggedEvaluation) -> Iterator[str]:
    """Yield what is suspicious: numbers missing, part of a run, few sentences, words cut off."""
    faults = evaluation.settings.get("faults", ())
    if faults:
        yield _("evaluation.warning.faults.words", n=len(faults), example=faults[0])
    if not evaluation.complete:
        n, total = len(evaluation.ids), evaluation.settings["total"]
        yield _("evaluation.warning.partial", n=n, total=total)
    sentences = len(np.unique(evaluation.ids))
    if sentences < FEWEST:
        yield _("evaluation.warning.few.sentences", sentences=sentences)
    if cut := int(evaluation.cut.sum()):
        words = int(evaluation.sizes.sum())
        yield _("evaluation.warning.cut", cut=f"{cut:,}", words=f"{words:,}")


def notes(evaluation: TaggedEvaluation, metric: Metric) -> Iterator[str]:
    """Yield what the measure is, on which data, and which languages are not in it.

    Args:
        evaluation: at least one sentence.
        metric: that is told.
    """
    settings = evaluation.settings
    spans = any(label.startswith("B-") for label in evaluation.labels)
    if metric == "f1":
        yield _("evaluation.note.f1" if spans else "evaluation.note.f1.neighbours")
    if source := settings.get("source"):
        known = task(str(settings["task"]))
        split = settings["split"]
        usual = "test" in known.evaluation.splits and split == "validation"
        key = "evaluation.note.split.instead" if usual else "evaluation.note.split"
        yield _(key, split=split, source=source)
    if absent := settings.get("absent"):
        there = len(np.unique(evaluation.languages))
        yield _("evaluation.note.absent", there=there, absent=", ".join(absent))
