"""By which measure tagged words are looked at."""

from typing import TYPE_CHECKING

from dlfa.ui import inputs
from dlfa.ui.evaluate.shown import Shown

if TYPE_CHECKING:
    from dlfa.data.tasks import Metric

__all__ = ["chosen_metric"]


def chosen_metric(shown: Shown) -> "Metric":
    """Show the measures of a run's task, where it has several, and return the chosen one."""
    from dlfa.analysis.reports import metrics

    offered = metrics(shown.evaluation)
    if len(offered) < 2:
        return offered[0]
    return inputs.one_of("metric", offered, words="evaluate.metric")
