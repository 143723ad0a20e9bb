"""Gates over a set of pairs: shares, what explains their variance, and batch-norm drift."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.controls import controls
from dlfa.analysis.examples import Labelled
from dlfa.analysis.gates import fusing
from dlfa.analysis.moments import CellSums, DriftSums, cell_sums, drift, drift_sums, explained
from dlfa.analysis.predict import Predictor, batches
from dlfa.data.collation import collate, to_device
from dlfa.model.fusion import Fused, masked_mean
from dlfa.model.modeling import Head
from dlfa.results import PARTS, GateStudy, head_gate

__all__ = ["Part", "Study", "gate_study"]

STATES = ("trained", "noise")
STEP_TOKENS = 512  # a step's sub-words: under half a second on two cores


@dataclass(frozen=True)
class Part:
    """What one step found: some pairs of one language."""

    language: int
    rows: list[int]
    share: Mapping[str, Float[np.ndarray, "row head part"]]
    """By state, ``"trained"`` and ``"noise"``."""
    whole: Mapping[str, Float[np.ndarray, "row head"]]
    """By state: over all tokens."""
    cells: Mapping[tuple[str, str], CellSums]
    """By head and state."""
    drift: Mapping[str, tuple[DriftSums, DriftSums]]
    """By head: global and local branch."""
    seconds: float


def gate_study(
    predictor: Predictor, pairs: Sequence[Labelled], *, data: str = "built-in"
) -> GateStudy:
    """Study the gates of every fusion head over labelled pairs.

    Args:
        predictor: the model.
        pairs: at least one.
        data: what the set is called.

    Raises:
        TextError: an empty or over-long text.
        UnknownHeadError: the model has no head with a gate.
    """
    study = Study(predictor, pairs, data=data)
    return study.result([step() for step in study.steps()])


class Study:
    """A study in short steps, for those who share the machine with others.

    Args:
        predictor: the model.
        pairs: at least one.
        data: what the set is called.
    """

    def __init__(
        self, predictor: Predictor, pairs: Sequence[Labelled], *, data: str = "built-in"
    ) -> None:
        self.predictor, self.pairs, self.data = predictor, tuple(pairs), data
        self.names = fusing(predictor)
        self.languages = tuple(dict.fromkeys(pair.language for pair in pairs))
        self.encoded = predictor.encode([pair.pair for pair in pairs])

    def steps(self) -> list[Callable[[], Part]]:
        """Return the steps; what they give, in any order, makes the result."""
        found: list[Callable[[], Part]] = []
        for language, code in enumerate(self.languages):
            of_it = [row for row, pair in enumerate(self.pairs) if pair.language == code]
            lengths = [len(self.encoded[row]["input_ids"]) for row in of_it]
            for places in batches(lengths, STEP_TOKENS):
                rows = [of_it[place] for place in places]
                found += [partial(self._take, language, rows)]
        return found

    @torch.inference_mode()
    def _take(self, language: int, rows: list[int]) -> Part:
        began = time.perf_counter()
        chosen = [self.encoded[row] for row in rows]
        batch = collate(chosen, self.predictor.tokenizer.pad_token_id)
        batch = to_device(batch, self.predictor.model.device)
        states = tuple(state.float() for state in self.predictor.states(batch))
        mask = batch["attention_mask"].bool()
        parts = self._parts(rows, mask)
        share = {state: np.empty((len(rows), len(self.names), len(PARTS))) for state in STATES}
        whole = {state: np.empty((len(rows), len(self.names))) for state in STATES}
        cells, moved = {}, {}
        for at, name in enumerate(self.names):
            head, twin = self.predictor.model.heads[name], controls(self.predictor).noise[name]
            for state, fused in zip(STATES, _both(head, twin, states, mask), strict=True):
                lower = states[head.layer or 0]
                shares = _shares(lower, states[-1], fused)
                share[state][:, at] = _by_part(shares, parts)
                whole[state][:, at] = (shares * (parts >= 0)).sum(1) / (parts >= 0).sum(1)
                cells[name, state] = cell_sums(fused.attention[mask])
            moved[name] = _drift(head, states, mask)
        return Part(language, rows, share, whole, cells, moved, time.perf_counter() - began)

    def _parts(self, rows: list[int], mask: Tensor) -> np.ndarray:
        """Return ``(batch token)`` indices into `PARTS`, −1 on padding."""
        parts = np.full(tuple(mask.shape), -1)
        for line, row in enumerate(rows):
            segment = self.predictor.tokens(self.pairs[row].pair).segment
            parts[line, : len(segment)] = [PARTS.index(part) for part in segment]
        return parts

    def result(self, parts: Sequence[Part]) -> GateStudy:
        """Put together what all the steps found."""
        shape = len(self.pairs), len(self.names), len(PARTS)
        share = {state: np.full(shape, np.nan, np.float32) for state in STATES}
        whole = {state: np.full(shape[:2], np.nan, np.float32) for state in STATES}
        for part in parts:
            for state in STATES:
                share[state][part.rows] = part.share[state]
                whole[state][part.rows] = part.whole[state]
        away = np.array(
            [[self._away(parts, name, branch) for branch in (0, 1)] for name in self.names]
        )
        kinds = dict.fromkeys(head_gate(name) or "" for name in self.names)
        return GateStudy(
            data=self.data,
            heads=self.names,
            languages=self.languages,
            labels=self.predictor.labels,
            language=np.array([self.languages.index(pair.language) for pair in self.pairs]),
            label=np.array([pair.gold for pair in self.pairs]),
            share=share["trained"],
            noise_share=share["noise"],
            whole=whole["trained"],
            noise_whole=whole["noise"],
            explained={
                kind: {state: self._explained(parts, kind, state) for state in STATES}
                for kind in kinds
            },
            drift=away[..., 0],
            spread=away[..., 1],
            pairs=len(self.pairs),
            passes=len(parts),
            milliseconds=1000 * sum(part.seconds for part in parts),
            provenance=self.predictor.provenance,
        )

    def _explained(self, parts: Sequence[Part], kind: str, state: str) -> dict[str, float]:
        names = [name for name in self.names if head_gate(name) == kind]
        layers = [[part.cells[name, state] for part in parts] for name in names]
        return explained(layers, [part.language for part in parts])

    def _away(self, parts: Sequence[Part], name: str, branch: int) -> list[tuple[float, float]]:
        return [
            drift([part.drift[name][branch] for part in parts if part.language == language])
            for language in range(len(self.languages))
        ]


def _both(head: Head, twin: Head, states: tuple[Tensor, ...], mask: Tensor) -> tuple[Fused, Fused]:
    trained, noise = head.fuse(states, mask), twin.fuse(states, mask)
    assert trained is not None
    assert noise is not None
    return trained, noise


def _shares(lower: Tensor, last: Tensor, fused: Fused) -> Float[np.ndarray, "batch token"]:
    """Return the lower layer's share of every token."""
    one = (fused.gate * lower).norm(dim=-1)
    other = ((1 - fused.gate) * last).norm(dim=-1)
    return (one / (one + other).clamp_min(torch.finfo(one.dtype).tiny)).cpu().numpy()


def _by_part(
    shares: Float[np.ndarray, "batch token"], parts: np.ndarray
) -> Float[np.ndarray, "batch part"]:
    """Return the mean share of each part's tokens, NaN where a part has none."""
    found = np.full((len(shares), len(PARTS)), np.nan)
    for at in range(len(PARTS)):
        there = parts == at
        count = there.sum(1)
        np.divide((shares * there).sum(1), count, out=found[:, at], where=count > 0)
    return found


def _drift(head: Head, states: tuple[Tensor, ...], mask: Tensor) -> tuple[DriftSums, DriftSums]:
    fusion = head.fusion
    assert fusion is not None
    inputs = states[head.layer or 0].lerp(states[-1], 0.5)
    return (
        drift_sums(fusion.aif.global_branch, masked_mean(inputs, mask)),
        drift_sums(fusion.aif.local_branch, inputs[mask]),
    )
