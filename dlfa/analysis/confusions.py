"""What is answered where something else is right."""

import numpy as np

from dlfa.analysis.accuracies import by_language
from dlfa.results import Confusions, Evaluation

__all__ = ["confusions"]


def confusions(evaluation: Evaluation) -> Confusions:
    """Count examples by head, language, right label and answer."""
    codes, groups = by_language(evaluation)
    labels = len(evaluation.labels)
    shape = len(codes), labels, labels
    cells = (groups * labels + evaluation.gold)[:, None] * labels + evaluation.answers
    answered = evaluation.answers >= 0
    counts = [
        np.bincount(cells[answered[:, head], head], minlength=int(np.prod(shape))).reshape(shape)
        for head in range(len(evaluation.heads))
    ]
    return Confusions(
        heads=evaluation.heads,
        languages=codes,
        labels=evaluation.labels,
        counts=np.array(counts),
    )
