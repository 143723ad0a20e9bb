"""Load the default model from the server's first second, before anybody has asked for it."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from threading import Thread

from streamlit import runtime
from streamlit.starlette import App

from dlfa.errors import DlfaError

__all__ = ["begin", "lifespan"]

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_app: App) -> AsyncIterator[None]:
    """Begin with the server (see ``serve.py``)."""
    begin()
    yield


def begin() -> None:
    """Start loading in the background, once per server; returns at once.

    Whoever asks for the model meanwhile waits for this very load (see `dlfa.ui.turns.fetch`).
    Tests of single pages, which have no server, load what they need themselves.
    """
    if runtime.exists() and isinstance(runtime.get_instance(), runtime.Runtime):
        _begin()


@cache
def _begin() -> None:
    Thread(target=_load, name="preload", daemon=True).start()


def _load() -> None:
    from dlfa.ui.cache import model_names  # with the figures: not while the server starts
    from dlfa.ui.turns import fetch

    for name in model_names()[:1]:
        try:
            fetch(name)
        except DlfaError as error:  # the visitor who asks for it will read this
            log.warning("%s", error)
