"""From a pair on Predict to what small changes do to it, and back from a flip."""

from functools import partial

import streamlit as st

from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.ui.claims.leaving import leave
from dlfa.ui.pair import open_pair

__all__ = ["open_flip", "to_robustness"]


def to_robustness() -> None:
    """Offer to perturb the pair that is on the page; the page follows by itself."""
    st.button(
        _("robustness.from_predict"),
        key="open-robustness",
        icon=":material/shield:",
        on_click=partial(leave, "robustness", {"robust": "pair"}),
    )


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
