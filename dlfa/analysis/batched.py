"""Examples on their way through a model in short jobs, whatever the task.

`dlfa.analysis.passes` does this for sentence pairs, `dlfa.analysis.tag_passes` for words.
"""

import logging
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Generic, TypeVar

import numpy as np
import torch

from dlfa.analysis.predict import Predictor, batches
from dlfa.data.collation import Features, TokenBatch, collate, to_device
from dlfa.data.labelled import Example
from dlfa.errors import MemoryFullError
from dlfa.model.frozen import FrozenModel

__all__ = ["TRAINED", "Batched", "Part", "Prepared"]

log = logging.getLogger(__name__)

TRAINED = ("trained",)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one job gives, beside the answers."""

    rows: list[int]
    """Of the run's examples."""
    seconds: float = 0.0
    passes: int = 1
    """Of the encoder: more than one if the device's memory was full."""

    def counted(self, other: "Part") -> dict[str, Any]:
        """Return what this and another one have taken together."""
        return {
            "rows": self.rows + other.rows,
            "seconds": self.seconds + other.seconds,
            "passes": self.passes + other.passes,
        }


Known = TypeVar("Known", bound=Example)
Given = TypeVar("Given", bound=Part)


@dataclass(frozen=True)
class Prepared:
    """Examples as the model takes them."""

    rows: Sequence[int]
    encoded: list[Features]
    known: Mapping[str, np.ndarray] = field(default_factory=dict)
    """``(row)`` each: what else was counted of their texts."""

    @property
    def tokens(self) -> np.ndarray:
        """Length of each in sub-words."""
        return np.array([len(one["input_ids"]) for one in self.encoded])

    def size(self, places: Sequence[int]) -> int:
        """Return the sub-words of a batch of some of them, padding included."""
        return len(places) * max(len(self.encoded[place]["input_ids"]) for place in places)


class Batched(ABC, Generic[Known, Given]):
    """Examples and heads on one model.

    Args:
        predictor: the model.
        examples: at least one.
        heads: names.
        max_length: longest input in sub-words, the model's own by default.
    """

    def __init__(
        self,
        predictor: Predictor,
        examples: Sequence[Known],
        heads: Sequence[str],
        max_length: int | None = None,
    ) -> None:
        self.predictor, self.examples, self.heads = predictor, examples, tuple(heads)
        self.max_length = max_length or predictor.max_tokens
        self.most: int | None = None  # sub-words of a batch, once the memory was full

    @abstractmethod
    def digest(self) -> str:
        """Return a digest of the examples, texts and right answers included."""

    @abstractmethod
    def prepare(self, rows: Sequence[int]) -> Prepared:
        """Tokenise examples; may be called from another thread."""

    @abstractmethod
    def _answer(
        self,
        rows: list[int],
        features: Sequence[Features],
        batch: TokenBatch,
        model: FrozenModel | None,
    ) -> Given:
        """Answer one batch; whoever asks sets the seconds."""

    @abstractmethod
    def _joined(self, first: Given, second: Given) -> Given:
        """Return two batches' answers as one's."""

    def jobs(
        self, prepared: Prepared, tokens: int, model: FrozenModel | None = None
    ) -> list[Callable[[], Given]]:
        """Return one job per batch, the longest examples first.

        Args:
            prepared: see `prepare`.
            tokens: sub-words of a batch, padding included.
            model: answers instead of the predictor's own.
        """
        tokens = min(tokens, self.most or tokens)
        lengths: list[int] = prepared.tokens.tolist()
        return [partial(self._take, prepared, places, model) for places in batches(lengths, tokens)]

    def exact(self) -> FrozenModel:
        """Return the model in float32, whatever it computes in."""
        return FrozenModel(self.predictor.model, torch.float32)

    def _take(self, prepared: Prepared, places: list[int], model: FrozenModel | None) -> Given:
        began = time.perf_counter()
        if self.most and len(places) > 1 and prepared.size(places) > self.most:
            return self._in_halves(prepared, places, model)  # it was cut before the memory was full
        rows = [prepared.rows[place] for place in places]
        features = [prepared.encoded[place] for place in places]
        given = None
        with suppress(torch.OutOfMemoryError):  # its traceback would keep the batch in memory
            batch = self._batch(features)
            given = self._answer(rows, features, batch, model)
        if given is None:
            del batch
            self._shrink(prepared, places)
            return self._in_halves(prepared, places, model)
        return replace(given, seconds=time.perf_counter() - began)

    def _shrink(self, prepared: Prepared, places: list[int]) -> None:
        """The device's memory was full: from now on half the budget."""
        if len(places) == 1:
            one = self.examples[prepared.rows[places[0]]]
            raise MemoryFullError("error.memory.one", id=one.id, tokens=prepared.size(places))
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        self.most = min(self.most or sys.maxsize, prepared.size(places) // 2)
        log.warning("the device's memory is full: batches of %d sub-words from now on", self.most)

    def _in_halves(self, prepared: Prepared, places: list[int], model: FrozenModel | None) -> Given:
        half = len(places) // 2
        first, second = (
            self._take(prepared, some, model) for some in (places[:half], places[half:])
        )
        return self._joined(first, second)

    def _batch(self, features: Sequence[Features]) -> TokenBatch:
        padding = self.predictor.tokenizer.pad_token_id
        return to_device(collate(features, padding), self.predictor.model.device)
