"""Long computations that may be taken back: they ask whether anybody still wants them."""

from collections.abc import Callable

__all__ = ["OnLayer", "Stop", "never", "untold"]

Stop = Callable[[], bool]
"""Asked about once a second: true ends the work."""
OnLayer = Callable[[int, int], object]
"""Told how many spaces are done, and of how many."""


def never() -> bool:
    """Return that nobody wants to stop."""
    return False


def untold(done: int, total: int) -> None:
    """Tell nobody."""
