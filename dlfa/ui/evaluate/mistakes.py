"""What is answered where something else is right."""

from functools import partial
from typing import Any

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.results import Report
from dlfa.ui import chrome
from dlfa.ui.evaluate.heads import chosen_head
from dlfa.ui.evaluate.languages import EVERY, one_language
from dlfa.ui.evaluate.shown import Shown

__all__ = ["show"]


def show(shown: Shown, report: Report) -> None:
    """Show the view.

    Args:
        shown: the run.
        report: what it says.
    """
    left, right = st.columns(2)
    with left:
        head = chosen_head(report)
    with right:
        code = one_language(shown)
    found = report.confusions
    options: dict[str, Any] = {
        "head": head,
        "language": None if code == EVERY else code,
        "names": shown.names,
    }
    st.markdown(figures.confusion_verdict(found, **options))
    chrome.figure(
        partial(figures.confusion_matrices, **options),
        partial(figures.describe_confusions, **options),
        found,
        key="mistakes",
        caption=_("evaluate.mistakes.caption"),
        rows=partial(figures.confusions_table, found, report.provenance),
    )
