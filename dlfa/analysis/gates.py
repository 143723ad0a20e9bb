"""Look into the gates: every fusion layer from one encoder pass, each beside its controls."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.changes import changed_logits, shuffles
from dlfa.analysis.controls import Controls, controls
from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.errors import UnknownHeadError
from dlfa.model.fusion import DLFA, Attended
from dlfa.model.modeling import Head, Heads
from dlfa.results import BASELINE, CHANGES, GateEffects, GateSweep, HeadGate, head_gate, head_layer

__all__ = ["fusing", "gate_effects", "gate_on", "gate_sweep", "joined_effects", "lower_share"]

DRAWS = 20  # permutations per shuffle of one pair
NO_ANSWER = np.array(np.nan, np.float32)  # of a model without a baseline

Cells = Float[np.ndarray, "token dim"]
States = tuple[Tensor, ...]


def fusing(predictor: Predictor, heads: Iterable[str] | str = "all") -> tuple[str, ...]:
    """Return those of the heads that have a gate.

    Raises:
        UnknownHeadError: a head this model does not have, or none with a gate.
    """
    names = tuple(name for name in predictor.model.heads.choose(heads) if name != BASELINE)
    if not names:
        raise UnknownHeadError("error.head.no_gate", known=", ".join(predictor.heads[1:]))
    return names


def gate_sweep(
    predictor: Predictor, pair: SentencePair, heads: Iterable[str] | str = "all"
) -> GateSweep:
    """Return the gates of every fusion head asked for, from one encoder pass.

    Args:
        predictor: the model.
        pair: (premise, hypothesis).
        heads: names; the baseline has no gate and is only asked for its answer.

    Raises:
        TextError: an empty or over-long text.
        UnknownHeadError: a head this model does not have, or none with a gate.
    """
    names = predictor.model.heads.choose(heads)
    fused = fusing(predictor, names)
    tokens = predictor.tokens(pair)
    twins = controls(predictor)
    features = predictor.encode([pair])
    began = time.perf_counter()
    ((_, batch),) = predictor.batches(features)
    states = tuple(state.float() for state in predictor.states(batch))
    mask = batch["attention_mask"].bool()
    probabilities = _answers(predictor.model.heads, names, states, mask)
    gates = tuple(gate_on(name, predictor.model.heads, states, twins, mask) for name in fused)
    seconds = time.perf_counter() - began
    return GateSweep(
        tokens=tokens,
        heads=gates,
        predictions=predictor.answer(probabilities, names, features[0]),
        passes=1,
        milliseconds=1000 * seconds,
        provenance=predictor.provenance,
    )


@torch.inference_mode()
def _answers(
    heads: Heads, names: tuple[str, ...], states: States, mask: Tensor
) -> Float[np.ndarray, "head label"]:
    logits = torch.stack([heads[name](states, mask)[0] for name in names], dim=1)
    return logits.softmax(-1).cpu().numpy()[0]


@torch.inference_mode()
def gate_on(name: str, heads: Heads, states: States, twins: Controls, mask: Tensor) -> HeadGate:
    """Return one fusion head's gate on one sentence or pair, beside its controls.

    Args:
        name: of a head with a gate.
        heads: the model's.
        states: all hidden states in float32, each ``(1 token dim)``.
        twins: the same heads, never trained.
        mask: ``(1 token)``, true on real tokens.
    """
    layer = head_layer(name) or 0
    lower, last = _array(states[layer]), _array(states[-1])
    trained, untrained, noise = (
        _attended(made[name], states, mask) for made in (heads, twins.untrained, twins.noise)
    )
    kind = head_gate(name)
    assert kind is not None
    gate, by_chance = (_array(_used(kind, made)) for made in (trained, noise))
    return HeadGate(
        head=name,
        layer=layer,
        kind=kind,
        attention=_array(trained.attention),
        gate=gate,
        share=lower_share(lower, last, gate),
        untrained=_array(untrained.attention),
        noise=_array(noise.attention),
        cell_share=_share(np.abs(gate * lower), np.abs((1 - gate) * last)),
        noise_share=lower_share(lower, last, by_chance),
        global_logits=trained.global_logits[0].float().cpu().numpy(),
        local_logits=_array(trained.local_logits),
    )


def _attended(head: Head, states: States, mask: Tensor) -> Attended:
    fusion, layer = head.fusion, head.layer
    assert isinstance(fusion, DLFA)
    assert layer is not None
    found = fusion.aif(states[layer].lerp(states[-1], 0.5), mask)
    assert isinstance(found, Attended)
    return found


def _used(kind: str, attended: Attended) -> Tensor:
    """Return g as used: the literal reading multiplies s with AIF's input."""
    return attended.output if kind == "paper" else attended.attention


