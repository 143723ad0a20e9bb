"""Zero-shot evaluation: every head and language, one encoder pass per batch.

With the gate as trained, or changed: all changes of the gate share the same pass.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from jaxtyping import Float

from dlfa.analysis.changes import changed_logits, choose, shuffles
from dlfa.analysis.controls import controls
from dlfa.analysis.examples import Labelled, sample
from dlfa.analysis.predict import BATCH_TOKENS, Predictor, batches
from dlfa.data.collation import TokenBatch, collate, to_device
from dlfa.data.tasks import task
from dlfa.results import Evaluation

__all__ = ["Answers", "Run", "evaluate", "evaluate_changes"]

log = logging.getLogger(__name__)

TRAINED = ("trained",)

Answers = tuple[list[int], Float[np.ndarray, "change _ head label"], float]
"""What one step gives: its rows, their probabilities, and the seconds it took."""


class Run:
    """Labelled pairs on their way through all heads, in steps short enough to share a machine.

    Args:
        predictor: the model.
        examples: at least one.
        heads: names, or ``"all"``.
        changes: of the gate, see `dlfa.results.CHANGES`; ``("all",)`` for all.
        seed: of the shuffles.
        max_length: longest input in sub-words, the model's own by default.

    Raises:
        TextError: an empty or over-long text.
        UnknownHeadError: a head this model does not have.
        InputError: an unknown change.
    """

    def __init__(
        self,
        predictor: Predictor,
        examples: Sequence[Labelled],
        heads: Iterable[str] | str = "all",
        changes: Sequence[str] = TRAINED,
        *,
        seed: int = 0,
        max_length: int | None = None,
    ) -> None:
        self.predictor, self.examples, self.seed = predictor, tuple(examples), seed
        self.heads = predictor.model.heads.choose(heads)
        self.changes = choose(changes)
        self.encoded = predictor.encode([one.pair for one in examples], max_length)

    def steps(self, tokens: int = BATCH_TOKENS) -> list[Callable[[], Answers]]:
        """Return the steps; what they give, in any order, makes the result.

        Args:
            tokens: sub-words of one step, padding included.
        """
        lengths = [len(example["input_ids"]) for example in self.encoded]
        return [partial(self._take, rows) for rows in batches(lengths, tokens)]

    def _take(self, rows: list[int]) -> Answers:
        began = time.perf_counter()
        predictor = self.predictor
        chosen = collate([self.encoded[row] for row in rows], predictor.tokenizer.pad_token_id)
        batch = to_device(chosen, predictor.model.device)
        if self.changes == TRAINED:
            found = predictor.probabilities(batch, self.heads)[None]
        else:
            found = self._changed(rows, batch)
        return rows, found, time.perf_counter() - began

    def _changed(self, rows: list[int], batch: TokenBatch) -> np.ndarray:
        predictor = self.predictor
        states = tuple(state.float() for state in predictor.states(batch))
        mask = batch["attention_mask"].bool()
        keys = [self.examples[row].id for row in rows]
        moved = shuffles(mask, states[0].shape[-1], keys, self.seed)
        twins = controls(predictor)
        logits = changed_logits(
            predictor.model.heads, twins, self.heads, self.changes, states, mask, moved
        )
        found = torch.stack([logits[change] for change in self.changes])
        return found.softmax(-1).cpu().numpy()

    def result(
        self,
        parts: Sequence[Answers],
        settings: Mapping[str, object] | None = None,
        command: str = "",
    ) -> dict[str, Evaluation]:
        """Return one evaluation per change.

        Args:
            parts: what all the steps gave.
            settings: what to write into the records beside what the run knows itself.
            command: the way to repeat this.
        """
        predictor = self.predictor
        shape = len(self.changes), len(self.examples), len(self.heads), len(predictor.labels)
        found = np.full(shape, np.nan, np.float32)
        for rows, probabilities, _seconds in parts:
            found[:, rows] = probabilities
        about = {
            "passes": len(parts),
            "seconds": round(sum(part[2] for part in parts), 1),
            "shuffle_seed": self.seed,
            **(settings or {}),
        }
        return {
            change: Evaluation(
                ids=np.array([one.id for one in self.examples]),
                languages=np.array([one.language for one in self.examples]),
                gold=np.array([one.gold for one in self.examples]),
                tokens=np.array([len(example["input_ids"]) for example in self.encoded]),
                probabilities=probabilities,
                heads=self.heads,
                labels=predictor.labels,
                settings=about | {"gate": change},
                provenance=replace(predictor.provenance, command=command),
            )
            for change, probabilities in zip(self.changes, found, strict=True)
        }


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
    found = evaluate_changes(
        predictor,
        TRAINED,
        languages,
        split=split,
        limit=limit,
        heads=heads,
        seed=seed,
        command=command,
    )
    return found["trained"]


def evaluate_changes(
    predictor: Predictor,
    changes: Sequence[str] = ("all",),
    languages: Iterable[str] = ("all",),
    *,
    split: str = "test",
    limit: int | None = None,
    heads: Iterable[str] | str = "all",
    seed: int = 0,
    command: str = "",
) -> dict[str, Evaluation]:
    """Evaluate a model with its gates changed, every change on the same examples.

    Args:
        predictor: the model.
        changes: of `dlfa.results.CHANGES`, or ``("all",)``.
        languages: ISO codes, or ``("all",)``.
        split: ``"validation"``, ``"test"``, or ``"built-in"`` for our own sentences.
        limit: pairs per language, drawn stratified by label; the same ids in every language.
        heads: names, or ``"all"``.
        seed: of the draw and of the shuffles.
        command: what to write into the records as the way to repeat this.

    Raises:
        InputError: an unknown change.
        UnknownLanguageError, UnknownHeadError, MissingDataError, OfflineError: see `dlfa.errors`.
    """
    known = task(predictor.model.config.task)
    examples = sample(predictor, languages, split, limit, seed)
    run = Run(predictor, examples, heads, changes, seed=seed, max_length=known.max_length)
    steps, parts = run.steps(), []
    for at, step in enumerate(steps, start=1):
        parts.append(step())
        if at % max(1, len(steps) // 10) == 0:
            log.info("%d of %d batches", at, len(steps))
    settings = {
        "task": known.key,
        "split": split,
        "limit": limit,
        "sampling_seed": seed,
        "max_length": known.max_length,
    }
    return run.result(parts, settings, command)
