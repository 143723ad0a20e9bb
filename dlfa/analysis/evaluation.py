"""Zero-shot evaluation: every head and language, one encoder pass per batch.

A run takes its examples in random chunks (see `dlfa.analysis.chunks`), so that what it says midway
is unbiased, keeps every whole chunk on disk (see `dlfa.analysis.store`), so that it may be stopped
or killed and goes on where it was, and does its work in short jobs, so that others may have the
model between two of them. The page and the command line share all this: one continues the other's.
"""

import logging
from collections.abc import Iterable, Sequence

import numpy as np

from dlfa.analysis.examples import OWN, Labelled, sample
from dlfa.analysis.passes import TRAINED, Answers, Passes
from dlfa.analysis.predict import Predictor
from dlfa.analysis.progress import Progress
from dlfa.analysis.runs import Run
from dlfa.data.tasks import task
from dlfa.errors import InputError
from dlfa.results import Evaluation

__all__ = ["Answers", "Progress", "Run", "begin", "evaluate", "forecast"]

log = logging.getLogger(__name__)

TRIED = 32  # examples that a forecast measures
TRIED_TOKENS = 512  # sub-words that a forecast computes: half a second on two cores


def begin(
    predictor: Predictor,
    languages: Iterable[str] = ("all",),
    *,
    split: str = "test",
    limit: int | None = None,
    heads: Iterable[str] | str = "all",
    seed: int = 0,
    changes: Sequence[str] = TRAINED,
    command: str = "",
    examples: Sequence[Labelled] | None = None,
    store: bool = True,
) -> Run:
    """Return a run over a model's own task, which goes on where an equal one was stopped.

    Args:
        predictor: the model.
        languages: ISO codes, or ``("all",)``.
        split: ``"validation"``, ``"test"``, or ``"built-in"`` for our own sentences.
        limit: pairs per language, drawn stratified by label; the same ids in every language.
        heads: names, or ``"all"``.
        seed: of the draw, the order and the shuffles.
        changes: of the gate, see `dlfa.results.CHANGES`, or ``("all",)``.
        command: what to write into the record as the way to repeat this.
        examples: instead of a draw; ``split`` then says what they are, such as ``"own"``.
        store: whether whole chunks, and the finished record, are kept on disk; of own data never.

    Raises:
        InputError: an unknown change, or a limit below 1.
        UnknownLanguageError, UnknownHeadError, MissingDataError, OfflineError: see `dlfa.errors`.
    """
    known = task(predictor.model.config.task)
    if limit is not None and limit < 1:
        raise InputError("error.evaluation.limit", limit=limit)
    if examples is None:
        examples = sample(predictor, languages, split, limit, seed)
    settings = {
        "task": known.key,
        "split": split,
        "limit": limit,
        "sampling_seed": seed,
        "max_length": known.max_length,
    }
    return Run(
        predictor,
        examples,
        heads,
        changes,
        seed=seed,
        max_length=known.max_length,
        settings=settings,
        command=command,
        store=store and split != OWN,
    )


def evaluate(
    predictor: Predictor,
    languages: Iterable[str] = ("all",),
    *,
    split: str = "test",
    limit: int | None = None,
    heads: Iterable[str] | str = "all",
) -> Evaluation:
    """Evaluate a model on its own task at once, keeping nothing on disk; see `begin`."""
    run = begin(predictor, languages, split=split, limit=limit, heads=heads, store=False)
    for progress in run.go():
        if progress.whole:
            log.info("%d of %d pairs", progress.done, progress.total)
    found = run.evaluation()
    assert found is not None
    return found


def forecast(
    predictor: Predictor, examples: Sequence[Labelled], heads: Iterable[str] | str = "all"
) -> float:
    """Return how many seconds a run over these examples would take, measured on a few of them.

    However long they are, it is one short job: what a few took is scaled by sub-words.

    Args:
        predictor: the model.
        examples: at least one.
        heads: names, or ``"all"``.
    """
    chosen = np.random.default_rng(0).permutation(len(examples))[:TRIED]
    passes = Passes(predictor, [examples[at] for at in chosen], predictor.model.heads.choose(heads))
    every = passes.prepare(range(len(chosen))).tokens
    few = max(1, int((every.cumsum() <= TRIED_TOKENS).sum()))
    (warm_up,) = passes.jobs(passes.prepare([int(every[:few].argmin())]), TRIED_TOKENS)
    warm_up()  # the first pass of a process is slower
    jobs = passes.jobs(passes.prepare(range(few)), TRIED_TOKENS)
    seconds = sum(job().seconds for job in jobs) / int(every[:few].sum())
    return seconds * float(every.mean()) * len(examples)
