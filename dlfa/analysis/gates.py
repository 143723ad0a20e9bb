"""Look into the gates: every fusion layer from one encoder pass, each beside its controls."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.data.sources import own_items
from dlfa.errors import UnknownHeadError
from dlfa.model.checkpoints import initial_heads
from dlfa.model.fusion import Fused
from dlfa.model.modeling import DlfaConfig, Heads
from dlfa.results import BASELINE, GateSweep, HeadGate, head_gate, head_layer

__all__ = ["Controls", "controls", "gate_sweep", "lower_share"]


@dataclass(frozen=True)
class Controls:
    """The same heads, never trained, with batch norm calibrated on our own English pairs."""

    untrained: Heads
    """Exactly as training found them: the same seed, the same `gate_init`."""
    noise: Heads
    """The same seed with PyTorch's standard initial weights: what chance draws."""


@lru_cache(maxsize=4)
def controls(predictor: Predictor) -> Controls:
    """Return a model's untrained twins, made once per model."""
    config = predictor.model.config
    standard = DlfaConfig(**{**config.to_dict(), "gate_init": "standard"})
    pairs = [item.text["en"] for item in own_items()]
    _, batch = next(iter(predictor.batches(predictor.encode(pairs))))
    states = tuple(state.float() for state in predictor.states(batch))
    mask = batch["attention_mask"].bool()
    twins = (initial_heads(made).to(mask.device) for made in (config, standard))
    return Controls(*(calibrated(heads, states, mask) for heads in twins))


@torch.no_grad()
def calibrated(heads: Heads, states: tuple[Tensor, ...], mask: Tensor) -> Heads:
    """Set the batch-norm statistics from one batch, as the first training step would see it.

    Without this an untrained gate in eval mode would divide by a variance it never had, and look
    flatter than it is.
    """
    norms = [module for module in heads.modules() if isinstance(module, torch.nn.BatchNorm1d)]
    for norm in norms:
        norm.momentum = None  # a plain average: the batch's own statistics
    heads.train()
    for name in heads.by_name:
        heads[name].fuse(states, mask)
    return heads.eval().requires_grad_(False)


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
    fusing = [name for name in names if name != BASELINE]
    if not fusing:
        raise UnknownHeadError("error.head.no_gate", known=", ".join(predictor.heads[1:]))
    tokens = predictor.tokens(pair)
    twins = controls(predictor)
    features = predictor.encode([pair])
    began = time.perf_counter()
    ((_, batch),) = predictor.batches(features)
    states = tuple(state.float() for state in predictor.states(batch))
    mask = batch["attention_mask"].bool()
    logits, fused = _run(predictor.model.heads, names, states, mask)
    seconds = time.perf_counter() - began
    probabilities = logits.softmax(-1).cpu().numpy()[0]
    return GateSweep(
        tokens=tokens,
        heads=tuple(_gate(name, fused[name], states, twins, mask) for name in fusing),
        predictions=predictor.answer(probabilities, names, features[0]),
        passes=1,
        milliseconds=1000 * seconds,
        provenance=predictor.provenance,
    )


@torch.inference_mode()
def _run(
    heads: Heads, names: tuple[str, ...], states: tuple[Tensor, ...], mask: Tensor
) -> tuple[Tensor, dict[str, Fused]]:
    answers = {name: heads[name](states, mask) for name in names}
    logits = torch.stack([scores for scores, _ in answers.values()], dim=1)
    return logits, {name: gate for name, (_, gate) in answers.items() if gate is not None}


@torch.inference_mode()
def _gate(
    name: str, fused: Fused, states: tuple[Tensor, ...], twins: Controls, mask: Tensor
) -> HeadGate:
    layer = head_layer(name) or 0
    untrained = twins.untrained[name].fuse(states, mask)
    noise = twins.noise[name].fuse(states, mask)
    share = lower_share(_array(states[layer]), _array(states[-1]), _array(fused.gate))
    return HeadGate(
        head=name,
        layer=layer,
        kind=head_gate(name) or "",
        attention=_array(fused.attention),
        gate=_array(fused.gate),
        share=share,
        untrained=_array(untrained.attention) if untrained else np.empty((0, 0)),
        noise=_array(noise.attention) if noise else np.empty((0, 0)),
    )


def _array(states: Tensor) -> Float[np.ndarray, "token dim"]:
    return states[0].float().cpu().numpy()


def lower_share(
    lower: Float[np.ndarray, "token dim"],
    last: Float[np.ndarray, "token dim"],
    gate: Float[np.ndarray, "token dim"],
) -> Float[np.ndarray, " token"]:
    """Return ‖g⊙L1‖ / (‖g⊙L1‖ + ‖(1−g)⊙L2‖) per token, in [0, 1]."""
    from_lower = np.linalg.norm(gate * lower, axis=-1)
    from_last = np.linalg.norm((1 - gate) * last, axis=-1)
    total = from_lower + from_last
    return np.divide(from_lower, total, out=np.zeros_like(total), where=total > 0)
