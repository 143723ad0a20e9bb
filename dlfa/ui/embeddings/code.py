"""How to make a view's numbers again: a few lines of Python."""

import streamlit as st

from dlfa.ui.embeddings.looked import Looked

__all__ = ["code"]


def code(view: str, looked: Looked) -> str:
    """Return the lines that make a view's numbers.

    Args:
        view: its code.
        looked: what it looks at.
    """
    return "\n".join(["import dlfa"])
