"""Which head the views look at."""

from dlfa.messages import _
from dlfa.results import BASELINE, Report
from dlfa.ui import inputs

__all__ = ["chosen_head"]


def chosen_head(report: Report, heads: tuple[str, ...] = ()) -> str:
    """Show heads and return the chosen one: at first the best fused one.

    Args:
        report: what the run says.
        heads: some of the run's; all if none are named.
    """
    average = dict(zip(report.accuracies.heads, report.accuracies.average.tolist(), strict=True))
    heads = heads or report.accuracies.heads
    best = max(heads, key=lambda head: (head != BASELINE, average[head]))
    return inputs.head(heads, best, _("evaluate.head"), _("evaluate.head.help"))
