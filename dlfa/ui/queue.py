"""One line per model: calls come in turn, everyone sees their place, nobody waits for ever."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from dlfa.errors import BusyError

__all__ = ["Line"]

PATIENCE = 20.0  # seconds until a visitor is told to come back
LONGEST = 40  # visitors in line before further ones are sent away at once
GLANCE = 0.25  # seconds between two looks at one's place


class Line:
    """First come, first served.

    A long job is a row of short ones, each with its own turn, so that others come in between.

    Args:
        patience: seconds until `BusyError`.
        longest: tickets out before further visitors are refused.
    """

    def __init__(self, patience: float = PATIENCE, longest: int = LONGEST) -> None:
        self.patience = patience
        self.longest = longest
        self._tickets: deque[object] = deque()
        self._moved = Condition()

    @contextmanager
    def turn(self, tell: Callable[[int], None] = lambda place: None) -> Iterator[None]:
        """Wait for one's turn and hold it for the length of the block.

        Args:
            tell: called with the number of visitors in front, at least every quarter second.

        Raises:
            BusyError: the line is too long, or the turn did not come in time.
        """
        ticket = self._draw()
        try:
            self._wait(ticket, tell)
            yield
        finally:
            with self._moved:
                self._tickets.remove(ticket)
                self._moved.notify_all()

    def _draw(self) -> object:
        ticket = object()
        with self._moved:
            if len(self._tickets) >= self.longest:
                raise BusyError("ui.queue.full", waiting=len(self._tickets))
            self._tickets.append(ticket)
        return ticket

    def _wait(self, ticket: object, tell: Callable[[int], None]) -> None:
        deadline = time.monotonic() + self.patience
        while place := self._place(ticket):
            if time.monotonic() >= deadline:
                raise BusyError("ui.queue.busy", seconds=round(self.patience))
            tell(place)  # may stop the script: outside the lock
            with self._moved:
                if self._tickets[0] is not ticket:
                    self._moved.wait(GLANCE)

    def _place(self, ticket: object) -> int:
        with self._moved:
            return self._tickets.index(ticket)
