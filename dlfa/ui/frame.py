"""The list of pages, and the way to each of them through `app.py`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dlfa.data.tasks import Kind
from dlfa.messages import _

if TYPE_CHECKING:
    from streamlit.navigation.page import Page

__all__ = ["KINDS", "PAGES", "navigation", "through_the_door"]

PAGES = {  # the first is the start page
    "predict": ":material/rule:",
    "gates": ":material/tune:",
    "attribution": ":material/psychology_alt:",
    "whatif": ":material/alt_route:",
    "robustness": ":material/shield:",
    "tag": ":material/label:",
    "embeddings": ":material/scatter_plot:",
    "evaluate": ":material/leaderboard:",
    "results": ":material/table_chart:",
    "claims": ":material/gavel:",
    "train": ":material/model_training:",
}
KINDS: dict[str, Kind] = {
    "predict": "pair",
    "gates": "pair",
    "attribution": "pair",
    "whatif": "pair",
    "robustness": "pair",
    "tag": "tagging",
}
"""Of the models that a page asks; the other pages ask any."""
_ENTERED = "entered"


def navigation() -> "Page":
    """Declare the pages and return the one that was asked for."""
    st.session_state[_ENTERED] = True
    return _declare(PAGES)


def _declare(icons: Mapping[str, str | None]) -> "Page":
    first = next(iter(icons))
    return st.navigation(
        [
            st.Page(f"pages/{name}.py", title=_(f"{name}.nav"), icon=icon, default=name == first)
            for name, icon in icons.items()
        ]
    )


def through_the_door() -> None:
    """Start again in `app.py` if this run began in a page's own file.

    Until `st.navigation` was called once in a process, Streamlit takes a ``pages/`` folder for its
    old kind of pages: whoever opens a link to a page first would see it without its frame.
    """
    if not st.session_state.pop(_ENTERED, False):
        # Without icons: a page's icon becomes the favicon, from Google, unless app.py chose one.
        _declare(dict.fromkeys(PAGES))
        st.rerun()
