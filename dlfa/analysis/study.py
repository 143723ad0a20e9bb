"""Gates over a set of pairs: shares, what explains their variance, and batch-norm drift."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.controls import controls
from dlfa.analysis.evaluation import Labelled
from dlfa.analysis.gates import fusing
from dlfa.analysis.moments import Drift, Groups, Variance
from dlfa.analysis.predict import Predictor, batches
from dlfa.data.collation import collate, to_device
from dlfa.model.fusion import AIF
from dlfa.results import PARTS, GateStudy, head_gate

__all__ = ["BRANCHES", "Study", "gate_study"]

BRANCHES = ("global", "local")
STATES = ("trained", "noise")
STEP_TOKENS = 512  # a step's sub-words: under half a second on two cores


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
    for step in study.steps():
        step()
    return study.result()


@dataclass(frozen=True)
class _Where:
    """Which pairs, parts and languages the tokens of one batch belong to."""

    rows: list[int]
    parts: np.ndarray
    """``(batch token)``: index into `PARTS`, −1 on padding."""
    sentences: Groups
    tokens: Groups

    def shares(self, cells: np.ndarray) -> Float[np.ndarray, "batch part"]:
        """Return the mean share of each part's tokens, NaN where a part has none."""
        found = np.full((len(self.rows), len(PARTS)), np.nan)
        for at in range(len(PARTS)):
            there = self.parts == at
            count = there.sum(1)
            total = (cells * there).sum(1)
            np.divide(total, count, out=found[:, at], where=count > 0)
        return found


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
        self.language = np.array([self.languages.index(pair.language) for pair in pairs])
        self.encoded = predictor.encode([pair.pair for pair in pairs])
        self.seconds, self.passes = 0.0, 0
        shape = len(pairs), len(self.names), len(PARTS)
        self.share = {state: np.full(shape, np.nan) for state in STATES}
        dim = int(predictor.model.config.encoder_config.hidden_size)
        self.variance = {
            (kind, state): Variance(dim, len(self.languages))
            for kind in ("paper", "aff")
            for state in STATES
        }
        self.drift = {
            (name, branch): _drift(predictor, name, branch, len(self.languages))
            for name in self.names
            for branch in BRANCHES
        }

    def steps(self) -> Iterator[Callable[[], None]]:
        """Yield the steps; all of them, in any order, make the result."""
        lengths = [len(example["input_ids"]) for example in self.encoded]
        for rows in batches(lengths, STEP_TOKENS):
            yield lambda rows=rows: self._take(rows)  # type: ignore[misc]

    @torch.inference_mode()
    def _take(self, rows: list[int]) -> None:
        began = time.perf_counter()
        predictor = self.predictor
        chosen = collate([self.encoded[row] for row in rows], predictor.tokenizer.pad_token_id)
        batch = to_device(chosen, predictor.model.device)
        states = tuple(state.float() for state in predictor.states(batch))
        mask = batch["attention_mask"].bool()
        where = self._where(rows, mask)
        for at, name in enumerate(self.names):
            self._head(at, name, states, mask, where)
        self.seconds += time.perf_counter() - began
        self.passes += 1

    def _where(self, rows: list[int], mask: Tensor) -> _Where:
        parts = np.full(tuple(mask.shape), -1)
        for line, row in enumerate(rows):
            segment = self.predictor.tokens(self.pairs[row].pair).segment
            parts[line, : len(segment)] = [PARTS.index(part) for part in segment]
        spoken, count = self.language[rows], len(self.languages)
        sizes = (parts >= 0).sum(1)
        return _Where(rows, parts, Groups(spoken, count), Groups(np.repeat(spoken, sizes), count))

    def _head(
        self, at: int, name: str, states: tuple[Tensor, ...], mask: Tensor, where: _Where
    ) -> None:
        head, twin = self.predictor.model.heads[name], controls(self.predictor).noise[name]
        layer = head.layer or 0
        lower, last = states[layer], states[-1]
        inputs = lower.lerp(last, 0.5)
        for state, made in zip(STATES, (head, twin), strict=True):
            fused = made.fuse(states, mask)
            assert fused is not None
            self.share[state][where.rows, at] = where.shares(_norms(lower, last, fused.gate))
            spread = self.variance[head_gate(name) or "", state]
            spread.add(layer, fused.attention[mask], where.tokens)
        for branch in BRANCHES:
            self.drift[name, branch].add(inputs, mask, where.sentences, where.tokens)

    def result(self) -> GateStudy:
        """Return what the steps so far found."""
        drift = [[self.drift[name, branch] for branch in BRANCHES] for name in self.names]
        labels = self.predictor.labels
        kinds = {head_gate(name) or "" for name in self.names}
        return GateStudy(
            data=self.data,
            heads=self.names,
            languages=self.languages,
            labels=labels,
            language=self.language,
            label=np.array([pair.gold for pair in self.pairs]),
            share=self.share["trained"].astype(np.float32),
            noise_share=self.share["noise"].astype(np.float32),
            explained={
                kind: {state: self.variance[kind, state].explained() for state in STATES}
                for kind in sorted(kinds, reverse=True)
            },
            drift=np.array([[one.distance() for one in row] for row in drift]),
            spread=np.array([[one.spread() for one in row] for row in drift]),
            pairs=len(self.pairs),
            passes=self.passes,
            milliseconds=1000 * self.seconds,
            provenance=self.predictor.provenance,
        )


def _norms(lower: Tensor, last: Tensor, gate: Tensor) -> np.ndarray:
    """Return the lower layer's share of every token."""
    one, other = (gate * lower).norm(dim=-1), ((1 - gate) * last).norm(dim=-1)
    return (one / (one + other).clamp_min(1e-12)).cpu().numpy()


def _drift(predictor: Predictor, name: str, branch: str, languages: int) -> Drift:
    fusion = predictor.model.heads[name].fusion
    assert fusion is not None
    aif: AIF = fusion.aif
    if branch == "global":
        return Drift(aif.global_branch, languages, pooled=True)
    return Drift(aif.local_branch, languages, pooled=False)
