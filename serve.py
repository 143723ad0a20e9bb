"""The app with its model loaded from the first second: `streamlit run serve.py`, as `make app` does.

`streamlit run app.py` shows the same, but knows nothing of a model until a visitor is there.
"""

import streamlit as st

from dlfa.ui.preload import lifespan

app = st.App("app.py", lifespan=lifespan)
