"""Every head's tags for the words of sentences, from one encoder pass.

A word is read at its first sub-word. What is longer than the encoder's longest input is cut; the
words that were cut, and those of which the tokenizer leaves nothing, get no answer.
"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float

from dlfa.analysis.predict import Predictor, inputs
from dlfa.data.collation import Features, TokenBatch, encode_words
from dlfa.data.texts import check_text
from dlfa.errors import WrongTaskError

__all__ = ["checked_tagger", "encoded", "word_probabilities"]


def checked_tagger(predictor: Predictor) -> Predictor:
    """Return a model that tags words.

    Raises:
        WrongTaskError: it answers sentence pairs instead.
    """
    if not predictor.tagging:
        raise WrongTaskError("error.model.pairs", task=predictor.model.config.task)
    return predictor


def encoded(
    predictor: Predictor, sentences: Sequence[Sequence[str]], max_length: int | None = None
) -> list[Features]:
    """Check and tokenise sentences that are cut into words.

    Args:
        predictor: a model that tags words.
        sentences: their words, at least one each.
        max_length: in sub-words; the model's longest input by default.

    Raises:
        WrongTaskError: the model answers sentence pairs.
        TextError: an empty or over-long sentence.
    """
    checked_tagger(predictor)
    for words in sentences:
        check_text("".join(words))  # spaces between them are no part of a text
    with predictor.tokenising:
        longest = max_length or predictor.max_tokens
        return encode_words(predictor.tokenizer, sentences, longest) if sentences else []


@torch.inference_mode()
def word_probabilities(
    predictor: Predictor, batch: TokenBatch, features: Sequence[Features], heads: Sequence[str]
) -> list[Float[np.ndarray, "head word label"]]:
    """Return each sentence's probabilities, NaN for words without an answer: one encoder pass.

    Args:
        predictor: a model that tags words.
        batch: what ``features`` make, in their order (see `Predictor.batches`).
        features: from `encoded`.
        heads: names.
    """
    logits = predictor.frozen.logits(heads, **inputs(batch)).float()  # (batch head token label)
    found = []
    for row, one in enumerate(features):
        first = torch.tensor(one["first"], device=logits.device)
        scores = logits[row][:, first].softmax(-1)  # (head word label); −1 reads the last token
        scores[:, first < 0] = torch.nan
        found.append(scores.cpu().numpy())
    return found
