"""The paper's tables, published and measured: every number with its interval and its record."""

import streamlit as st

from dlfa.messages import _
from dlfa.ui import chrome, inputs
from dlfa.ui.guard import guarded
from dlfa.ui.results import (
    choice,
    cost,
    layers,
    table_four,
    table_one,
    table_three,
    table_two,
)
from dlfa.ui.results.columns import chosen_columns
from dlfa.ui.results.verdict import show_verdict

VIEWS = {
    "table1": table_one.show,
    "table2": table_two.show,
    "table3": table_three.show,
    "table4": table_four.show,
    "layers": layers.show,
    "choice": choice.show,
    "cost": cost.show,
}

chrome.header("results")
with guarded():
    columns = chosen_columns()
    show_verdict(columns)
    view = inputs.one_of("table", tuple(VIEWS), words="results.view")
    st.caption(_(f"results.view.{view}.about"))
    with guarded():
        VIEWS[view](columns)
