"""A run: labelled examples on their way through all heads, chunk by chunk, kept on disk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from dlfa.analysis.batched import TRAINED, Batched, Part, Prepared
from dlfa.analysis.changes import choose
from dlfa.analysis.chunks import in_chunks
from dlfa.analysis.kinds import Examples, kept_of, passes_of
from dlfa.analysis.predict import BATCH_TOKENS, Predictor
from dlfa.analysis.progress import Clock, Progress, Turn
from dlfa.analysis.store import Store, digest_of
from dlfa.errors import InputError
from dlfa.results import Evaluated

__all__ = ["Run"]

VERSION = 2  # of what chunks on disk hold and of how they are drawn
FIRST = 64  # examples of the first chunk, so that a first answer is there within seconds
LARGEST = {"cuda": 8192}  # examples of a chunk, by device
LARGEST_ELSEWHERE = 384
BUDGET = {"cuda": 65_536}  # sub-words of a batch, by device; elsewhere `BATCH_TOKENS`
PERTURBED = ("perturbation", "perturbation_seed")  # settings of runs over perturbed examples only
AUDITED = 96  # examples on which bfloat16 is held against float32
AUDIT_TOKENS = 512  # of a batch in float32, which may be slow


class Run:
    """Labelled examples on their way through all heads.

    Args:
        predictor: the model.
        examples: at least one: pairs, or sentences for a model that tags words.
        heads: names, or ``"all"``.
        changes: of the gate, see `dlfa.results.CHANGES`; ``("all",)`` for all.
        seed: of the order of the examples, and of the shuffles.
        max_length: longest input in sub-words, the model's own by default.
        settings: what to write into the records beside what the run knows itself.
        command: the way to repeat this.
        store: whether whole chunks, and the finished record, are kept on disk.
        passes: how the examples go through the model; what suits its task if None.

    Raises:
        TextError: an empty or over-long text.
        UnknownHeadError: a head this model does not have.
        InputError: an unknown change, a change where words are tagged, or no example.
    """

    def __init__(
        self,
        predictor: Predictor,
        examples: Examples,
        heads: Iterable[str] | str = "all",
        changes: Sequence[str] = TRAINED,
        *,
        seed: int = 0,
        max_length: int | None = None,
        settings: Mapping[str, object] | None = None,
        command: str = "",
        store: bool = False,
        passes: Batched[Any, Any] | None = None,
    ) -> None:
        if not examples:
            raise InputError("error.evaluation.empty")
        self.predictor = predictor
        self.examples: tuple[Any, ...] = tuple(examples)
        self.heads = tuple(dict.fromkeys(predictor.model.heads.choose(heads)))
        self.changes = self._known(changes)
        about: dict[str, Any] = {"seed": seed, "max_length": max_length}
        self.passes = passes or self._passes(**about)
        self._found = kept_of(predictor, self.examples, self.changes, self.heads)
        self.command = command
        data = self.passes.digest()
        self.settings: dict[str, Any] = {
            "shuffle_seed": seed,
            "data": data[:16],
            **(settings or {}),
        }
        device = predictor.model.device.type
        largest = LARGEST.get(device, LARGEST_ELSEWHERE)
        self.chunks = in_chunks(self.examples, seed, FIRST, largest)
        self.digest = digest_of(self._identity(data) | {"device": device, "largest": largest})
        self.store = Store(self.digest) if store else None
        self.finished: Evaluated | None = None
        self._flips: dict[str, Any] | None = None
        self._open = set(range(len(self.chunks)))  # chunks that are not whole
        self._collect()
        self.kept = self.done

    def _known(self, changes: Sequence[str]) -> tuple[str, ...]:
        """Return the changes of the gate by name; see `dlfa.analysis.changes.choose`."""
        return choose(changes)

    def _passes(self, *, seed: int, max_length: int | None) -> Batched[Any, Any]:
        """Return how the examples go through the model."""
        about = self.predictor, self.examples, self.heads, self.changes
        return passes_of(*about, seed=seed, max_length=max_length)

    def _identity(self, data: str) -> dict[str, object]:
        """Return what shapes the numbers, down to the last digit."""
        made = self.predictor.provenance
        return {
            "version": VERSION,
            "model": (made.checkpoint, made.backbone, made.revision, made.dtype),
            "config": self.predictor.model.config.to_json_string(),
            "weights": self.predictor.weights,
            "versions": {name: made.versions[name] for name in ("torch", "transformers")},
            "heads": self.heads,
            "changes": self.changes,
            "seed": self.settings["shuffle_seed"],
            "max_length": self.passes.max_length,
            "examples": data,
            "about": {name: self.settings.get(name) for name in ("task", "split", "limit")}
            | {name: self.settings[name] for name in PERTURBED if name in self.settings},
        }

    @property
    def total(self) -> int:
        """Examples of the run."""
        return len(self.examples)

    @property
    def done(self) -> int:
        """Examples in whole chunks."""
        return self.total if self.finished else int(self._found.there.sum())

    def go(self, turn: Turn = nullcontext, tokens: int | None = None) -> Iterator[Progress]:
        """Do what is left to do, job by job; to stop, stop iterating.

        Args:
            turn: gives the context in which each job runs.
            tokens: sub-words of one job, padding included, by default what suits the device; fewer
                once the device's memory was full.

        Yields:
            how far it is, after every job.

        Raises:
            MemoryFullError: one example alone does not fit into the device's memory.
        """
        tokens = tokens or BUDGET.get(self.predictor.model.device.type, BATCH_TOKENS)
        clock = Clock()
        if self.store:
            self.store.tidy()
        with ThreadPoolExecutor(1, "tokenise") as background:
            order = sorted(self._open)
            ready = [background.submit(self.passes.prepare, self.chunks[at]) for at in order[:1]]
            for place, chunk in enumerate(order):
                ready += [
                    background.submit(self.passes.prepare, self.chunks[at])
                    for at in order[place + 1 : place + 2]
                ]
                prepared = ready.pop(0).result()
                if not self._take(chunk) and not self._adopt():  # nobody has done it meanwhile
                    yield from self._compute(chunk, prepared, turn, tokens, clock)
                if self.finished:
                    break
                self._audit(turn)
                yield self._progress(clock, whole=True)
        if not self.finished:
            self._audit(turn)
            self._finish()
        if self.store:
            self.store.tidy()
        yield self._progress(clock, whole=True)

    def _compute(
        self, chunk: int, prepared: Prepared, turn: Turn, tokens: int, clock: Clock
    ) -> Iterator[Progress]:
        parts: list[Part] = []
        jobs = self.passes.jobs(prepared, tokens)
        for job in jobs:
            with turn():
                parts.append(job())
            clock.tick(parts[-1])
            if len(parts) < len(jobs):
                answered = sum(len(part.rows) for part in parts)
                yield self._progress(clock, whole=False, answered=answered)
        self._found.take(prepared, parts)
        clock.open = 0.0
        self._open.discard(chunk)
        if self.store:
            self.store.write(chunk, self._found.arrays(self.chunks[chunk]))

    def _progress(self, clock: Clock, *, whole: bool, answered: int = 0) -> Progress:
        return Progress(
            done=self.done,
            answered=self.done + answered,
            total=self.total,
            seconds=float(self._found.seconds.sum()) + clock.open,
            rate=clock.rate,
            whole=whole,
        )

    def _collect(self) -> None:
        """Take in what lies on disk."""
        if self.store and not self._adopt():
            for chunk in sorted(self._open):
                self._take(chunk)

    def _adopt(self) -> bool:
        """Take in the finished record, if there is one."""
        found = self.store.finished() if self.store and len(self.changes) == 1 else None
        if found is None or len(found.ids) != self.total:
            return False
        self.finished = found
        self._open.clear()
        return True

    def _take(self, chunk: int) -> bool:
        """Take in a chunk from the disk, if it is there and fits."""
        found = self.store.read(chunk) if self.store else None
        if found is None or not self._found.put(self.chunks[chunk], found):
            return False
        self._open.discard(chunk)
        return True

    def _audit(self, turn: Turn) -> None:
        """Count, once, the answers that bfloat16 turned on a random sample of the first chunks."""
        exact = self.changes != TRAINED or self.predictor.provenance.dtype == "float32"
        if exact or self._flips is not None or self.done < min(AUDITED, self.total):
            return
        done = np.flatnonzero(self._found.there)
        rows = np.random.default_rng(0).permutation(done)[:AUDITED].tolist()
        with turn():
            model = self.passes.exact()
        parts = []
        for job in self.passes.jobs(self.passes.prepare(rows), AUDIT_TOKENS, model):
            with turn():
                parts.append(job())
        self._flips = self._found.flips(parts)

    def _finish(self) -> None:
        if self.store and len(self.changes) == 1:
            found = self.evaluation()
            assert found is not None
            self.store.finish(found)
        elif self.store:
            self.store.drop()

    def evaluation(self) -> Evaluated | None:
        """Return what whole chunks say with the (first change of the) gate; None before any."""
        return next(iter(self.evaluations().values()), None)

    def evaluations(self) -> dict[str, Evaluated]:
        """Return what whole chunks say, by change of the gate; empty before any."""
        found, predictor = self._found, self.predictor
        if self.finished:
            made = replace(self.finished.provenance, command=self.command)
            settings = self.settings | dict(self.finished.settings)
            return {self.changes[0]: replace(self.finished, settings=settings, provenance=made)}
        if not found.there.any():
            return {}
        about = self.settings | {"total": self.total}
        about |= {"flips": self._flips} if self._flips else {}
        provenance = replace(predictor.provenance, command=self.command)
        facts = self.heads, predictor.labels, provenance
        return {
            change: found.evaluation(at, *facts, about | {"gate": change})
            for at, change in enumerate(self.changes)
        }

    def steps(self, tokens: int = BATCH_TOKENS) -> list[Callable[[], Part]]:
        """Return all jobs at once, for a small run; what they give makes `result`."""
        return self.passes.jobs(self._whole, tokens)

    def result(self, parts: Sequence[Part]) -> dict[str, Evaluated]:
        """Return one evaluation per change of the gate.

        Args:
            parts: what all `steps` gave, in any order.
        """
        self._found.take(self._whole, parts)
        return self.evaluations()

    @cached_property
    def _whole(self) -> Prepared:
        return self.passes.prepare(range(self.total))
