"""Zero-shot evaluation: every head and language, one encoder pass per batch."""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from dlfa.analysis.predict import Predictor
from dlfa.data.sources import Pair, evaluation_pairs
from dlfa.data.tasks import Task, task
from dlfa.results import Evaluation

__all__ = ["evaluate", "stratified"]

log = logging.getLogger(__name__)


def evaluate(
    predictor: Predictor,
    languages: Iterable[str] = ("all",),
    *,
    split: str = "test",
    limit: int | None = None,
    heads: Iterable[str] | str = "all",
    seed: int = 0,
    command: str = "",
) -> Evaluation:
    """Evaluate a model on its own task's labelled examples.

    Args:
        predictor: the model.
        languages: ISO codes, or ``("all",)``.
        split: ``"validation"`` or ``"test"``.
        limit: pairs per language, drawn stratified by label; the same ids in every language.
        heads: names, or ``"all"``.
        seed: of the draw.
        command: what to write into the record as the way to repeat this.

    Raises:
        UnknownLanguageError, UnknownHeadError, MissingDataError, OfflineError: see `dlfa.errors`.
    """
    known = task(predictor.model.config.task)
    names = predictor.model.heads.choose(heads)
    chosen = known.check(tuple(languages))
    began = time.monotonic()
    parts = []
    for language in chosen:
        pairs = evaluation_pairs(known, language, split)
        rows = stratified([pair.label for pair in pairs], limit, seed)
        parts.append(_language(predictor, known, language, [pairs[row] for row in rows], names))
        accuracy = parts[-1].right.mean()
        log.info("%s: %d pairs, mean accuracy %.3f", language, len(rows), accuracy)
    settings = {
        "task": known.key,
        "split": split,
        "limit": limit,
        "sampling_seed": seed,
        "max_length": known.max_length,
        "seconds": round(time.monotonic() - began, 1),
    }
    return replace(
        joined(parts),
        settings=settings,
        provenance=replace(predictor.provenance, command=command),
    )


def stratified(labels: Sequence[int], limit: int | None, seed: int) -> list[int]:
    """Return row numbers, in order, of a draw with the same share of each label.

    Args:
        labels: one per row.
        limit: how many rows; all if None or larger than there are.
        seed: of the draw.
    """
    if limit is None or limit >= len(labels):
        return list(range(len(labels)))
    known = sorted(set(labels))
    generator = np.random.default_rng(seed)
    rows: list[int] = []
    for place, label in enumerate(known):
        share = (limit * (place + 1)) // len(known) - (limit * place) // len(known)
        of_label = np.flatnonzero(np.asarray(labels) == label)
        rows += generator.permutation(of_label)[:share].tolist()
    return sorted(rows)


def _language(
    predictor: Predictor, known: Task, language: str, pairs: Sequence[Pair], heads: tuple[str, ...]
) -> Evaluation:
    encoded = predictor.encode([(pair.first, pair.second) for pair in pairs], known.max_length)
    probabilities = np.empty((len(pairs), len(heads), len(known.labels)), np.float32)
    for rows, batch in predictor.batches(encoded):
        probabilities[rows] = predictor.probabilities(batch, heads)
    return Evaluation(
        ids=np.array([pair.id for pair in pairs]),
        languages=np.full(len(pairs), language),
        gold=np.array([pair.label for pair in pairs]),
        tokens=np.array([len(example["input_ids"]) for example in encoded]),
        probabilities=probabilities,
        heads=heads,
        labels=known.labels,
        settings={},
        provenance=predictor.provenance,
    )


def joined(parts: Sequence[Evaluation]) -> Evaluation:
    """Return several languages' evaluations as one."""

    def column(name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in parts])

    return replace(
        parts[0],
        ids=column("ids"),
        languages=column("languages"),
        gold=column("gold"),
        tokens=column("tokens"),
        probabilities=column("probabilities"),
    )
