"""Look into the gates: what each fusion layer takes from below, beside what chance draws."""

import streamlit as st

from dlfa.messages import _
from dlfa.ui import chrome
from dlfa.ui.gates import effect, layer, layers, sets, source, translation
from dlfa.ui.gates.chosen import look_at
from dlfa.ui.gates.code import code
from dlfa.ui.guard import guarded
from dlfa.ui.pair import sentence_pair
from dlfa.ui.session import session
from dlfa.ui.untrained import leading_on

VIEWS = {
    "layer": layer.show,
    "source": source.show,
    "layers": layers.show,
    "translation": translation.show,
    "effect": effect.show,
    "set": sets.show,
}


# No fragment: while one computes, Streamlit lets no click in it through.
chrome.header("gates")
pair = sentence_pair(wide=True)
with guarded(), leading_on():
    view, looked = look_at(session().model, pair)
    st.caption(_(f"gates.view.{view}.about"))
    VIEWS[view](looked)
    chrome.reproduce(looked.sweep.provenance, code(view, looked), "python")
