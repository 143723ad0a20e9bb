"""Sentences drawn with replacement: what the intervals of a tagging task are made of.

Where languages share their sentences (a parallel set), a draw takes the same ones in all of them,
for translations are hard together; else each language is drawn on its own.
"""

import numpy as np
from jaxtyping import Float, Int, UInt8

from dlfa.analysis.statistics import CELLS, DRAWS, draw_size

__all__ = ["SentenceDraws"]

AT_ONCE = 20  # draws that are counted at once: they fit into a processor's cache


class SentenceDraws:
    """One set of draws for all that is held against each other.

    Args:
        ids: ``(sentence)``; translations share theirs, and no language has one twice.
        groups: ``(sentence)``, each one's language: numbers from 0, none left out.
        draws: how many.
        seed: of the draws: the same sentences, in any order, give the same intervals.
    """

    def __init__(
        self,
        ids: np.ndarray,
        groups: Int[np.ndarray, " sentence"],
        draws: int = DRAWS,
        seed: int = 0,
    ) -> None:
        names, self.places = np.unique(ids, return_inverse=True)
        self.sentences, self.draws, self.seed = len(names), draws, seed
        self.rows = [np.flatnonzero(groups == group) for group in range(int(groups.max()) + 1)]
        self.joint = self.sentences < len(ids)
        self._shared = self._counts(self.sentences, seed) if self.joint else None

    def totals(
        self, sums: Int[np.ndarray, "sentence column"], group: int
    ) -> Float[np.ndarray, "draw column"]:
        """Return the sums over one language's sentences in every draw.

        Args:
            sums: of all sentences of that language, in their order.
            group: the language's number.

        Returns:
            in a draw that holds no sentence of the language, the sums over all of them.
        """
        order = np.argsort(self.places[self.rows[group]])  # of ids: the order given tells nothing
        drawn = self.places[self.rows[group]][order]
        if self._shared is not None:
            counts = self._shared[:, drawn]
        else:
            counts = self._counts(len(order), self.seed + 1 + group)
        columns = np.hstack([np.ones((len(order), 1)), sums[order]]).astype(np.float32)
        step = max(1, CELLS // len(order))  # float32 holds whole numbers up to 16 million
        tables = (counts[at : at + step] for at in range(0, self.draws, step))
        found = np.concatenate([table.astype(np.float32) @ columns for table in tables])
        found[found[:, 0] == 0] = columns.sum(axis=0)
        return found[:, 1:].astype(float)

    def _counts(self, sentences: int, seed: int) -> UInt8[np.ndarray, "draw sentence"]:
        """How often each sentence is drawn; a byte is enough, for the mean is about 1."""
        generator, size = np.random.default_rng(seed), draw_size(sentences)
        found = np.empty((self.draws, sentences), np.uint8)
        for at in range(0, self.draws, AT_ONCE):
            some = found[at : at + AT_ONCE]
            drawn = generator.integers(sentences, size=(len(some), size))
            drawn += np.arange(len(some))[:, None] * sentences
            some[:] = np.bincount(drawn.ravel(), minlength=some.size).reshape(some.shape)
        return found
