"""Which head is held against the baseline."""

import streamlit as st

from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.ui import address

__all__ = ["chosen_head"]

FAVOURITE = "D_8"  # as on Gates


def chosen_head(known: tuple[str, ...]) -> str:
    """Show a model's fused heads and return the chosen one.

    Args:
        known: all its heads.
    """
    heads = tuple(head for head in known if head != BASELINE) or known
    first = FAVOURITE if FAVOURITE in heads else heads[-1]
    chosen = st.selectbox(
        _("robustness.head"),
        heads,
        index=heads.index(address.choice("head", heads, first)),
        format_func=head_word,
        key="head",
        help=_("robustness.head.help"),
        persist_state="session",
    )
    return str(chosen)
