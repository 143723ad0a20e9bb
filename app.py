"""Entry point: `streamlit run app.py`. The frame around the pages; no logic."""

from pathlib import Path

import streamlit as st

from dlfa.messages import _
from dlfa.ui import address, chrome, frame, pair, preload, share, words
from dlfa.ui.guard import guarded
from dlfa.ui.status import status

ASSETS = Path(__file__).parent / "assets"

preload.begin()
words.settle()
st.set_page_config(page_title=_("ui.title"), page_icon=str(ASSETS / "logo.svg"), layout="wide")
st.logo(ASSETS / "logo-wide.svg", icon_image=ASSETS / "logo.svg", size="large")
with guarded():  # the frame's own mistakes; the page has a guard of its own inside
    page = frame.navigation()
    chrome.style()
    address.arrive(page.url_path)
    with st.sidebar:
        chrome.model_choice()
        card, sharing = st.container(), st.container()
        words.language_switch()
    with guarded():
        page.run()
    with card:
        chrome.model_card()
        status()
    complete = address.publish(pair.own_texts())
    if not complete:
        share.too_long()
    with sharing:
        share.share(complete=complete)
