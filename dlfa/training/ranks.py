"""Which of several training processes this one is, as ``accelerate launch`` tells it.

Known before any process group exists, so that only the first one writes from the very beginning.
"""

import os

__all__ = ["first", "world"]


def world() -> int:
    """Return how many processes train together."""
    return max(1, int(os.environ.get("WORLD_SIZE", "1")))


def first() -> bool:
    """Return whether this process is the one that writes."""
    return int(os.environ.get("RANK", "0")) == 0
