"""What if the gate were another one? One pair's answers."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.alignment import MIDDLE, by_word, linked
from dlfa.analysis.changes import Shuffles, shuffles
from dlfa.analysis.controls import Controls, controls
from dlfa.analysis.forced import Foreign, changed_gate, fused_logits, see
from dlfa.analysis.gates import fusing
from dlfa.analysis.interventions import Gates, controls_of, expanded
from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.analysis.swapped import laid_over, weights_between
from dlfa.model.fusion import masked_mean
from dlfa.results import (
    BASELINE,
    Intervention,
    Swapped,
    Tokens,
    WhatIf,
)
from dlfa.results.interventions import TRAINED_GATE
from dlfa.shapes import ChannelGate, TokenMask, TokenStates

__all__ = [
    "Held",
    "baseline_answer",
    "fused_answer",
    "gates_on",
    "hold",
    "pair_heads",
    "permutations",
    "states_of",
    "what_if",
]

DRAWS = 20  # permutations per shuffle of one pair, and random places per edit
CHECKED = 16  # gates per head that the second full pass fuses one by one

Answers = Float[np.ndarray, "variant head label"]
Groups = Float[np.ndarray, "change head label"]


@dataclass(frozen=True)
class Held:
    """One pair's hidden states, kept, and what its translation's gate is over its tokens."""

    gates: Gates
    tokens: Tokens
    swapped: Swapped | None
    passes: int
    seconds: float
    """Of the encoder."""


def what_if(
    predictor: Predictor,
    pair: SentencePair,
    interventions: Sequence[Intervention],
    heads: Iterable[str] | str = "all",
    *,
    translation: SentencePair | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> WhatIf:
    """Return one pair's answers under interventions on the gate, each beside its control.

    One encoder pass, one more with a translation; then one pass over the heads alone for all
    interventions, draws and controls. A second full pass tells the error.

    Args:
        predictor: the model.
        pair: (premise, hypothesis).
        interventions: what is done; the gate as trained is added in front.
        heads: names; the baseline answers in any case.
        translation: whose gate is swapped in.
        draws: permutations per shuffle, and random places per edit.
        seed: of both.

    Raises:
        TextError: an empty or over-long text.
        UnknownHeadError: a head this model does not have, or none with a gate.
        WrongTaskError: the model tags words.
        InputError: a swap without a translation, or a token or channel that is not there.
    """
    names = pair_heads(predictor, heads)
    done = tuple(dict.fromkeys((TRAINED_GATE, *interventions)))
    held = hold(predictor, pair, names, translation)
    length, channels = held.gates.states[-1].shape[1:]
    groups = [expanded(one, draws) for one in done]
    groups += [controls_of(one, length, channels, draws, seed) for one in done]
    groups += [(Intervention(kind="one"),)]
    flat = [one for group in groups for one in group]
    moved = permutations(held.gates.mask, channels, draws, seed)
    began = time.perf_counter()
    found = held.gates.answers(names, flat, moved)[:, 0]  # (variant head label)
    milliseconds = 1000 * (time.perf_counter() - began)
    means, deviations = _by_group(found, [len(group) for group in groups])
    return WhatIf(
        interventions=done,
        heads=names,
        labels=predictor.labels,
        probabilities=means[: len(done)],
        deviations=deviations[: len(done)],
        controls=means[len(done) : -1],
        control_deviations=deviations[len(done) : -1],
        baseline=baseline_answer(predictor, held.gates)[0],
        lower=means[-1],
        draws=draws,
        variants=len(flat),
        error=_error(predictor, pair, held, names, flat, found, moved),
        passes=held.passes,
        milliseconds=milliseconds,
        encoder_milliseconds=1000 * held.seconds,
        tokens=held.tokens,
        swapped=held.swapped,
        provenance=predictor.provenance,
    )


def pair_heads(predictor: Predictor, heads: Iterable[str] | str) -> tuple[str, ...]:
    """Return the fusion heads asked for, of a model that answers pairs."""
    predictor.encode([])  # raises where words are tagged
    return fusing(predictor, heads)


def permutations(mask: TokenMask, channels: int, draws: int, seed: int) -> Shuffles:
    """Return so many permutations of one pair's tokens and of the channels."""
    return shuffles(mask.expand(draws, -1), channels, [str(draw) for draw in range(draws)], seed)


