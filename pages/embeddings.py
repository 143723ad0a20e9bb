"""Sentences of many languages in every layer of an encoder: see them, and measure beside it."""

import streamlit as st

from dlfa.messages import _
from dlfa.ui import chrome, inputs
from dlfa.ui.embeddings import map_view, measure_view, probe_view, quality_view, tree_view
from dlfa.ui.embeddings.code import code
from dlfa.ui.embeddings.command import command
from dlfa.ui.embeddings.encoders import chosen_encoder
from dlfa.ui.embeddings.left_out import tell_left_out
from dlfa.ui.embeddings.looked import look_at
from dlfa.ui.embeddings.sets import chosen_set, sentences_of
from dlfa.ui.embeddings.warming import warm_up
from dlfa.ui.guard import guarded
from dlfa.ui.session import session

VIEWS = {
    "map": map_view.show,
    "quality": quality_view.show,
    "measures": measure_view.show,
    "probes": probe_view.show,
    "languages": tree_view.show,
}

chrome.header("embeddings")
with guarded():
    left, right = st.columns([2, 3])
    with left:
        encoder = chosen_encoder(session().model)
    with right:
        name = chosen_set()
    file = st.container()  # a visitor's, above what is chosen of it
    row = st.container(horizontal=True, vertical_alignment="bottom")
    sentences = sentences_of(name, file, row)
    if sentences is not None:
        looked = look_at(encoder, sentences, row)
        view = inputs.one_of("spaces", tuple(VIEWS), words="embeddings.view")
        st.caption(_(f"embeddings.view.{view}.about"))
        with guarded():
            shown = VIEWS[view](looked)
            if shown is not None:
                tell_left_out(looked, shown)
                lines = code(looked, shown)
                chrome.reproduce(shown.provenance, lines, "python", command=command(looked, shown))
                warm_up()
