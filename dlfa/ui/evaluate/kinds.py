"""Accuracy by kind of pair: length, word overlap, negation, genre."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.results import BASELINE, Report
from dlfa.ui import chrome, inputs
from dlfa.ui.evaluate.heads import chosen_head
from dlfa.ui.evaluate.shown import Shown

__all__ = ["show"]


def show(shown: Shown, report: Report) -> None:
    """Show the view.

    Args:
        shown: the run.
        report: what a run says.
    """
    slices = {found.by: found for found in report.slices}
    if "genre" not in slices:
        named = bool((shown.pairs.genres != "").any())
        st.caption(_("evaluate.kinds.genre.one" if named else "evaluate.kinds.genre.none"))
    if not slices:
        st.info(_("evaluate.kinds.none"), icon=":material/category:")
        return
    head = chosen_head(report)
    by = inputs.one_of("kind", tuple(slices), words="evaluate.kind")
    found = slices[by]
    heads = [name for name in dict.fromkeys((BASELINE, head)) if name in found.heads]
    chrome.figure(
        partial(figures.slices_plot, heads=heads, made=report.provenance),
        partial(figures.describe_slices, heads=heads),
        found,
        key="kinds",
        caption=_(f"evaluate.kinds.caption.{by}"),
        rows=partial(figures.slices_table, found, report.provenance),
    )
