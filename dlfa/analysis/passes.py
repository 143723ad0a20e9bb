"""From labelled pairs to every head's numbers, in short jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import torch
from jaxtyping import Float

from dlfa.analysis.batched import TRAINED, Batched, Part, Prepared
from dlfa.analysis.changes import changed_logits, shuffles
from dlfa.analysis.controls import controls
from dlfa.analysis.examples import Labelled
from dlfa.analysis.predict import Predictor, inputs
from dlfa.data.collation import Features, TokenBatch
from dlfa.data.features import word_overlap
from dlfa.data.texts import check_text
from dlfa.model.frozen import FrozenModel
from dlfa.results import GATE_MEASURES

__all__ = ["Answers", "Passes"]


@dataclass(frozen=True, kw_only=True)
class Answers(Part):
    """What one job gives."""

    probabilities: Float[np.ndarray, "change row head label"]
    gates: Float[np.ndarray, "row head measure"]
    """`GATE_MEASURES`; NaN where they were not asked for."""


class Passes(Batched[Labelled, Answers]):
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
        super().__init__(predictor, examples, heads, max_length)
        self.changes, self.seed = tuple(changes), seed
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
        return Prepared(rows, encoded, {"overlap": np.array(overlap)})

    def _answer(
        self,
        rows: list[int],
        features: Sequence[Features],
        batch: TokenBatch,
        model: FrozenModel | None,
    ) -> Answers:
        probabilities, gates = self._numbers(rows, batch, model)
        return Answers(rows=rows, probabilities=probabilities, gates=gates)

    def _joined(self, first: Answers, second: Answers) -> Answers:
        return Answers(
            **first.counted(second),
            probabilities=np.concatenate([first.probabilities, second.probabilities], axis=1),
            gates=np.concatenate([first.gates, second.gates]),
        )

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
