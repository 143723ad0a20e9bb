"""Which heads are better than the baseline, and whether that is more than chance."""

from functools import partial
from typing import Any

import streamlit as st

from dlfa import figures
from dlfa.messages import _, of_task
from dlfa.results import Report
from dlfa.ui import chrome
from dlfa.ui.evaluate.heads import chosen_head
from dlfa.ui.evaluate.shown import Shown

__all__ = ["show"]


def show(shown: Shown, report: Report) -> None:
    """Show the view.

    Args:
        shown: the run.
        report: what it says.
    """
    found = report.differences
    if found is None:
        st.info(_("evaluate.differences.none"), icon=":material/compare_arrows:")
        return
    chrome.figure(
        partial(figures.difference_forest, made=report.provenance),
        figures.describe_difference_forest,
        found,
        key="differences",
        caption=of_task("evaluate.differences.caption", shown.kind, draws=f"{found.draws:,}"),
        rows=partial(figures.differences_table, found, report.provenance),
    )
    head = chosen_head(report)
    if head in found.heads and len(found.languages) > 1:
        options: dict[str, Any] = {"head": head, "names": shown.names}
        chrome.figure(
            partial(figures.difference_forest, made=report.provenance, **options),
            partial(figures.describe_difference_forest, **options),
            found,
            key="languages",
            caption=_("evaluate.differences.languages"),
            rows=partial(figures.differences_table, found, report.provenance),
        )
    _stability(shown, report)


def _stability(shown: Shown, report: Report) -> None:
    if not report.stability:
        return
    st.subheader(_("evaluate.stability.title"), anchor=False)
    split = str(report.settings.get("split"))
    for found in report.stability:
        st.markdown(figures.stability_verdict(found, report.differences, split=split))
        chrome.figure(
            partial(figures.stability_bars, made=report.provenance),
            figures.describe_stability,
            found,
            key=f"stability-{found.kind}",
            caption=of_task("evaluate.stability.caption", shown.kind, draws=f"{found.draws:,}"),
            rows=partial(figures.stability_table, found, report.provenance),
        )
