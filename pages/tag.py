"""Tag the words of typed text, and see where a fused layer says something else."""

import streamlit as st

from dlfa.messages import _
from dlfa.ui import cache, chrome, inputs
from dlfa.ui.guard import guarded
from dlfa.ui.session import session
from dlfa.ui.tag.chosen import chosen_heads, close_up
from dlfa.ui.tag.code import code
from dlfa.ui.tag.running import show_text
from dlfa.ui.tag.sentences import typed_text
from dlfa.ui.tag.views import VIEWS
from dlfa.ui.untrained import leading_on

chrome.header("tag")
typed = typed_text()
with guarded(), leading_on():
    model = session().model
    taggings = cache.taggings(model, typed.lines)
    if typed.left_out:
        st.warning(_("tag.left_out", shown=len(taggings), left=typed.left_out))
    heads = chosen_heads(taggings[0].heads)
    show_text(taggings, heads)
    view = inputs.one_of("tagged", tuple(VIEWS), words="tag.view")
    st.caption(_(f"tag.view.{view}.about"))
    looked = close_up(model, taggings, heads, every=view == "table")
    VIEWS[view](looked)
    lines, language = code(view, looked)
    chrome.reproduce(taggings[0].provenance, lines, language)
