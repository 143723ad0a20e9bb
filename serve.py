"""The app, its model loaded from the first second: `streamlit run serve.py`.

`streamlit run app.py` shows the same, but knows nothing of a model until a visitor is there.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from streamlit.starlette import App

from dlfa.ui import preload


@asynccontextmanager
async def lifespan(_app: App) -> AsyncIterator[None]:
    """Begin with the server."""
    preload.begin()
    yield


app = st.App("app.py", lifespan=lifespan)
