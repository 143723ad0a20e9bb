"""From sentences of words to every head's tags, in short jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import torch
from jaxtyping import Int8

from dlfa.analysis.batched import TRAINED, Batched, Part, Prepared
from dlfa.analysis.predict import Predictor, inputs
from dlfa.analysis.tagging import checked_tagger, encoded
from dlfa.data.collation import Features, TokenBatch
from dlfa.data.tagged import Tagged
from dlfa.data.texts import check_text
from dlfa.errors import InputError
from dlfa.model.frozen import FrozenModel

__all__ = ["TagAnswers", "TagPasses"]


@dataclass(frozen=True, kw_only=True)
class TagAnswers(Part):
    """What one job gives."""

    tags: Int8[np.ndarray, "word head"]
    """Of the rows' words, one sentence after the other: the index of the likeliest label, −1 where
    there is none."""


class TagPasses(Batched[Tagged, TagAnswers]):
    """Sentences and heads on one model that tags words.

    Args:
        predictor: the model.
        examples: their texts are checked at once.
        heads: names.
        changes: of the gate: only ``("trained",)``, for its controls answer sentence pairs.
        max_length: longest input in sub-words, the model's own by default.

    Raises:
        WrongTaskError: the model answers sentence pairs.
        TextError: an empty or over-long text.
        InputError: a change of the gate.
    """

    def __init__(
        self,
        predictor: Predictor,
        examples: Sequence[Tagged],
        heads: Sequence[str],
        changes: Sequence[str] = TRAINED,
        *,
        max_length: int | None = None,
    ) -> None:
        super().__init__(checked_tagger(predictor), examples, heads, max_length)
        if tuple(changes) != TRAINED:
            raise InputError("error.evaluation.gate", task=predictor.model.config.task)
        for one in examples:
            check_text("".join(one.words))

    def digest(self) -> str:
        """Return a digest of the sentences: ids, languages, labels, words."""
        found = sha256()
        for one in self.examples:
            said = one.id, one.language, *map(str, one.tags), *one.words
            found.update("\0".join((*said, "\n")).encode())
        return found.hexdigest()

    def prepare(self, rows: Sequence[int]) -> Prepared:
        """Tokenise sentences; may be called from another thread."""
        words = [self.examples[row].words for row in rows]
        features = encoded(self.predictor, words, self.max_length)
        cut = [one["first"].count(-1) for one in features]
        return Prepared(rows, features, {"cut": np.array(cut)})

    @torch.inference_mode()
    def _answer(
        self,
        rows: list[int],
        features: Sequence[Features],
        batch: TokenBatch,
        model: FrozenModel | None,
    ) -> TagAnswers:
        logits = (model or self.predictor.frozen).logits(self.heads, **inputs(batch))
        first = np.concatenate([one["first"] for one in features])
        sizes = [len(one["first"]) for one in features]
        places = np.stack([np.repeat(np.arange(len(sizes)), sizes), first.clip(0)])
        sentence, token = torch.from_numpy(places).to(logits.device)  # all words in one go
        scores = logits[sentence, :, token]  # (word head label)
        found = torch.where(scores.isfinite().all(-1), scores.argmax(-1), -1)
        tags = found.to(torch.int8).cpu().numpy()
        tags[first < 0] = -1
        return TagAnswers(rows=rows, tags=tags)

    def _joined(self, first: TagAnswers, second: TagAnswers) -> TagAnswers:
        both = np.concatenate([first.tags, second.tags])
        return TagAnswers(**first.counted(second), tags=both)
