"""A long piece of work for a page, in a thread of its own: progress, cancel, and others share it.

Whoever asks for what is under way joins it. It ends when nobody looks any more. Pieces of one kind
take turns, and each visitor has one of a kind: who asks for another one leaves the last.
"""

import logging
import secrets
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, RLock, Thread
from typing import Any

from dlfa.errors import DlfaError
from dlfa.ui.store import Store

__all__ = ["Piece", "begin", "under_way"]

AWAY = 90.0  # seconds since the last look: a browser wakes a tab in the background once a minute
LOOK = 0.2  # seconds between two looks at whether somebody still waits
LOG = logging.getLogger(__name__)

Name = tuple[Hashable, ...]
_GOING: dict[Name, "Piece"] = {}
_LOCK = RLock()
_KINDS: dict[Hashable, Lock] = {}  # of a kind one at a time; there are few kinds


class OverError(BaseException):
    """Nobody wants this any more; no `Exception`, so that nothing on the way catches it."""


class Piece:
    """Work on its way.

    Args:
        name: of the result, its kind first: two pieces of one name would do the same.
        call: does it; takes the piece, to ask `stop` and to `tell` how far it is. It may return
            None when it was stopped.
        store: where the result is kept under the name.
    """

    def __init__(self, name: Name, call: "Callable[[Piece], Any]", store: Store) -> None:
        self.name, self.call, self.store = name, call, store
        self.done, self.total = 0, 0
        self.result: Any = None
        self.error: DlfaError | None = None
        """Why it failed, where somebody can do something about it."""
        self.case = ""
        """Where a failure is a mistake of ours: the number under which the log has it."""
        self.over = Event()
        self._seen: dict[Hashable, float] = {}

    def look(self, whose: Hashable) -> None:
        """Note that somebody wants it now."""
        with _LOCK:
            self._seen[whose] = time.monotonic()

    def leave(self, whose: Hashable) -> None:
        """Note that somebody does not want it any more."""
        with _LOCK:
            self._seen.pop(whose, None)

    def stop(self) -> bool:
        """Return whether nobody wants it any more."""
        with _LOCK:
            return all(seen < time.monotonic() - AWAY for seen in self._seen.values())

    def tell(self, done: int, total: int) -> None:
        """Note how far it is; ends the work if nobody wants it any more."""
        if self.stop():
            raise OverError
        self.done, self.total = done, total

    def work(self) -> None:
        """Do it, and keep the result."""
        try:
            with self._turn():
                self.result = self.call(self)
            if self.result is not None:
                self.store.put(self.name, self.result)
        except OverError:
            pass
        except DlfaError as error:
            self.error = error
        except Exception:
            self.case = secrets.token_hex(4)
            LOG.exception("failure %s", self.case)
        finally:
            with _LOCK:
                if _GOING.get(self.name) is self:  # not the next one, begun since this was left
                    del _GOING[self.name]
            self.over.set()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with _LOCK:
            kind = _KINDS.setdefault(self.name[0], Lock())
        while not kind.acquire(timeout=LOOK):
            self.tell(0, 0)
        try:
            yield
        finally:
            kind.release()


def begin(name: Name, call: Callable[[Piece], Any], store: Store, whose: Hashable) -> Piece:
    """Start a piece of work for a visitor, or join one that is under way.

    Args:
        name: see `Piece`, as are the others.
        call: does it.
        store: where the result is kept.
        whose: the visitor.
    """
    with _LOCK:
        for other in [piece for key, piece in _GOING.items() if key[0] == name[0] and key != name]:
            other.leave(whose)
        piece = _GOING.get(name)
        fresh = piece is None or piece.stop()
        if piece is None or fresh:
            piece = _GOING[name] = Piece(name, call, store)
        piece.look(whose)
    if fresh:
        Thread(target=piece.work, name="background", daemon=True).start()
    return piece


def under_way() -> int:
    """Return how many pieces go on."""
    return len(_GOING)
