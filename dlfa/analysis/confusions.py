"""What is answered where something else is right."""

import numpy as np

from dlfa.analysis.accuracies import by_language
from dlfa.results import Confusions, Evaluation, TaggedEvaluation

__all__ = ["confusions"]


def confusions(evaluation: Evaluation | TaggedEvaluation) -> Confusions:
    """Count pairs, or words, by head, language, right label and answer."""
    codes, groups = by_language(evaluation)
    if isinstance(evaluation, TaggedEvaluation):
        groups = np.repeat(groups, evaluation.sizes)
    labels = len(evaluation.labels)
    shape = len(codes), labels, labels
    rows = (groups * labels + evaluation.gold) * labels
    counts = [
        np.bincount((rows + said)[said >= 0], minlength=int(np.prod(shape))).reshape(shape)
        for said in evaluation.answers.T
    ]
    return Confusions(
        heads=evaluation.heads,
        languages=codes,
        labels=evaluation.labels,
        counts=np.array(counts),
    )
