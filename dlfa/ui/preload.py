"""Load the default model before anybody has asked for it."""

import logging
from functools import cache
from threading import Thread

from streamlit import runtime

from dlfa.errors import DlfaError
from dlfa.ui import collecting

__all__ = ["begin"]

log = logging.getLogger(__name__)


def begin() -> None:
    """Start loading in the background, once per server; returns at once.

    Whoever asks for the model meanwhile waits for this very load (see `dlfa.ui.loading.fetch`).
    Tests of single pages, which have no server, load what they need themselves.
    """
    if runtime.exists() and isinstance(runtime.get_instance(), runtime.Runtime):
        _begin()


@cache
def _begin() -> None:
    collecting.watch()
    Thread(target=_load, name="preload", daemon=True).start()


def _load() -> None:
    from dlfa.ui.cache import model_names  # with the figures: not while the server starts
    from dlfa.ui.loading import fetch

    for name in model_names()[:1]:
        try:
            fetch(name)
        except DlfaError as error:  # the visitor who asks for it will read this
            log.warning("%s", error)
