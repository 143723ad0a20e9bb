"""From a pair on Predict to what looks closer at it: one click each, the pair comes along."""

from functools import partial

import streamlit as st

from dlfa.messages import _
from dlfa.ui.claims.leaving import leave
from dlfa.ui.frame import PAGES

__all__ = ["look_further"]

VIEWS = {  # what of a page is about one pair
    "attribution": {},
    "whatif": {"if_view": "pair"},
    "robustness": {"robust": "pair"},
}


def look_further() -> None:
    """Offer the pages that take the pair that is on this one."""
    with st.container(horizontal=True):
        for page, view in VIEWS.items():
            st.button(
                _(f"predict.further.{page}"),
                key=f"further-{page}",
                icon=PAGES[page],
                on_click=partial(leave, page, view),
            )