def hold(
    predictor: Predictor,
    pair: SentencePair,
    names: Sequence[str],
    translation: SentencePair | None = None,
) -> Held:
    """Return a pair's hidden states, kept for any number of interventions.

    Args:
        predictor: the model.
        pair: (premise, hypothesis).
        names: of the heads whose gates are swapped in from the translation.
        translation: the pair in another language.
    """
    twins = controls(predictor)
    pairs = [pair] if translation is None else [pair, translation]
    tokens = [predictor.tokens(one) for one in pairs]
    began = time.perf_counter()
    states = [states_of(predictor, one) for one in pairs]
    seconds = time.perf_counter() - began
    gates = gates_on(predictor, states[0], twins)
    swapped = None
    if translation is not None:
        foreign, swapped = _foreign(predictor, tokens, states, names, twins)
        gates = replace(gates, foreign=foreign)
    return Held(gates, tokens[0], swapped, len(pairs), seconds)


def gates_on(predictor: Predictor, states: Sequence[TokenStates], twins: Controls | None) -> Gates:
    """Return every gate of a model on one pair's hidden states."""
    mask = torch.ones(states[0].shape[:2], dtype=torch.bool, device=states[0].device)
    model = predictor.model
    return Gates(model.heads, predictor.frozen.heads, tuple(states), mask, twins)


def states_of(predictor: Predictor, pair: SentencePair) -> tuple[TokenStates, ...]:
    """Return one pair's hidden states in float32: one encoder pass."""
    ((_rows, batch),) = predictor.batches(predictor.encode([pair]))
    return tuple(state.float() for state in predictor.states(batch))


@torch.inference_mode()
def _foreign(
    predictor: Predictor,
    tokens: Sequence[Tokens],
    states: Sequence[Sequence[Tensor]],
    names: Sequence[str],
    twins: Controls,
) -> tuple[Mapping[str, Foreign], Swapped]:
    """Return the translation's gates over the pair's tokens, by head, and how they were laid."""
    layer = round(MIDDLE * predictor.model.config.layers)
    vectors = [
        by_word(found[layer][0].cpu().numpy(), seen)
        for found, seen in zip(states, tokens, strict=True)
    ]
    links = linked((tokens[0], tokens[1]), (vectors[0], vectors[1]), layer)
    weights, told = weights_between(tokens[0], tokens[1], links)
    mask = torch.ones(states[1][0].shape[:2], dtype=torch.bool, device=states[1][0].device)
    heads = predictor.model.heads
    every = {name: see(heads[name], states[1], mask, twins.noise[name]) for name in names}

    def laid(gate: ChannelGate, twin: Foreign | None = None) -> Foreign:
        return Foreign(laid_over(weights, gate), masked_mean(gate, mask), twin)

    return {
        name: laid(seen.gate(), laid(seen.gate(twin=True))) for name, seen in every.items()
    }, told


def _by_group(found: Answers, sizes: Sequence[int]) -> tuple[Groups, Groups]:
    """Return mean and standard deviation of each group of variants."""
    parts = np.split(found, np.cumsum(sizes)[:-1])
    return np.array([part.mean(0) for part in parts]), np.array([part.std(0) for part in parts])


@torch.inference_mode()
def baseline_answer(predictor: Predictor, gates: Gates) -> Float[np.ndarray, "batch label"]:
    """Return the baseline's answer; NaN where a model has none."""
    if BASELINE not in predictor.heads:
        return np.full((len(gates.mask), len(predictor.labels)), np.nan, np.float32)
    logits = gates.frozen(gates.states, gates.mask, (BASELINE,))[:, 0]
    return logits.softmax(-1).float().cpu().numpy()


@torch.inference_mode()
def _error(
    predictor: Predictor,
    pair: SentencePair,
    held: Held,
    names: Sequence[str],
    done: Sequence[Intervention],
    found: Answers,
    moved: Shuffles,
) -> float:
    """Return the largest difference to a second full pass, on gates spread over all variants."""
    again = replace(held.gates, states=states_of(predictor, pair))
    places = np.unique(np.linspace(0, len(done) - 1, CHECKED).round().astype(int)).tolist()
    return max(
        float(np.abs(fused_answer(again, name, done[place], moved) - found[place, at]).max())
        for at, name in enumerate(names)
        for place in places
    )


def fused_answer(
    gates: Gates, name: str, one: Intervention, moved: Shuffles
) -> Float[np.ndarray, " label"]:
    """Return one head's answer under one intervention on one pair, every token fused."""
    drawn = Shuffles(moved.tokens[[one.draw]], moved.channels[[one.draw]])
    seen = gates.seen(name, twin=one.twin)
    gate = changed_gate(one, seen, drawn, gates.foreign[name] if gates.foreign else None)
    logits = fused_logits(gates.heads[name], seen, gate)
    return logits.softmax(-1)[0].float().cpu().numpy()
