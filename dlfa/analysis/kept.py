"""What a run knows of its examples so far, whatever the task; chunks of it go to disk and back."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from dlfa.analysis.batched import Part, Prepared
from dlfa.data.labelled import Example
from dlfa.results import Evaluated, Provenance

__all__ = ["Kept"]

Known = TypeVar("Known", bound=Example)
Given = TypeVar("Given", bound=Part)


class Kept(ABC, Generic[Known, Given]):
    """What is known of each example; NaN, −1 and 0 where nothing is yet.

    Args:
        examples: all of them.
    """

    ARRAYS: ClassVar[tuple[str, ...]] = ("tokens", "seconds", "passes")
    """What a chunk on disk holds."""

    def __init__(self, examples: Sequence[Known]) -> None:
        self.examples = examples
        self.there = np.zeros(len(examples), bool)
        self.tokens = np.zeros(len(examples), np.int64)
        self.seconds = np.zeros(len(examples))
        self.passes = np.zeros(len(examples))
        """Of an encoder pass: what falls to each example of its batch."""

    @abstractmethod
    def evaluation(
        self,
        change: int,
        heads: tuple[str, ...],
        labels: tuple[str, ...],
        provenance: Provenance,
        settings: Mapping[str, Any],
    ) -> Evaluated:
        """Return what is known so far under one change of the gate.

        Args:
            change: its place.
            heads: names.
            labels: keys.
            provenance: the model's.
            settings: see `dlfa.results.Evaluated`; what is counted here is added.
        """

    @abstractmethod
    def flips(self, exact: Sequence[Given]) -> dict[str, Any]:
        """Count the answers that the device's short numbers turned.

        Args:
            exact: what float32 gives for some of these examples.

        Returns:
            ``examples`` looked at, ``answers`` of all heads on them, ``turned`` of these.
        """

    @abstractmethod
    def _put(self, part: Given) -> None:
        """Take in one job's answers."""

    def _place(self, name: str, rows: Sequence[int]) -> tuple[Any, ...]:
        """Return where in an array some examples' values are."""
        return (list(rows),)

    def take(self, prepared: Prepared, parts: Sequence[Given]) -> None:
        """Take in what all jobs on some examples gave."""
        rows = list(prepared.rows)
        for name, values in {"tokens": prepared.tokens, **prepared.known}.items():
            getattr(self, name)[rows] = values
        for part in parts:
            self._put(part)
            self.seconds[part.rows] = part.seconds / len(part.rows)
            self.passes[part.rows] = part.passes / len(part.rows)
        self.there[rows] = True

    def arrays(self, rows: Sequence[int]) -> dict[str, np.ndarray]:
        """Return what is known of some examples, to be stored."""
        return {name: getattr(self, name)[self._place(name, rows)] for name in self.ARRAYS}

    def put(self, rows: Sequence[int], arrays: Mapping[str, np.ndarray]) -> bool:
        """Take in what was stored of some examples; return whether it is of their shape."""
        wanted = self.arrays(rows)
        fits = wanted.keys() == arrays.keys() and all(
            (arrays[name].shape, arrays[name].dtype) == (array.shape, array.dtype)
            for name, array in wanted.items()
        )
        if fits:
            for name, array in arrays.items():
                getattr(self, name)[self._place(name, rows)] = array
            self.there[list(rows)] = True
        return fits

    def counted(self, rows: np.ndarray) -> dict[str, Any]:
        """Return what these examples took."""
        return {
            "passes": int(self.passes[rows].sum().round()),
            "seconds": round(float(self.seconds.sum()), 1),
        }
