"""What makes a gate: the sentence's part and the token's own."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.ui import chrome, inputs
from dlfa.ui.gates.chosen import SCALES, Looked, layout

__all__ = ["show"]


def show(looked: Looked) -> None:
    """Show the view."""
    gate, tokens = looked.gate, looked.sweep.tokens
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        scale = inputs.one_of("scale", SCALES, words="gates.scale")
    with right:
        options = layout(looked)
    options.pop("against_word")
    made = looked.sweep.provenance
    rows = partial(figures.branches_table, gate, tokens, made)
    chrome.figure(
        partial(figures.branch_balance, merged=options["merged"], made=made),
        figures.describe_branch_balance,
        gate,
        tokens,
        key="balance",
        caption=f"{_('gates.balance.caption')} {looked.cost}",
        rows=rows,
    )
    chrome.figure(
        partial(figures.branches, scale=scale, made=made, **options),
        figures.describe_branches,
        gate,
        tokens,
        key="branches",
        caption=f"{_('gates.branches.caption')} {looked.cost}",
        rows=rows,
    )
