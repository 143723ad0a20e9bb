"""What of a link or a session file could not be used: named on the page, once."""

from collections.abc import Sequence

import streamlit as st

from dlfa.messages import _
from dlfa.ui.guard import literal

__all__ = ["tell_ignored"]

LONGEST_SHOWN = 40  # characters of a visitor's parameter that are shown back
SHOWN = 5  # parameters that are shown back: a file may hold any number


def tell_ignored(names: Sequence[str], source: str) -> None:
    """Say which keys were ignored, if any.

    Args:
        names: as they came in.
        source: ``"link"`` or ``"file"``.
    """
    if not names:
        return
    said = ", ".join(literal(name[:LONGEST_SHOWN]) for name in names[:SHOWN])
    if more := len(names[SHOWN:]):
        said = _("ui.address.ignored.more", names=said, more=more)
    words = _(f"ui.address.ignored.{source}", names=said)
    st.toast(words, icon=":material/link_off:", duration="long")
