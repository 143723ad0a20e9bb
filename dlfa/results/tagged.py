"""Every head's tags for the words of sentences: what an evaluation of a tagging task keeps."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from dlfa.results.evaluations import Evaluated

__all__ = ["TaggedEvaluation"]


@dataclass(frozen=True, kw_only=True)
class TaggedEvaluation(Evaluated):
    """Every head's tags for the words of sentences in several languages.

    Words stand one sentence after the other, in the order of ``ids``; the translations of a
    parallel set share their ids.
    """

    sizes: Int[np.ndarray, " example"]
    """Words of each sentence, at least one."""
    cut: Int[np.ndarray, " example"]
    """Words of each sentence without an answer: the input was cut before them, or the tokenizer
    leaves nothing of them."""
    gold: Int[np.ndarray, " word"]
    """Index of each word's right label."""
    answers: Int[np.ndarray, "word head"]
    """Index of the likeliest label; −1, never right, where there is none."""

    @property
    def right(self) -> Bool[np.ndarray, "word head"]:
        """Whether each head's answer is the right one."""
        return self.answers == self.gold[:, None]

    @property
    def word_languages(self) -> np.ndarray:
        """The language of each word, ``(word)`` strings."""
        return np.repeat(self.languages, self.sizes)
