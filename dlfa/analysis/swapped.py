"""A translation's gate laid over a pair's own tokens.

Words are aligned as on Gates. Where a word and its counterpart have as many sub-words, each
sub-word takes the gate of the one in its place; where not, all of them the mean over the
counterpart's. A word without a counterpart takes the mean over the translation's part (premise or
hypothesis). Marks such as ``<s>`` and ``</s>`` take each other's, in order.
"""

import numpy as np
import torch
from jaxtyping import Float

from dlfa.analysis.alignment import word_parts
from dlfa.results import Alignment, Swapped, Tokens

__all__ = ["laid_over", "weights_between"]


def weights_between(
    tokens: Tokens, other: Tokens, links: Alignment
) -> tuple[Float[np.ndarray, "token other"], Swapped]:
    """Return what each token takes of each of the translation's, rows that sum to 1.

    Args:
        tokens: of the pair.
        other: of its translation.
        links: which word is which.
    """
    found = np.zeros((len(tokens), len(other)), np.float32)
    _marks(found, tokens, other)
    there = dict(zip(links.first.tolist(), links.second.tolist(), strict=True))
    own = word_parts(tokens)
    exact = 0
    for word in range(len(tokens.words)):
        rows = np.flatnonzero(tokens.word == word)
        if word not in there:
            columns = np.flatnonzero(np.array(other.segment) == own[word])
            columns = columns if len(columns) else np.flatnonzero(other.word >= 0)
            found[np.ix_(rows, columns)] = 1 / len(columns)
            continue
        columns = np.flatnonzero(other.word == there[word])
        exact += len(rows) == len(columns)
        if len(rows) == len(columns):
            found[rows, columns] = 1
        else:
            found[np.ix_(rows, columns)] = 1 / len(columns)
    return found, Swapped(words=len(tokens.words), aligned=len(there), token_by_token=exact)


def _marks(found: np.ndarray, tokens: Tokens, other: Tokens) -> None:
    """Let each mark take the one of the same rank; a mark too many takes the last."""
    rows, columns = np.flatnonzero(tokens.special), np.flatnonzero(other.special)
    for rank, row in enumerate(rows):
        found[row, columns[min(rank, len(columns) - 1)]] = 1


def laid_over(
    weights: Float[np.ndarray, "token other"], gate: Float[torch.Tensor, "1 other dim"]
) -> Float[torch.Tensor, "1 token dim"]:
    """Return the translation's gate over the pair's tokens."""
    return torch.as_tensor(weights, device=gate.device, dtype=gate.dtype) @ gate
