"""From a claim to the page that shows what it is about, with the view already chosen."""

from collections.abc import Mapping

import streamlit as st

from dlfa.ui import address

__all__ = ["follow", "leave"]

_LEAVING = "claims_leave_for"  # in the session


def follow() -> None:
    """Go where a button of the last run of the page led."""
    if page := st.session_state.pop(_LEAVING, ""):
        st.switch_page(f"pages/{page}.py")


def leave(page: str, view: Mapping[str, str]) -> None:
    """Take a view along to another page; in a callback.

    Args:
        page: its name.
        view: its choices, by their keys in a link.
    """
    for key in view:
        st.session_state.pop(key, None)  # what was chosen there earlier
    address.bring({key: [value] for key, value in view.items()}, [])
    st.session_state[_LEAVING] = page
