"""Results that were computed once: bounded in bytes, in number and in age, safe to share."""

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from sys import getsizeof
from threading import RLock
from typing import Any

import numpy as np
from cachetools import TTLCache

from dlfa.results import Provenance

__all__ = ["ANSWERS", "GATES", "SPACES", "STORES", "STUDIES", "Store", "settle"]

HOUR = 3_600.0  # seconds: nobody's texts stay in memory for longer
SMALL = 256  # bytes an entry takes in its store
HEADER = 112  # bytes of an array beside its numbers
PLACE = 8  # bytes of a reference


class Store:
    """Least recently used results go first, and each goes after an hour.

    Args:
        name: the message key's ending under which the side bar shows it.
        megabytes: together, as `settle` counts them.
        seconds: how long a result is kept.
    """

    def __init__(self, name: str, megabytes: int, seconds: float = HOUR) -> None:
        self.name = name
        self.limit = megabytes * 1_000_000
        self._kept: TTLCache[Hashable, tuple[int, Any]] = TTLCache(
            self.limit, seconds, getsizeof=lambda entry: entry[0]
        )
        self._lock = RLock()

    def get(self, key: Hashable) -> Any:
        """Return a result, None if it is not here (any more)."""
        with self._lock:
            found: tuple[int, Any] | None = self._kept.get(key)
        return None if found is None else found[1]

    def put(self, key: Hashable, result: Any) -> None:
        """Keep a result, read-only from now on; one that is too large for the store is not kept."""
        entry = SMALL + settle((key, result)), result
        with self._lock:
            if entry[0] <= self.limit:
                self._kept[key] = entry

    def drop(self, key: Hashable) -> None:
        """Forget one result, if it is here."""
        with self._lock:
            self._kept.pop(key, None)

    def forget(self, part: Hashable) -> None:
        """Forget every result whose key is a tuple with this part."""
        with self._lock:
            for key in [key for key in self._kept if isinstance(key, tuple) and part in key]:
                self._kept.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    @property
    def entries(self) -> int:
        """How many results are here now."""
        with self._lock:
            self._kept.expire()
            return len(self._kept)

    @property
    def bytes(self) -> int:
        """How much they take, estimated."""
        with self._lock:
            self._kept.expire()
            return int(self._kept.currsize)


def settle(value: object, known: set[int] | None = None) -> int:
    """Make a result's arrays read-only, for visitors share it; return its size in bytes.

    Args:
        value: numpy arrays, texts and numbers in dataclasses, mappings and sequences.
        known: ids of what was counted already.
    """
    known = set() if known is None else known
    if id(value) in known:
        return 0
    known.add(id(value))
    match value:
        case Provenance():  # the model's own, which all its results share
            return 0
        case np.ndarray():
            value.flags.writeable = False
            return HEADER + value.nbytes
        case Mapping():
            inside = [each for pair in value.items() for each in pair]
        case tuple() | list():
            inside = list(value)
        case _ if is_dataclass(value):
            inside = [getattr(value, part.name) for part in fields(value)]
        case _:
            inside = []
    places = PLACE * len(inside) if is_dataclass(value) else 0  # getsizeof leaves them out
    return getsizeof(value) + places + sum(settle(each, known) for each in inside)


ANSWERS = Store("answers", megabytes=64)
GATES = Store("gates", megabytes=512)
STUDIES = Store("studies", megabytes=512)
SPACES = Store("spaces", megabytes=1024)  # vectors of sentences, and what was made of them
STORES = (ANSWERS, GATES, STUDIES, SPACES)
