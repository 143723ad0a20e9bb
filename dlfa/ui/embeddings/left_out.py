"""Which spaces of an encoder the views leave out, and why."""

from collections.abc import Sequence

import streamlit as st

from dlfa.messages import _
from dlfa.results import head_gate
from dlfa.ui.embeddings.looked import Looked, Shown
from dlfa.ui.task import heads_of

__all__ = ["tell_left_out"]


def tell_left_out(looked: Looked, shown: Shown) -> None:
    """Say which spaces a view did not show, if any.

    Args:
        looked: what it looked at.
        shown: what it showed.
    """
    heads = () if looked.encoder.raw else heads_of(looked.encoder.name)
    fusing = [head for head in heads if head_gate(head) is not None]
    words = _left_out(shown.spaces, fusing)
    if words:
        st.caption(words)


def _left_out(spaces: Sequence[str], heads: Sequence[str]) -> str:
    """Return the words; the last layer is always there, so that it tells how many there are.

    Args:
        spaces: shown.
        heads: that fuse, each a space.
    """
    layers = [int(space) for space in spaces if space.isdigit()]
    if layers != list(range(layers[-1] + 1)):
        return _("embeddings.left_out.layers", layers=", ".join(map(str, layers)))
    missing = [head for head in heads if head not in spaces]
    if any(head_gate(head) == "paper" for head in missing):
        return _("embeddings.left_out.fused")
    return _("embeddings.left_out.aff", spaces=len(missing)) if missing else ""
