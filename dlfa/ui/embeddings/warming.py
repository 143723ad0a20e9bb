"""Compile the layout of maps behind the page's first view, before anybody waits for it."""

from functools import cache
from threading import Thread

from streamlit import runtime

__all__ = ["warm_up"]


def warm_up() -> None:
    """Begin to compile in the background, once per server; returns at once.

    Called when a view is drawn, not before: compiling takes seconds of the processor's time, which
    the first view has more use for. Code kept from an earlier server is only read. Tests of single
    pages, which have no server, compile what they need themselves.
    """
    if runtime.exists() and isinstance(runtime.get_instance(), runtime.Runtime):
        _begin()


@cache
def _begin() -> None:
    Thread(target=_warm, name="warming", daemon=True).start()


def _warm() -> None:
    from dlfa.analysis.fits import warm  # with scipy: not while somebody waits for the page

    warm()
