"""Which layer helps in which language, and on average."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.results import AVERAGE, Measured
from dlfa.ui import chrome
from dlfa.ui.pair import language_names
from dlfa.ui.results.behind import show_behind
from dlfa.ui.results.columns import Columns
from dlfa.ui.results.words import chosen_group, chosen_head, chosen_task, tell_none

__all__ = ["show"]


def show(columns: Columns) -> None:
    """Show the view."""
    task = chosen_task()
    looked = [found for found in columns.found[task] if found.fused]
    for at, found in enumerate(looked):
        _pictures(found, at)
    if not looked:
        tell_none(task)
        return
    left, right = st.columns(2)
    with left:
        head = chosen_head({name: head_word(name) for name in looked[0].heads})
    with right:
        group = chosen_group([AVERAGE, *looked[0].languages])
    show_behind(columns, task, head, group)


def _pictures(found: Measured, at: int) -> None:
    names = language_names(found.languages)
    rows = partial(figures.measured_rows, found, [AVERAGE, *found.languages], list(found.fused))
    heat, forest = st.columns([3, 2])
    with heat:
        chrome.figure(
            partial(figures.layer_heatmap, names=names),
            partial(figures.describe_layer_heatmap, names=names),
            found,
            key=f"layers-{at}",
            caption=_("results.caption.heat"),
            rows=rows,
        )
    with forest:
        chrome.figure(
            figures.average_forest,
            figures.describe_average_forest,
            found,
            key=f"averages-{at}",
            caption=_("results.caption.forest", draws=f"{found.draws:,}"),
            rows=rows,
        )
