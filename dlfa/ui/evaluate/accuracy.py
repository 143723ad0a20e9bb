"""How often each head is right in each language, and on average."""

from functools import partial
from typing import Any

from dlfa import figures
from dlfa.messages import _
from dlfa.results import Report
from dlfa.ui import chrome, inputs
from dlfa.ui.evaluate.published import published
from dlfa.ui.evaluate.shown import Shown

__all__ = ["show"]

ORDERS = ("baseline", "alphabet")
SUBJECTS = ("accuracy", "difference")


def show(shown: Shown, report: Report) -> None:
    """Show the view.

    Args:
        shown: the run.
        report: what it says.
    """
    subjects = SUBJECTS if report.differences else SUBJECTS[:1]
    subject = inputs.one_of("subject", subjects, words="evaluate.subject")
    options: dict[str, Any] = {
        "names": shown.names,
        "subject": subject,
        "differences": report.differences,
        "partial": None if report.n >= report.total else (report.n, report.total),
        "published": published(shown),
    }
    chrome.figure(
        partial(figures.accuracy_heatmap, made=report.provenance, **options),
        partial(figures.describe_accuracy, **options),
        report.accuracies,
        key="accuracy",
        caption=_(f"evaluate.accuracy.caption.{subject}"),
        rows=partial(figures.accuracy_table, report.accuracies, report.provenance),
    )
