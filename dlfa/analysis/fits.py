"""Fits take turns: one at a time in this process, and the compiler warmed before the first.

A fit runs on one thread, in its caller's: nothing of it can fall over as numba's thread layers do
when two threads enter them at once, and there is no worker process to lose. It gives way to other
threads while it computes. The lock is for the machine's sake and for libraries (cuML) that promise
nothing about threads.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread

from dlfa.analysis.layout import compiled
from dlfa.errors import BusyError

__all__ = ["turn", "warm"]

PATIENCE = 600.0  # seconds that a visitor waits for the fits of others
LOOK = 0.1  # seconds between two looks at whether somebody still waits

_fitting = Lock()


@contextmanager
def turn(stop: Callable[[], bool] = lambda: False) -> Iterator[bool]:
    """Hold the right to fit while the block runs; gives whether there is one, false if stopped.

    Args:
        stop: asked while waiting: whether nobody wants it any more.

    Raises:
        BusyError: others have been fitting for `PATIENCE` seconds.
    """
    until = time.monotonic() + PATIENCE
    while not _fitting.acquire(timeout=LOOK):
        if stop():
            yield False
            return
        if time.monotonic() > until:
            raise BusyError("error.maps.busy", minutes=round(PATIENCE / 60))
    try:
        yield not stop()
    finally:
        _fitting.release()


def warm() -> Thread:
    """Begin to compile in the background, so that the first fit need not; returns the thread."""
    thread = Thread(target=compiled, name="compiling the layout", daemon=True)
    thread.start()
    return thread
