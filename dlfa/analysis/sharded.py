"""Evaluation on a test set that is tokenised already: no text, the same draw and the same record.

`TestSet` draws as `dlfa.analysis.examples.sample` and `dlfa.analysis.tag_examples.sample_sentences`
do, so that ``evaluate --limit`` takes the same examples.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

import numpy as np
import torch

from dlfa.analysis.batched import TRAINED, Batched, Prepared
from dlfa.analysis.examples import stratified
from dlfa.analysis.kinds import Examples
from dlfa.analysis.passes import Passes
from dlfa.analysis.predict import Predictor
from dlfa.analysis.runs import Run
from dlfa.analysis.tag_examples import drawn_rows
from dlfa.analysis.tag_passes import TagPasses
from dlfa.data.collation import TokenBatch
from dlfa.data.labelled import Labelled
from dlfa.data.shards import Arrays, features, part
from dlfa.data.tagged import Tagged
from dlfa.model.frozen import FrozenModel
from dlfa.results import GATE_MEASURES, Evaluated

__all__ = ["TestSet", "evaluated"]

SEED = 0  # of the draw, whatever a training's own: all of them answer the same examples


class TestSet:
    """Tokenised examples of all languages, with what a record keeps of them.

    Args:
        arrays: what `dlfa.training.sharding` wrote.
        about: ``task``, ``split``, ``max_length``, ``source`` and any ``absent`` languages.
    """

    __test__ = False  # it is no test

    def __init__(self, arrays: Arrays, about: Mapping[str, Any]) -> None:
        self.arrays, self.about = arrays, about

    def __len__(self) -> int:
        return len(self.arrays["id"])

    @property
    def tagged(self) -> bool:
        """Whether words are tagged, rather than pairs answered."""
        return "tags" in self.arrays

    def rows(self, limit: int | None) -> list[int]:
        """Return which examples are drawn: so many of each language, all if None."""
        found: list[int] = []
        languages = self.arrays["language"]
        for code in dict.fromkeys(languages.tolist()):
            here = np.flatnonzero(languages == code)
            key = self.arrays["id" if self.tagged else "gold"][here].tolist()
            draw = drawn_rows if self.tagged else stratified
            found += here[draw(key, limit, SEED)].tolist()
        return found

    def examples(self, rows: Sequence[int]) -> Examples:
        """Return examples without their texts."""
        if self.tagged:
            return [self._sentence(row) for row in rows]
        return [self._pair(row) for row in rows]

    def _sentence(self, row: int) -> Tagged:
        tags = part(self.arrays, "tags", row, "words").tolist()
        return Tagged(
            id=str(self.arrays["id"][row]),
            words=("",) * len(tags),
            tags=tuple(tags),
            language=str(self.arrays["language"][row]),
        )

    def _pair(self, row: int) -> Labelled:
        said = {
            name: str(self.arrays[name][row]) for name in ("id", "language", "premise", "genre")
        }
        numbers = {name: int(self.arrays[name][row]) for name in ("gold", "negation")}
        return Labelled(**said, **numbers, pair=("", ""))  # type: ignore[arg-type]

    def digest(self, rows: Sequence[int]) -> str:
        """Return a digest of examples: ids, languages, right answers, texts."""
        found = sha256()
        for row in rows:
            right = part(self.arrays, "tags", row, "words") if self.tagged else self._gold(row)
            said = (self.arrays["id"][row], self.arrays["language"][row], right.tolist())
            found.update("\0".join((*map(str, said), str(self.arrays["sum"][row]), "\n")).encode())
        return found.hexdigest()

    def _gold(self, row: int) -> np.ndarray:
        return self.arrays["gold"][row : row + 1]


class _Tokenised(Batched[Any, Any]):
    """Examples that come as tokens.

    Args:
        predictor: the model.
        test: where they are from.
        rows: which of its examples.
        heads: names.
    """

    def __init__(
        self, predictor: Predictor, test: TestSet, rows: Sequence[int], heads: Sequence[str]
    ) -> None:
        Batched.__init__(self, predictor, test.examples(rows), heads, test.about["max_length"])
        self.changes: tuple[str, ...] = TRAINED
        self.seed = SEED
        self.test, self.places = test, rows

    def digest(self) -> str:
        return self.test.digest(self.places)

    def prepare(self, rows: Sequence[int]) -> Prepared:
        chosen = [self.places[row] for row in rows]
        encoded = features(self.test.arrays, chosen)
        if self.test.tagged:
            known = {"cut": np.array([one["first"].count(-1) for one in encoded])}
        else:
            known = {"overlap": self.test.arrays["overlap"][chosen]}
        return Prepared(rows, encoded, known)


class _Pairs(_Tokenised, Passes):
    """Sentence pairs; gates are not measured: these records keep answers only."""

    def _numbers(
        self, rows: Sequence[int], batch: TokenBatch, model: FrozenModel | None
    ) -> tuple[np.ndarray, np.ndarray]:
        if model is not None:
            return super()._numbers(rows, batch, model)
        none = np.full((len(rows), len(self.heads), len(GATE_MEASURES)), np.nan, np.float32)
        return self.predictor.probabilities(batch, self.heads)[None], none


class _Sentences(_Tokenised, TagPasses):
    """Sentences whose words are tagged."""


def evaluated(
    predictor: Predictor, test: TestSet, limit: int | None = None, command: str = ""
) -> Evaluated:
    """Return what all heads of a model answer on a tokenised test set.

    Args:
        predictor: a model with the vocabulary of the test set.
        test: the examples.
        limit: examples per language; all if None.
        command: the way to repeat this.

    Raises:
        MemoryFullError: one example alone does not fit into the device's memory.
    """
    rows = test.rows(limit)
    make = partial(_Sentences if test.tagged else _Pairs, predictor, test, rows)
    run = Run(
        predictor,
        test.examples(rows),
        seed=SEED,
        max_length=test.about["max_length"],
        settings={**test.about, "limit": limit, "sampling_seed": SEED},
        command=command,
        passes=make(predictor.heads),
    )
    with torch.inference_mode():
        for _progress in run.go():
            pass
    found = run.evaluation()
    assert found is not None
    return found
