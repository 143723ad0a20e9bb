"""What a reader has to know before any number: warnings, arithmetic, what intervals are about."""

import streamlit as st

from dlfa import figures
from dlfa.messages import of_task
from dlfa.results import Report
from dlfa.ui.guard import literal
from dlfa.ui.pair import language_names

__all__ = ["show_notes"]


def show_notes(report: Report) -> None:
    """Show warnings, the verdict, and small print on intervals and on bfloat16."""
    for words in report.warnings:
        st.warning(literal(words), icon=":material/warning:")
    st.markdown(figures.report_verdict(report, names=language_names(report.accuracies.languages)))
    for words in report.notes:
        st.caption(literal(words))
    tagged = report.accuracies.metric != "accuracy"
    parts = [
        of_task(
            "evaluate.note.intervals",
            "words" if tagged else report.provenance.task,
            premises=f"{report.premises:,}",
            backbone=literal(report.provenance.backbone),
        )
    ]
    if flips := report.settings.get("flips"):
        parts.append(figures.flips_words(flips, report.provenance.dtype))
    st.caption(" ".join(parts))
