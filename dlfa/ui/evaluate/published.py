"""Numbers that others published: another encoder's, in a column of their own."""

from collections.abc import Mapping

from dlfa.ui.evaluate.shown import Shown

__all__ = ["published"]


def published(shown: Shown) -> Mapping[str, float] | None:
    """Return the published means in percent by head; None but for the same, complete test set."""
    from dlfa.data.tasks import TASKS

    settings = shown.evaluation.settings
    task = TASKS.get(str(settings.get("task")))
    if settings.get("split") != "test" or task is None or task.published is None:
        return None
    every = set(shown.evaluation.languages.tolist()) == set(task.languages)
    if settings.get("limit") is not None or not every or not shown.evaluation.complete:
        return None
    return task.published.means
