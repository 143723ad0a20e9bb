"""Do answers survive small changes? Perturbed examples as runs of their own, held against clean.

Clean accuracy is not enough (arXiv 2403.10499). The clean run is an ordinary evaluation and each
perturbation one more, over the same examples as far as it can handle them: they go through the same
engine in the same chunks, are kept on disk, and go on after a kill. The control is a perturbation
that changes nothing, in another order: what differs there is the arithmetic's doing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial

from dlfa.analysis.evaluation import begin, drawn
from dlfa.analysis.predict import Predictor
from dlfa.analysis.progress import Progress, Turn
from dlfa.analysis.robust_effects import robustness_of
from dlfa.analysis.runs import Run
from dlfa.data.labelled import Labelled
from dlfa.data.perturbations import IDENTITY, Perturbation, chosen, perturb_all
from dlfa.data.splits import usual_split
from dlfa.data.tasks import task
from dlfa.errors import InputError, WrongTaskError
from dlfa.results import Evaluation, pairs_of
from dlfa.results.robustness import Robustness

__all__ = ["Suite", "Tested", "begin_suite"]


@dataclass(frozen=True, kw_only=True)
class Tested:
    """What there is of a suite: the answers, and what they say."""

    robustness: Robustness
    clean: Evaluation
    perturbed: Mapping[str, Evaluation]
    """By perturbation; those that could handle no example are missing."""


class Suite:
    """A clean run and one per perturbation.

    Args:
        clean: the ordinary evaluation.
        runs: by perturbation.
        left_out: examples without a run, by perturbation, language and reason.
    """

    def __init__(
        self,
        clean: Run,
        runs: Mapping[str, Run],
        left_out: Mapping[str, Mapping[str, Mapping[str, int]]],
    ) -> None:
        self.clean, self.runs, self.left_out = clean, runs, left_out

    @property
    def total(self) -> int:
        """Examples of all runs together."""
        return sum(run.total for run in self._every)

    @property
    def done(self) -> int:
        """Examples in whole chunks."""
        return sum(run.done for run in self._every)

    @property
    def _every(self) -> tuple[Run, ...]:
        return (self.clean, *self.runs.values())

    def go(self, turn: Turn = nullcontext, tokens: int | None = None) -> Iterator[Progress]:
        """Do what is left to do, run by run; to stop, stop iterating: see `Run.go`.

        Yields:
            how far all runs together are, after every job.
        """
        done, seconds, total = 0, 0.0, self.total
        for run in self._every:
            last = None
            for last in run.go(turn, tokens):
                yield replace(
                    last,
                    done=done + last.done,
                    answered=done + last.answered,
                    total=total,
                    seconds=seconds + last.seconds,
                )
            done += run.total
            seconds += last.seconds if last else 0.0

    def tested(self) -> Tested | None:
        """Return what whole chunks of all runs say; None before there is any of each."""
        found = {name: run.evaluation() for name, run in self.runs.items()}
        clean = self.clean.evaluation()
        if clean is None:
            return None
        there = {name: pairs_of(one) for name, one in found.items() if one is not None}
        if not there:
            return None
        about = pairs_of(clean)
        left_out = {name: _summed(each) for name, each in self.left_out.items()}
        return Tested(
            robustness=robustness_of(about, there, left_out), clean=about, perturbed=there
        )


def _summed(by_language: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in by_language.values():
        for reason, count in each.items():
            found[reason] = found.get(reason, 0) + count
    return found


def begin_suite(
    predictor: Predictor,
    perturbations: Iterable[str] = ("all",),
    languages: Iterable[str] = ("all",),
    *,
    split: str | None = None,
    limit: int | None = None,
    heads: Iterable[str] | str = "all",
    seed: int = 0,
    command: str = "",
    store: bool = True,
) -> Suite:
    """Return a suite over a model's own task, which goes on where an equal one was stopped.

    Args:
        predictor: a model of sentence pairs.
        perturbations: names, or ``("all",)``; the control is always there.
        languages: ISO codes, or ``("all",)``.
        split: as of `dlfa.analysis.evaluation.begin`.
        limit: pairs per language; all if None.
        heads: names, or ``"all"``.
        seed: of the draw, the order and the perturbations.
        command: what to write into the records as the way to repeat this.
        store: whether whole chunks, and finished records, are kept on disk.

    Raises:
        WrongTaskError: the model tags words.
        InputError: an unknown perturbation, or none that can handle any of the examples.
        UnknownLanguageError, UnknownHeadError, MissingDataError, OfflineError: see `dlfa.errors`.
    """
    known = task(predictor.model.config.task)
    if predictor.tagging:
        raise WrongTaskError("error.robustness.tagging", task=known.key)
    wanted = tuple(one for one in chosen(perturbations) if one is not IDENTITY)
    languages, split = tuple(languages), split or usual_split(known)
    start = partial(
        begin, predictor, languages, split=split, limit=limit, heads=heads, seed=seed, store=store
    )
    if (limit is not None and limit < 1) or seed < 0:  # said before anything is drawn
        start()
    examples = [
        one for one in drawn(predictor, languages, split, limit, seed) if isinstance(one, Labelled)
    ]
    clean = start(command=command, examples=examples)
    sets = {one.name: perturb_all(examples, one, seed) for one in (*wanted, IDENTITY)}
    runs = {
        one.name: _run(clean, one, sets[one.name].examples, seed, store)
        for one in (*wanted, IDENTITY)
        if sets[one.name].examples
    }
    if wanted and len(runs) == 1:
        raise InputError("error.robustness.empty", names=", ".join(one.name for one in wanted))
    for name, run in runs.items():
        run.settings["left_out"] = sets[name].left_out
    return Suite(clean, runs, {one.name: sets[one.name].left_out for one in (*wanted, IDENTITY)})


def _run(
    clean: Run, how: Perturbation, examples: Sequence[Labelled], seed: int, store: bool
) -> Run:
    """Return a run over perturbed examples: as the clean one but for them."""
    told = ("task", "split", "limit", "sampling_seed", "max_length", "source", "absent")
    settings = {name: clean.settings[name] for name in told if name in clean.settings}
    return Run(
        clean.predictor,
        examples,
        clean.heads,
        seed=seed + (how is IDENTITY),  # another order: other batches, so that there is noise
        max_length=clean.passes.max_length,
        settings=settings
        | {"perturbation": how.name, "perturbation_seed": seed, "expects": how.expects},
        command=clean.command,
        store=store,
    )
