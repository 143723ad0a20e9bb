"""What a run has logged -> its curve."""

import numpy as np

from dlfa.data.tasks import TASKS
from dlfa.results.training import TrainingCurve
from dlfa.ui.train.runs import Run

__all__ = ["curve"]


def curve(run: Run) -> TrainingCurve | None:
    """Return a run's curve as far as it has come; None before its first step was told."""
    known = TASKS.get(str(run.settings.get("task")))
    batch = int(run.settings.get("recipe", {}).get("batch_size", 0))
    if known is None or not batch or not run.history:
        return None
    metric = known.chosen_by
    losses = [one for one in run.history if "loss" in one]
    looks = [one for one in run.history if f"eval_{metric}" in one]
    scores = [[one[f"eval_{metric}{end}"] for one in looks] for end in ("_baseline", "")]
    return TrainingCurve(
        metric=metric,
        total=batch * int(run.progress.get("steps") or run.history[-1]["step"]),
        seen=batch * _numbers([one["step"] for one in losses]),
        losses=_numbers([one["loss"] for one in losses]),
        looked=batch * _numbers([one["step"] for one in looks]),
        baseline=_numbers(scores[0]),
        mean=_numbers(scores[1]),
        evaluated=(count := _evaluated(looks)),
        intervals=_intervals(np.array(scores), count) if known.kind == "pair" else None,
    )


def _numbers(values: list[float]) -> np.ndarray:
    return np.array(values, dtype=float)


def _evaluated(looks: list[dict[str, float]]) -> int:
    """Return how many examples a look is of: what Trainer logs is its time and its pace."""
    last = looks[-1] if looks else {}
    return round(last.get("eval_runtime", 0.0) * last.get("eval_samples_per_second", 0.0))


def _intervals(scores: np.ndarray, count: int) -> np.ndarray | None:
    """Return Wilson's 95 % interval of each score; heads answer the same pairs, so that of their
    mean is no narrower than one head's.
    """
    if not count:
        return None
    from dlfa.analysis.statistics import wilson

    return np.stack([wilson(one, np.full(one.shape, float(count))) for one in scores])
