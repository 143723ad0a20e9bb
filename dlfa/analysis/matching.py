"""What two runs have in common: the same examples and heads, in one order, under one's labels."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Bool, Int

from dlfa.errors import RunError
from dlfa.results import Evaluated, Evaluation, TaggedEvaluation

__all__ = ["matched"]

Run = TypeVar("Run", Evaluation, TaggedEvaluation)
Rows = Int[np.ndarray, " row"]

OTHERS = 0.02  # of the ids in common: where more stand for other examples, it is other data
SEPARATOR = "\t"  # between id and language: neither holds one
BY_WORD = ("gold", "answers")  # of a tagged evaluation; its other arrays are by sentence


def matched(first: Run, second: Run) -> tuple[Run, Run]:
    """Return the parts of two runs that both have, row by row the same examples.

    Args:
        first: whose labels and order of heads both parts have.
        second: another run of the same kind.

    Raises:
        RunError: they have nothing in common, or are of other data.
    """
    heads = [head for head in first.heads if head in second.heads]
    alike = all(first.settings.get(key) == second.settings.get(key) for key in ("task", "split"))
    if not heads or not alike or set(first.labels) != set(second.labels):
        raise RunError("error.comparison.apart")
    second = _relabelled(second, first.labels)
    _keys, mine, theirs = np.intersect1d(_keys_of(first), _keys_of(second), return_indices=True)
    if not len(mine):
        raise RunError("error.comparison.apart")
    same = _same(_part(first, mine, heads), _part(second, theirs, heads))
    if not _one_file(first, second) or 1 - same.mean() > OTHERS:
        raise RunError("error.comparison.data")
    return _part(first, mine[same], heads), _part(second, theirs[same], heads)


def _same(first: Run, second: Run) -> Bool[np.ndarray, " row"]:
    """Whether the right answers are the same: else the id is another example's."""
    if isinstance(first, Evaluation) or isinstance(second, Evaluation):
        found: np.ndarray = first.gold == second.gold
        return found
    one, other = (np.split(run.gold, np.cumsum(run.sizes)[:-1]) for run in (first, second))
    return np.array([np.array_equal(*each) for each in zip(one, other, strict=True)])


def _one_file(first: Evaluated, second: Evaluated) -> bool:
    """Own files count their examples: only the digest of the texts tells one from another."""
    data = first.settings.get("data")
    own = first.settings.get("split") == "own"
    return not own or (data is not None and data == second.settings.get("data"))


def _keys_of(run: Evaluated) -> np.ndarray:
    return np.strings.add(np.strings.add(run.ids, SEPARATOR), run.languages)


def _relabelled(run: Run, labels: tuple[str, ...]) -> Run:
    """The same run with its labels in another order."""
    places = np.array([*(labels.index(label) for label in run.labels), -1])  # the last is −1's
    changed: dict[str, Any] = {"gold": places[run.gold], "answers": places[run.answers]}
    return replace(run, labels=labels, **changed | _without_numbers(run))


def _part(run: Run, rows: Rows, heads: Sequence[str]) -> Run:
    columns = [run.heads.index(head) for head in heads]
    arrays = {one.name: getattr(run, one.name) for one in fields(run)} | _without_numbers(run)
    kept: dict[str, Any] = {
        name: value[_places(run, name, rows)]
        for name, value in arrays.items()
        if isinstance(value, np.ndarray)
    }
    kept["answers"] = kept["answers"][:, columns]
    return replace(run, heads=tuple(heads), **kept | _without_numbers(run))


def _places(run: Evaluated, name: str, rows: Rows) -> Int[np.ndarray, " place"]:
    """Where these examples are in one of the run's arrays."""
    if isinstance(run, TaggedEvaluation) and name in BY_WORD:
        return _words(run, rows)
    return rows


def _words(run: TaggedEvaluation, rows: Rows) -> Int[np.ndarray, " word"]:
    """The words of these sentences, in their order."""
    starts = np.cumsum(run.sizes) - run.sizes
    return np.concatenate([np.arange(starts[row], starts[row] + run.sizes[row]) for row in rows])


def _without_numbers(run: Evaluated) -> dict[str, Any]:
    """What a comparison of answers does not ask for."""
    return {"probabilities": None, "gates": None} if isinstance(run, Evaluation) else {}
