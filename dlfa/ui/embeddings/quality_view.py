"""The view of quality: how much of each space its map keeps."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.ui import chrome, inputs
from dlfa.ui.embeddings.layout import DIMS
from dlfa.ui.embeddings.looked import Looked, Shown
from dlfa.ui.embeddings.maps import METHODS, map_of, shown_map
from dlfa.ui.guard import literal

__all__ = ["show"]


def show(looked: Looked) -> Shown | None:
    """Show the view."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = inputs.one_of("method", METHODS, words="embeddings.method")
        dims = inputs.one_of("dims", DIMS, words="embeddings.dims")
    mapped = map_of(looked, method, int(dims))
    if mapped is None:
        return None
    st.info(literal(figures.map_verdict(mapped)), icon=":material/scatter_plot:")
    chrome.figure(
        figures.quality_curves,
        figures.describe_quality_curves,
        mapped,
        key="quality",
        caption=_("embeddings.quality.caption"),
        rows=partial(figures.quality_table, mapped),
    )
    return shown_map(mapped)
