"""What a reader has to know before any number: warnings, arithmetic, what intervals are about."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.results import Report
from dlfa.ui.guard import literal
from dlfa.ui.pair import language_names

__all__ = ["show_notes"]


def show_notes(report: Report) -> None:
    """Show warnings, the verdict, and small print on intervals and on bfloat16."""
    for words in report.warnings:
        st.warning(literal(words), icon=":material/warning:")
    st.markdown(figures.report_verdict(report, names=language_names(report.accuracies.languages)))
    parts = [
        _(
            "evaluate.note.intervals",
            premises=f"{report.premises:,}",
            backbone=literal(report.provenance.backbone),
        )
    ]
    if flips := report.settings.get("flips"):
        parts.append(_flips(flips, report.provenance.dtype))
    st.caption(" ".join(parts))


def _flips(found: Mapping[str, Any], dtype: str) -> str:
    counts = {name: f"{found[name]:,}" for name in ("examples", "answers", "turned")}
    return _("evaluation.flips", dtype=dtype, farthest=f"{found['farthest']:.3f}", **counts)
