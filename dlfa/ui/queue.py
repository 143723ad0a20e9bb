"""One line per model: visitors take turns, everyone sees their place, nobody waits for ever.

A long analysis is a row of short jobs, each with its own turn: whoever has one job left to do waits
for at most one job of every visitor in front, however much those still want.
"""

import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Condition

from dlfa.errors import BusyError

__all__ = ["GLANCE", "Line", "Tell"]

PATIENCE = 20.0  # seconds until a visitor is told to come back
LONGEST = 40  # visitors in line before further ones are sent away: half a second each
EACH = 4  # jobs of one visitor that wait at once, such as the fragments of one page
GLANCE = 0.25  # seconds between two looks at one's place

Tell = Callable[[int], None]  # takes the number of turns in front


class Line:
    """Visitors in a ring; the first one has the turn and then goes to the end.

    Args:
        patience: seconds of waiting for one turn until `BusyError`.
        longest: visitors in the ring before further ones are refused.
        each: waiting jobs of one visitor before further ones are refused.
    """

    def __init__(
        self, patience: float = PATIENCE, longest: int = LONGEST, each: int = EACH
    ) -> None:
        self.patience = patience
        self.longest = longest
        self.each = each
        self._ring: dict[Hashable, deque[object]] = {}  # the visitors' tickets, in turn
        self._moved = Condition()

    @property
    def waiting(self) -> int:
        """How many visitors are in the ring, the one whose turn it is among them."""
        return len(self._ring)

    @contextmanager
    def turn(
        self,
        tell: Tell = lambda ahead: None,
        visitor: Hashable = None,
        *,
        admitted: bool = False,
    ) -> Iterator[None]:
        """Wait for one's turn and hold it for the length of the block, half a second at most.

        Between two turns a visitor is not in the line: who stops asking holds nobody up.

        Args:
            tell: called with the number of turns in front, at least every quarter second.
            visitor: whose turn it is; None is somebody else every time.
            admitted: an earlier part of the same job had its turn: this one is never refused.

        Raises:
            BusyError: the line is too long, or the turn did not come in time.
        """
        ticket = object()
        visitor = ticket if visitor is None else visitor
        self._draw(visitor, ticket, admitted)
        try:
            self._wait(visitor, ticket, tell)
            yield
        finally:
            self._leave(visitor, ticket)

    def _draw(self, visitor: Hashable, ticket: object, admitted: bool) -> None:
        with self._moved:
            mine = self._ring.get(visitor, ())
            if not admitted and len(mine) >= self.each:
                raise BusyError("ui.queue.yours", waiting=len(mine))
            if not admitted and not mine and len(self._ring) >= self.longest:
                raise BusyError("ui.queue.full", waiting=len(self._ring))
            self._ring.setdefault(visitor, deque()).append(ticket)

    def _wait(self, visitor: Hashable, ticket: object, tell: Tell) -> None:
        deadline = time.monotonic() + self.patience
        while ahead := self._ahead(visitor, ticket):
            if time.monotonic() >= deadline:
                raise BusyError("ui.queue.busy", seconds=round(self.patience))
            tell(ahead)  # may stop the script: outside the lock
            with self._moved:
                if self._ahead(visitor, ticket):
                    self._moved.wait(GLANCE)

    def _ahead(self, visitor: Hashable, ticket: object) -> int:
        """Return how many turns come first: of others in every round, and one's own."""
        with self._moved:
            rounds = self._ring[visitor].index(ticket)
            turns, passed = rounds, False
            for other, tickets in self._ring.items():
                passed = passed or other == visitor
                if other != visitor:
                    turns += min(len(tickets), rounds if passed else rounds + 1)
            return turns

    def _leave(self, visitor: Hashable, ticket: object) -> None:
        """Give the turn on; who has more to do goes to the end of the ring."""
        with self._moved:
            tickets = self._ring[visitor]
            had_the_turn = next(iter(self._ring)) == visitor and tickets[0] is ticket
            tickets.remove(ticket)
            if had_the_turn or not tickets:
                del self._ring[visitor]
            if had_the_turn and tickets:
                self._ring[visitor] = tickets
            self._moved.notify_all()
