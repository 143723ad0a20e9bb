"""Python's garbage collection, kept short: it runs after every script and holds up everybody.

Streamlit collects when a script ends, also when a part of a page looks at what goes on in the
background, twice a second. With torch, transformers and numba imported there are over a million
objects that never go away; walking through them takes a third of a second, in which no other thread
runs. Measured on two cores: of a minute in which claims were judged behind a bar, half went there.
"""

import gc
import time
from functools import cache

__all__ = ["Shortened", "watch"]

LONG = 0.05  # seconds that a collection may take
MOST = 20  # times that what has survived is set aside


class Shortened:
    """Sets aside what survived a long collection: later ones pass over it.

    What is set aside is never looked at again, so that a cycle of objects that dies later stays in
    memory. Imports are what makes collections long, and they end: after ``MOST`` times nothing is
    set aside any more, and a server that runs for weeks loses no more than at the beginning.
    """

    def __init__(self) -> None:
        self.left = MOST
        self._began = 0.0

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        """Be told of a collection, see `gc.callbacks`."""
        if info["generation"] < 2:
            return
        if phase == "start":
            self._began = time.perf_counter()
        elif time.perf_counter() - self._began > LONG and self.left:
            self.left -= 1
            gc.freeze()


@cache
def watch() -> None:
    """Begin, once per process."""
    gc.callbacks.append(Shortened())
