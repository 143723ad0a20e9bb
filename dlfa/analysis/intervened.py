"""Interventions on the gate over labelled pairs: an evaluation of every head under each of them.

The same engine as `python -m dlfa evaluate`: chunks on disk, so that a run may be stopped and goes
on where it was, and short jobs. One encoder pass per batch serves the gate as trained, every
intervention and every control.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from dlfa.analysis import evaluation
from dlfa.analysis.batched import Batched
from dlfa.analysis.changes import shuffles
from dlfa.analysis.controls import controls
from dlfa.analysis.gates import fusing
from dlfa.analysis.interventions import Gates, controls_of
from dlfa.analysis.kinds import Examples
from dlfa.analysis.passes import Passes
from dlfa.analysis.predict import Predictor
from dlfa.analysis.runs import Run
from dlfa.data.collation import TokenBatch
from dlfa.errors import InputError
from dlfa.results import BASELINE, Intervention
from dlfa.results.interventions import TRAINED_GATE

__all__ = ["InterventionPasses", "InterventionRun", "begin_trial", "with_controls"]


class InterventionPasses(Passes):
    """Pairs, heads and interventions on one model; ``changes`` are interventions as `str` writes.

    See `dlfa.analysis.passes.Passes`.
    """

    def _changed(self, rows: Sequence[int], batch: TokenBatch) -> np.ndarray:
        predictor = self.predictor
        states = tuple(state.float() for state in predictor.states(batch))
        mask = batch["attention_mask"].bool()
        done = [Intervention.parse(change) for change in self.changes]
        keys = [self.examples[row].id for row in rows]
        moved = shuffles(mask, states[0].shape[-1], keys, self.seed)
        heads = predictor.model.heads
        gates = Gates(heads, predictor.frozen.heads, states, mask, controls(predictor))
        fused = [name for name in self.heads if name != BASELINE]
        found = np.empty((len(done), len(rows), len(self.heads), len(predictor.labels)), np.float32)
        found[:, :, [self.heads.index(name) for name in fused]] = gates.answers(fused, done, moved)
        if BASELINE in self.heads:
            with torch.inference_mode():
                logits = predictor.frozen.heads(states, mask, (BASELINE,))[:, 0]
            found[:, :, self.heads.index(BASELINE)] = logits.softmax(-1).float().cpu().numpy()
        return found


class InterventionRun(Run):
    """A run under interventions; see `dlfa.analysis.runs.Run`."""

    against: Mapping[str, str]
    """The control of each that was asked for."""

    def _known(self, changes: Sequence[str]) -> tuple[str, ...]:
        known = tuple(dict.fromkeys(str(Intervention.parse(change)) for change in changes))
        if len(known) < 2 or known[0] != str(TRAINED_GATE):
            raise InputError("error.intervention.none")
        for one in map(Intervention.parse, known):
            if one.tokens or one.swaps:
                raise InputError("error.intervention.one_pair", name=str(one))
        return known

    def _passes(self, *, seed: int, max_length: int | None) -> Batched[Any, Any]:
        about = self.predictor, self.examples, self.heads, self.changes
        return InterventionPasses(*about, seed=seed, max_length=max_length)

    def _identity(self, data: str) -> dict[str, object]:
        return super()._identity(data) | {"interventions": 1}

    def _finish(self) -> None:
        """Keep the chunks: whoever asks again, here or on the command line, has them at once."""


def with_controls(
    done: Iterable[Intervention], channels: int, seed: int = 0
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return what a run computes, the gate as trained in front and controls behind; and the control
    that each intervention is held against.

    Args:
        done: interventions on the whole gate or at chosen channels.
        channels: of the encoder.
        seed: of random channels.
    """
    asked = list(dict.fromkeys(one for one in done if one != TRAINED_GATE))
    against = {one: controls_of(one, 0, channels, 1, seed)[0] for one in asked}
    behind = [one for one in dict.fromkeys(against.values()) if one not in asked]
    changes = tuple(map(str, (TRAINED_GATE, *asked, *behind)))
    return changes, {str(one): str(control) for one, control in against.items()}


def begin_trial(
    predictor: Predictor,
    interventions: Sequence[Intervention],
    languages: Iterable[str] = ("all",),
    *,
    split: str | None = None,
    limit: int | None = None,
    heads: Iterable[str] | str = "all",
    seed: int = 0,
    command: str = "",
    examples: Examples | None = None,
    store: bool = True,
) -> InterventionRun:
    """Return a run over a model's own task under interventions, or go on with one.

    Args:
        predictor: the model.
        interventions: what is done to the gate, on the whole or at chosen channels.
        languages: see `dlfa.analysis.evaluation.begin`, as are the others.
        split: a set of the task's.
        limit: pairs per language.
        heads: names; the baseline has no gate and is left out.
        seed: of the draw, the order, shuffles and random channels.
        command: the way to repeat this.
        examples: instead of a draw.
        store: whether whole chunks are kept on disk.

    Raises:
        InputError: no intervention, or one that belongs to a single pair.
        DlfaError: see `dlfa.analysis.evaluation.begin`.
    """
    predictor.encode([])  # raises where words are tagged
    channels = int(predictor.model.config.encoder_config.hidden_size)
    changes, against = with_controls(interventions, channels, seed)
    run = evaluation.begin(
        predictor,
        languages,
        split=split,
        limit=limit,
        heads=fusing(predictor, heads),
        seed=seed,
        changes=changes,
        command=command,
        examples=examples,
        store=store,
        kind=InterventionRun,
    )
    assert isinstance(run, InterventionRun)
    run.against = against
    run.settings |= {"interventions": list(map(str, interventions))}
    return run
