"""Zero-shot evaluation: every head and language, one encoder pass per batch.

A run takes its examples in random chunks (see `dlfa.analysis.chunks`), so that what it says midway
is unbiased, keeps every whole chunk on disk (see `dlfa.analysis.store`), so that it may be stopped
or killed and goes on where it was, and does its work in short jobs, so that others may have the
model between two of them. The page and the command line share all this: one continues the other's.
"""

import logging
from collections.abc import Iterable, Sequence

import numpy as np

from dlfa.analysis.batched import TRAINED, Part
from dlfa.analysis.examples import BUILT_IN, OWN, sample
from dlfa.analysis.kinds import Examples, passes_of
from dlfa.analysis.predict import Predictor
from dlfa.analysis.progress import Progress
from dlfa.analysis.runs import Run
from dlfa.analysis.tag_examples import absent, sample_sentences
from dlfa.data.sources import origin
from dlfa.data.splits import check_split, usual_split
from dlfa.data.tasks import Task, task
from dlfa.errors import InputError, MissingDataError
from dlfa.results import Evaluated

__all__ = ["Part", "Progress", "Run", "begin", "drawn", "evaluate", "forecast"]

log = logging.getLogger(__name__)

TRIED = 32  # examples that a forecast measures
TRIED_TOKENS = 512  # sub-words that a forecast computes: half a second on two cores


def begin(
    predictor: Predictor,
    languages: Iterable[str] = ("all",),
    *,
    split: str | None = None,
    limit: int | None = None,
    heads: Iterable[str] | str = "all",
    seed: int = 0,
    changes: Sequence[str] = TRAINED,
    command: str = "",
    examples: Examples | None = None,
    store: bool = True,
    kind: type[Run] = Run,
) -> Run:
    """Return a run over a model's own task, which goes on where an equal one was stopped.

    Args:
        predictor: the model.
        languages: ISO codes, or ``("all",)``; where words are tagged, all that the source has.
        split: ``"validation"``, ``"test"``, another set of the task's, or ``"built-in"`` for our
            own sentences; by default the test set, or what the source here has in its place.
        limit: pairs per language, drawn stratified by label, or sentences; the same ids in every
            language of a parallel set.
        heads: names, or ``"all"``.
        seed: of the draw, the order and the shuffles.
        changes: of the gate, see `dlfa.results.CHANGES`, or ``("all",)``.
        command: what to write into the record as the way to repeat this.
        examples: instead of a draw; ``split`` then says what they are, such as ``"own"``.
        store: whether whole chunks, and the finished record, are kept on disk; of own data never.
        kind: of run, such as `dlfa.analysis.intervened.InterventionRun`.

    Raises:
        InputError: an unknown change, a change where words are tagged, a limit below 1, or a
            seed below 0.
        UnknownLanguageError, UnknownHeadError, MissingDataError, OfflineError: see `dlfa.errors`.
    """
    known = task(predictor.model.config.task)
    if limit is not None and limit < 1:
        raise InputError("error.evaluation.limit", limit=limit)
    if seed < 0:
        raise InputError("error.evaluation.seed", seed=seed)
    split = split or usual_split(known)
    if examples is None:
        examples = drawn(predictor, languages, split, limit, seed)
    max_length = predictor.max_tokens if predictor.tagging else known.max_length
    settings = {
        "task": known.key,
        "split": split,
        "limit": limit,
        "sampling_seed": seed,
        "max_length": max_length,
        **_source(known, split, tuple(languages)),
    }
    return kind(
        predictor,
        examples,
        heads,
        changes,
        seed=seed,
        max_length=max_length,
        settings=settings,
        command=command,
        store=store and split != OWN,
    )


def drawn(
    predictor: Predictor, languages: Iterable[str], split: str, limit: int | None, seed: int
) -> Examples:
    """Draw labelled examples of a model's own task: pairs, or sentences of words; see `begin`."""
    known = task(predictor.model.config.task)
    if split != BUILT_IN:
        check_split(known, split)
    elif not known.own:
        raise MissingDataError("error.data.own", task=known.key)
    if predictor.tagging:
        return sample_sentences(predictor, languages, split, limit, seed)
    return sample(predictor, languages, split, limit, seed)


def _source(known: Task, split: str, languages: tuple[str, ...]) -> dict[str, object]:
    """Return where examples come from, and which languages of the task are not there."""
    if split in (BUILT_IN, OWN):
        return {}
    lacking = absent(known, split) if languages == ("all",) else ()
    return {"source": origin(known.corpus(split)), **({"absent": lacking} if lacking else {})}


def evaluate(
    predictor: Predictor,
    languages: Iterable[str] = ("all",),
    *,
    split: str | None = None,
    limit: int | None = None,
    heads: Iterable[str] | str = "all",
) -> Evaluated:
    """Evaluate a model on its own task at once, keeping nothing on disk; see `begin`."""
    run = begin(predictor, languages, split=split, limit=limit, heads=heads, store=False)
    for progress in run.go():
        if progress.whole:
            log.info("%d of %d examples", progress.done, progress.total)
    found = run.evaluation()
    assert found is not None
    return found


def forecast(predictor: Predictor, examples: Examples, heads: Iterable[str] | str = "all") -> float:
    """Return how many seconds a run over these examples would take, measured on a few of them.

    However long they are, it is one short job: what a few took is scaled by sub-words.

    Args:
        predictor: the model.
        examples: at least one.
        heads: names, or ``"all"``.
    """
    chosen = np.random.default_rng(0).permutation(len(examples))[:TRIED]
    some = [examples[at] for at in chosen.tolist()]
    passes = passes_of(predictor, some, predictor.model.heads.choose(heads))
    every = passes.prepare(range(len(chosen))).tokens
    few = max(1, int((every.cumsum() <= TRIED_TOKENS).sum()))
    (warm_up,) = passes.jobs(passes.prepare([int(every[:few].argmin())]), TRIED_TOKENS)
    warm_up()  # the first pass of a process is slower
    jobs = passes.jobs(passes.prepare(range(few)), TRIED_TOKENS)
    seconds = sum(job().seconds for job in jobs) / int(every[:few].sum())
    return seconds * float(every.mean()) * len(examples)
