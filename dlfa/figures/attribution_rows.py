"""Which words stand in a figure of scores, and what they are called there."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from dlfa.figures.aligned import part_of_words
from dlfa.figures.words import escape, plain
from dlfa.messages import _
from dlfa.results import Tokens

__all__ = ["MOST", "row_names", "shown_words"]

MOST = 24  # words with a row of their own


def shown_words(scores: Sequence[Float[np.ndarray, " word"]]) -> list[int]:
    """Return the words that get a row: all, or those with the largest scores; in reading order.

    Args:
        scores: of the same words, by one head or several.
    """
    sizes = np.max([np.abs(each) for each in scores], axis=0) if len(scores) else np.empty(0)
    return sorted(np.argsort(-sizes, kind="stable")[:MOST].tolist())


def row_names(tokens: Tokens, words: Sequence[int]) -> list[str]:
    """Return the rows' names, safe to print: premise and hypothesis are told apart by a letter."""
    parts = part_of_words(tokens)
    return [
        _(f"figure.attribution.row.{parts[at]}", word=escape(plain(tokens.words[at])))
        for at in words
    ]