def _array(states: Tensor) -> Cells:
    return states[0].float().cpu().numpy()


def lower_share(lower: Cells, last: Cells, gate: Cells) -> Float[np.ndarray, " token"]:
    """Return ‖g⊙L1‖ / (‖g⊙L1‖ + ‖(1−g)⊙L2‖) per token, in [0, 1]."""
    from_lower = np.linalg.norm(gate * lower, axis=-1)
    from_last = np.linalg.norm((1 - gate) * last, axis=-1)
    return _share(from_lower, from_last)


def _share(one: Float[np.ndarray, "..."], other: Float[np.ndarray, "..."]) -> np.ndarray:
    total = one + other
    return np.divide(one, total, out=np.zeros_like(total), where=total > 0)


@torch.inference_mode()
def gate_effects(
    predictor: Predictor,
    pair: SentencePair,
    heads: Iterable[str] | str = "all",
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> GateEffects:
    """Return what each change of the gate does to one pair's answers, from one encoder pass.

    Args:
        predictor: the model.
        pair: (premise, hypothesis).
        heads: names; the baseline answers in any case.
        draws: permutations per shuffle.
        seed: of the permutations.

    Raises:
        TextError: an empty or over-long text.
        UnknownHeadError: a head this model does not have, or none with a gate.
    """
    names = fusing(predictor, heads)
    twins = controls(predictor)
    model = predictor.model
    began = time.perf_counter()
    ((_, batch),) = predictor.batches(predictor.encode([pair]))
    states = tuple(state.float() for state in predictor.states(batch))
    mask = batch["attention_mask"].bool()
    known = (BASELINE,) if BASELINE in predictor.heads else ()
    baseline = _answers(model.heads, known, states, mask)[0] if known else NO_ANSWER
    keys = [str(draw) for draw in range(draws)]
    moved = shuffles(mask.expand(draws, -1), states[0].shape[-1], keys, seed)
    logits = changed_logits(model.heads, twins, names, CHANGES, states, mask, moved)
    answers = [logits[change].softmax(-1).cpu().numpy() for change in CHANGES]  # (draw head label)
    return GateEffects(
        changes=CHANGES,
        heads=names,
        labels=predictor.labels,
        probabilities=np.array([found.mean(0) for found in answers]),
        deviations=np.array([found.std(0) for found in answers]),
        baseline=np.broadcast_to(baseline, len(predictor.labels)),
        draws=draws,
        passes=1,
        milliseconds=1000 * (time.perf_counter() - began),
        provenance=predictor.provenance,
    )


def joined_effects(parts: Sequence[GateEffects]) -> GateEffects:
    """Return several heads' effects on one pair as one."""
    return replace(
        parts[0],
        heads=tuple(head for part in parts for head in part.heads),
        probabilities=np.concatenate([part.probabilities for part in parts], axis=1),
        deviations=np.concatenate([part.deviations for part in parts], axis=1),
        passes=sum(part.passes for part in parts),
        milliseconds=sum(part.milliseconds for part in parts),
    )
