"""What if the gate were another one? The answers before and after, beside what chance does."""

import streamlit as st

from dlfa.messages import _
from dlfa.ui import chrome, inputs
from dlfa.ui.guard import guarded
from dlfa.ui.pair import sentence_pair, unseen_pair
from dlfa.ui.session import session
from dlfa.ui.untrained import leading_on
from dlfa.ui.whatif.chosen import look_at
from dlfa.ui.whatif.views import VIEWS

chrome.header("whatif")
view = inputs.one_of("if_view", tuple(VIEWS), words="whatif.view")
st.caption(_(f"whatif.view.{view}.about"))
pair = unseen_pair() if view == "set" else sentence_pair(wide=True)
with guarded(), leading_on():
    looked = look_at(session().model, pair, view)
    if looked is not None:
        VIEWS[view](looked)
