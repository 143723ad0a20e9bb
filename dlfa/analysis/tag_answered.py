"""The tags of a run so far, word by word, and what bfloat16 did to them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dlfa.analysis.kept import Kept
from dlfa.analysis.tag_passes import TagAnswers
from dlfa.data.tagged import Tagged
from dlfa.results import Provenance, TaggedEvaluation

__all__ = ["TagAnswered"]


class TagAnswered(Kept[Tagged, TagAnswers]):
    """What is known of each sentence; no probabilities, of which there are too many.

    Args:
        examples: all of them.
        heads: that answer, how many.
    """

    ARRAYS = ("tags", "cut", *Kept.ARRAYS)

    def __init__(self, examples: Sequence[Tagged], heads: int) -> None:
        super().__init__(examples)
        self.sizes = np.array([len(one.words) for one in examples])
        self.ends = np.cumsum(self.sizes)
        self.gold = np.concatenate([one.tags for one in examples]).astype(np.int8)
        self.tags = np.full((int(self.ends[-1]), heads), -1, np.int8)  # (word head)
        self.cut = np.zeros(len(examples), np.int64)

    def _words(self, rows: Sequence[int]) -> np.ndarray:
        """Return the places of some sentences' words, sentence by sentence."""
        sizes, at = self.sizes[list(rows)], np.array(rows, int)
        begins = np.repeat(self.ends[at] - sizes, sizes)
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        found: np.ndarray = begins + within
        return found

    def _put(self, part: TagAnswers) -> None:
        self.tags[self._words(part.rows)] = part.tags

    def _place(self, name: str, rows: Sequence[int]) -> tuple[Any, ...]:
        return (self._words(rows),) if name == "tags" else super()._place(name, rows)

    def flips(self, exact: Sequence[TagAnswers]) -> dict[str, Any]:
        """Count the tags that the device's short numbers turned; see `Kept`."""
        rows = [row for part in exact for row in part.rows]
        wanted = np.concatenate([part.tags for part in exact])
        turned = int((self.tags[self._words(rows)] != wanted).sum())
        return {"examples": len(rows), "answers": wanted.size, "turned": turned}

    def evaluation(
        self,
        change: int,
        heads: tuple[str, ...],
        labels: tuple[str, ...],
        provenance: Provenance,
        settings: Mapping[str, Any],
    ) -> TaggedEvaluation:
        """Return what is known so far; see `Kept`."""
        rows = np.flatnonzero(self.there)
        chosen = [self.examples[row] for row in rows.tolist()]
        words = self._words(rows.tolist())
        return TaggedEvaluation(
            ids=np.array([one.id for one in chosen]),
            languages=np.array([one.language for one in chosen]),
            tokens=self.tokens[rows],
            sizes=self.sizes[rows],
            cut=self.cut[rows],
            gold=self.gold[words],
            answers=self.tags[words],
            heads=heads,
            labels=labels,
            settings={**settings, **self.counted(rows), "faults": self._faults(rows, heads)},
            provenance=provenance,
        )

    def _faults(self, rows: np.ndarray, heads: Sequence[str]) -> list[str]:
        """Return the sentences for whose words a head gave no numbers, with language and heads."""
        first = self.ends - self.sizes
        missing = np.add.reduceat(self.tags < 0, first, axis=0, dtype=np.int64)  # (example head)
        wrong = missing > self.cut[:, None]
        return [
            f"{self.examples[row].id} ({self.examples[row].language}): "
            + ", ".join(np.array(heads)[wrong[row]])
            for row in rows[wrong[rows].any(1)].tolist()
        ]
