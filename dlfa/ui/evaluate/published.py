"""Numbers that others published: another encoder's, in a column of their own."""

from collections.abc import Mapping

from dlfa.ui.evaluate.shown import Shown

__all__ = ["published"]


def published(shown: Shown, metric: str) -> Mapping[str, float] | None:
    """Return the published means in percent by head; None but for the same, complete test set.

    Of tagged words, whose mirror has no test set, also beside all of the validation set.

    Args:
        shown: the run.
        metric: that it is looked at by; others than the published one stand alone.
    """
    from dlfa.data.tasks import TASKS

    settings = shown.evaluation.settings
    task = TASKS.get(str(settings.get("task")))
    if task is None or task.published is None or metric != task.metrics[0]:
        return None
    if settings.get("split") not in ("test", *["validation"] * bool(shown.kind)):
        return None
    there = set(shown.evaluation.languages.tolist()) | set(settings.get("absent", ()))
    every = there == set(task.languages)
    if settings.get("limit") is not None or not every or not shown.evaluation.complete:
        return None
    return task.published.means
