"""Heads side by side: the same words, label and method."""

import streamlit as st

from dlfa.figures.head_scores import describe_head_scores, head_scores, head_scores_table
from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.ui import address, chrome
from dlfa.ui.attribution.asked import NEAR, Asked
from dlfa.ui.attribution.making import side_by_side
from dlfa.ui.attribution.words_view import cost, show_gap, show_texts

__all__ = ["beside", "show"]


def show(asked: Asked) -> bool:
    """Show the view; return whether what it asks for can be asked."""
    heads = (asked.head, *beside(asked))
    found = side_by_side(asked, heads)
    if found is None:
        return True
    show_gap(max(one.gap for one in found))
    show_texts(found)
    sums = (sum(one.passes for one in found), sum(one.steps for one in found))
    took = cost(*sums, sum(one.milliseconds for one in found))
    chrome.figure(
        head_scores,
        describe_head_scores,
        found,
        key="head-scores",
        caption=f"{_('attribution.heads.caption')} {took}",
        rows=lambda: head_scores_table(found),
    )
    return True


def beside(asked: Asked) -> tuple[str, ...]:
    """Show which heads stand beside the chosen one, and return them in order."""
    others = [head for head in asked.heads if head != asked.head]
    default = [head for head in (BASELINE, f"{asked.head}_aff") if head in others]
    first = address.many("near", others, default)
    chosen = st.multiselect(
        _("attribution.near"),
        others,
        default=first[:NEAR],
        max_selections=NEAR,
        format_func=head_word,
        key="near",
        persist_state="session",
    )
    return tuple(head for head in others if head in chosen)
