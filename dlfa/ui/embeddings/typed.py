"""Sentences that a visitor types, to be placed into the map."""

from collections.abc import Collection

import streamlit as st

from dlfa.messages import _
from dlfa.results import SentenceSet
from dlfa.ui import address

__all__ = ["typed_sentences"]

MOST = 50  # lines


def typed_sentences(expected: Collection[str]) -> SentenceSet | None:
    """Show the field and return its sentences, a line each; None while there are none.

    Args:
        expected: languages that they are likely to be in: the map's.

    Raises:
        TextError: an over-long line, or one that is not text.
    """
    st.text_area(
        _("embeddings.typed"),
        address.text("typed"),
        key="typed",
        height=80,
        help=_("embeddings.typed.help", most=MOST),
        placeholder=_("embeddings.typed.placeholder"),
        persist_state="session",
    )
    lines = [line for line in str(st.session_state.get("typed") or "").splitlines() if line.strip()]
    if lines[MOST:]:
        st.warning(_("embeddings.typed.more", most=MOST, left=len(lines) - MOST))
    if not lines:
        return None
    from dlfa.data.sentence_sets import typed

    return typed(lines[:MOST], expected)
