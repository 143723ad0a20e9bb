"""How often each head is right in each language, and on average."""

from functools import partial
from typing import Any

import streamlit as st

from dlfa import figures
from dlfa.messages import _, of_task
from dlfa.results import Report
from dlfa.ui import chrome, inputs
from dlfa.ui.evaluate.published import published
from dlfa.ui.evaluate.shown import Shown

__all__ = ["show"]

ORDERS = ("baseline", "alphabet")
SUBJECTS = ("accuracy", "difference")
CORPUS = ("test", "validation")  # pairs that share a first sentence: of XNLI three each


def show(shown: Shown, report: Report) -> None:
    """Show the view.

    Args:
        shown: the run.
        report: what it says.
    """
    subjects = SUBJECTS if report.differences else SUBJECTS[:1]
    subject = inputs.one_of("subject", subjects, words="evaluate.subject")
    theirs = published(shown, report.accuracies.metric)
    options: dict[str, Any] = {
        "names": shown.names,
        "subject": subject,
        "differences": report.differences,
        "partial": None if report.n >= report.total else (report.n, report.total),
        "published": theirs,
    }
    chrome.figure(
        partial(figures.accuracy_heatmap, wide=_wide(), made=report.provenance, **options),
        partial(figures.describe_accuracy, **options),
        report.accuracies,
        key="accuracy",
        caption=_caption(shown, subject, published=theirs is not None),
        rows=partial(figures.accuracy_table, report.accuracies, report.provenance),
    )


def _wide() -> bool:
    """Return whether the picture has a desk's width; browsers on phones say "Mobi"."""
    return "Mobi" not in (st.context.headers.get("User-Agent") or "")


def _caption(shown: Shown, subject: str, *, published: bool) -> str:
    """Return what a reader needs for what is shown, and no more."""
    told = [of_task(f"evaluate.accuracy.caption.{subject}", shown.kind)]
    if subject == "accuracy" and not shown.kind:
        settings = shown.evaluation.settings
        if settings.get("split") in CORPUS:
            told.append(of_task("evaluate.accuracy.caption.premises", str(settings.get("task"))))
        told.append(_("evaluate.accuracy.caption.chance", labels=len(shown.evaluation.labels)))
    if subject == "accuracy" and published:
        told.append(of_task("evaluate.accuracy.caption.published", shown.kind))
    return " ".join(told)
