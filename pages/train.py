"""Train heads from the page: choose, start, watch, and use the result on every page."""

import streamlit as st

from dlfa.messages import _
from dlfa.policy import policy
from dlfa.ui import chrome
from dlfa.ui.guard import guarded
from dlfa.ui.train.earlier import ended, follow, show_runs
from dlfa.ui.train.live import watch
from dlfa.ui.train.new import new_run
from dlfa.ui.train.runs import runs

follow()
chrome.header("train")
allowed = policy().training
going = [run.name for run in runs() if run.under_way] if allowed else []
for name in going:
    watch(name)
busy = ended(going) or bool(going)  # what a visitor has waited for stands first
with guarded():
    with st.expander(_("train.new"), expanded=not busy, icon=":material/add_circle:"):
        new_run(allowed=allowed)
    if allowed:
        st.subheader(_("train.runs.title"), anchor=False)
        show_runs()
