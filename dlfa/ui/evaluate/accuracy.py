"""How often each head is right in each language, and on average."""

from functools import partial
from typing import Any

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.results import Report
from dlfa.ui import chrome, inputs
from dlfa.ui.evaluate.published import published
from dlfa.ui.evaluate.shown import Shown

__all__ = ["show"]

ORDERS = ("baseline", "alphabet")
SUBJECTS = ("accuracy", "difference")
CORPUS = ("test", "validation")  # XNLI's own: three hypotheses to a premise


def show(shown: Shown, report: Report) -> None:
    """Show the view.

    Args:
        shown: the run.
        report: what it says.
    """
    subjects = SUBJECTS if report.differences else SUBJECTS[:1]
    subject = inputs.one_of("subject", subjects, words="evaluate.subject")
    theirs = published(shown)
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
    told = [_(f"evaluate.accuracy.caption.{subject}")]
    if subject == "accuracy":
        settings = shown.evaluation.settings
        if settings.get("task") == "xnli" and settings.get("split") in CORPUS:
            told.append(_("evaluate.accuracy.caption.premises"))
        told.append(_("evaluate.accuracy.caption.chance", labels=len(shown.evaluation.labels)))
        if published:
            told.append(_("evaluate.accuracy.caption.published"))
    return " ".join(told)
