"""From labelled pairs to every head's numbers, in short jobs."""

import logging
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float

from dlfa.analysis.changes import changed_logits, shuffles
from dlfa.analysis.controls import controls
from dlfa.analysis.examples import Labelled
from dlfa.analysis.predict import Predictor, batches, inputs
from dlfa.data.collation import Features, TokenBatch, collate, to_device
from dlfa.data.features import word_overlap
from dlfa.data.texts import check_text
from dlfa.errors import MemoryFullError
from dlfa.model.frozen import FrozenModel
from dlfa.results import GATE_MEASURES

__all__ = ["TRAINED", "Answers", "Passes", "Prepared"]

log = logging.getLogger(__name__)

TRAINED = ("trained",)


class Answers(NamedTuple):
    """What one job gives."""

    rows: list[int]
    """Of the run's examples."""
    probabilities: Float[np.ndarray, "change row head label"]
    gates: Float[np.ndarray, "row head measure"]
    """`GATE_MEASURES`; NaN where they were not asked for."""
    seconds: float
    passes: int
    """Encoder passes: more than one if the device's memory was full."""


@dataclass(frozen=True)
class Prepared:
    """Examples as the model takes them."""

    rows: Sequence[int]
    encoded: list[Features]
    overlap: Float[np.ndarray, " row"]

    @property
    def tokens(self) -> np.ndarray:
        """Length of each in sub-words."""
        return np.array([len(one["input_ids"]) for one in self.encoded])

    def size(self, places: Sequence[int]) -> int:
        """Return the sub-words of a batch of some of them, padding included."""
        return len(places) * max(len(self.encoded[place]["input_ids"]) for place in places)


class Passes:
    """Examples, heads and changes of the gate, on one model.

    Args:
        predictor: the model.
        examples: their texts are checked at once.
        heads: names.
        changes: of the gate.
        seed: of the shuffles.
        max_length: longest input in sub-words, the model's own by default.

    Raises:
        TextError: an empty or over-long text.
    """

    def __init__(
        self,
        predictor: Predictor,
        examples: Sequence[Labelled],
        heads: Sequence[str],
        changes: Sequence[str] = TRAINED,
        *,
        seed: int = 0,
        max_length: int | None = None,
    ) -> None:
        self.predictor, self.examples = predictor, examples
        self.heads, self.changes, self.seed = tuple(heads), tuple(changes), seed
        self.max_length = max_length or predictor.max_tokens
        self.most: int | None = None  # sub-words of a batch, once the memory was full
        for one in examples:
            for text in one.pair:
                check_text(text)

    def digest(self) -> str:
        """Return a digest of the examples: ids, languages, labels, texts."""
        found = sha256()
        for one in self.examples:
            numbers = str(one.gold), str(one.negation)
            said = one.id, one.premise, one.language, one.genre, *numbers, *one.pair
            found.update("\0".join((*said, "\n")).encode())
        return found.hexdigest()

    def prepare(self, rows: Sequence[int]) -> Prepared:
        """Tokenise examples; may be called from another thread."""
        chosen = [self.examples[row] for row in rows]
        encoded = self.predictor.encode([one.pair for one in chosen], self.max_length)
        overlap = [word_overlap(*one.pair, one.language) for one in chosen]
        return Prepared(rows, encoded, np.array(overlap))

    def jobs(
        self, prepared: Prepared, tokens: int, model: FrozenModel | None = None
    ) -> list[Callable[[], Answers]]:
        """Return one job per batch, the longest examples first.

        Args:
            prepared: see `prepare`.
            tokens: sub-words of a batch, padding included.
            model: answers instead of the predictor's own; no gates are measured then.
        """
        tokens = min(tokens, self.most or tokens)
        lengths: list[int] = prepared.tokens.tolist()
        return [partial(self._take, prepared, places, model) for places in batches(lengths, tokens)]

    def exact(self) -> FrozenModel:
        """Return the model in float32, whatever it computes in."""
        return FrozenModel(self.predictor.model, torch.float32)

    def _take(self, prepared: Prepared, places: list[int], model: FrozenModel | None) -> Answers:
        began = time.perf_counter()
        rows = [prepared.rows[place] for place in places]
        if self.most and len(places) > 1 and prepared.size(places) > self.most:
            return self._in_halves(prepared, places, model)  # it was cut before the memory was full
        numbers = None
        with suppress(torch.OutOfMemoryError):  # its traceback would keep the batch in memory
            batch = self._batch([prepared.encoded[place] for place in places])
            numbers = self._numbers(rows, batch, model)
        if numbers is None:
            del batch
            self._shrink(prepared, places)
            return self._in_halves(prepared, places, model)
        return Answers(rows, *numbers, time.perf_counter() - began, 1)

    def _shrink(self, prepared: Prepared, places: list[int]) -> None:
        """The device's memory was full: from now on half the budget."""
        if len(places) == 1:
            one = self.examples[prepared.rows[places[0]]]
            raise MemoryFullError("error.memory.one", id=one.id, tokens=prepared.size(places))
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        self.most = min(self.most or sys.maxsize, prepared.size(places) // 2)
        log.warning("the device's memory is full: batches of %d sub-words from now on", self.most)

    def _in_halves(
        self, prepared: Prepared, places: list[int], model: FrozenModel | None
    ) -> Answers:
        half = len(places) // 2
        first, second = (
            self._take(prepared, some, model) for some in (places[:half], places[half:])
        )
        return Answers(
            first.rows + second.rows,
            np.concatenate([first.probabilities, second.probabilities], axis=1),
            np.concatenate([first.gates, second.gates]),
            first.seconds + second.seconds,
            first.passes + second.passes,
        )

    def _batch(self, encoded: Sequence[Features]) -> TokenBatch:
        padding = self.predictor.tokenizer.pad_token_id
        return to_device(collate(encoded, padding), self.predictor.model.device)

    def _numbers(
        self, rows: Sequence[int], batch: TokenBatch, model: FrozenModel | None
    ) -> tuple[np.ndarray, np.ndarray]:
        none = np.full((len(rows), len(self.heads), len(GATE_MEASURES)), np.nan, np.float32)
        if model is not None:
            with torch.inference_mode():
                logits = model.logits(self.heads, **inputs(batch))
            return logits.float().softmax(-1).cpu().numpy()[None], none
        if self.changes != TRAINED:
            return self._changed(rows, batch), none
        probabilities, gates = self.predictor.measured(batch, self.heads)
        return probabilities[None], gates

    def _changed(self, rows: Sequence[int], batch: TokenBatch) -> np.ndarray:
        predictor = self.predictor
        states = tuple(state.float() for state in predictor.states(batch))
        mask = batch["attention_mask"].bool()
        keys = [self.examples[row].id for row in rows]
        moved = shuffles(mask, states[0].shape[-1], keys, self.seed)
        twins = controls(predictor)
        logits = changed_logits(
            predictor.model.heads, twins, self.heads, self.changes, states, mask, moved
        )
        found = torch.stack([logits[change] for change in self.changes])
        return found.softmax(-1).cpu().numpy()
