"""Do answers survive small changes of the sentences? One pair closely, or a whole set measured."""

import streamlit as st

from dlfa.messages import _
from dlfa.ui import chrome, inputs
from dlfa.ui.claims.leaving import follow
from dlfa.ui.guard import guarded
from dlfa.ui.robustness import pair_view, set_view
from dlfa.ui.session import session
from dlfa.ui.untrained import leading_on

VIEWS = {"pair": pair_view.show, "set": set_view.show}

follow()
chrome.header("robustness")
view = inputs.one_of("robust", tuple(VIEWS), words="robustness.view")
st.caption(_(f"robustness.view.{view}.about"))
with guarded(), leading_on():
    VIEWS[view](session().model)
