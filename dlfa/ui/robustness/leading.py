"""From a flip to its pair on Predict."""

from functools import partial

import streamlit as st

from dlfa.results import BASELINE
from dlfa.ui.claims.leaving import leave
from dlfa.ui.pair import open_pair

__all__ = ["open_flip"]


def open_flip(pair: tuple[str, str], head: str, words: str) -> None:
    """Offer to open a perturbed pair on Predict, with the head's answer and the baseline's.

    Args:
        pair: premise and hypothesis.
        head: which answers otherwise.
        words: on the button.
    """
    act = partial(_leave, pair, head)
    st.button(words, key="open-predict", icon=":material/rule:", on_click=act)


def _leave(pair: tuple[str, str], head: str) -> None:
    open_pair(*pair)
    st.session_state["heads"] = list(dict.fromkeys((BASELINE, head)))
    leave("predict", {})
