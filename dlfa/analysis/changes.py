"""Change a gate and let the head answer again: what does the gate do to the answer?

Every change replaces the attention s of equation (1) before the gate g is made of it, so that it
means the same for both readings of the gate. See `dlfa.results.CHANGES`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from dlfa.analysis.controls import Controls
from dlfa.errors import InputError
from dlfa.model.fusion import DLFA
from dlfa.model.modeling import Head, Heads
from dlfa.results import BASELINE, CHANGES
from dlfa.shapes import ChannelGate, HeadLogits, Logits, TokenMask, TokenStates

__all__ = ["Shuffles", "answer_with", "changed_logits", "choose", "shuffles"]


@dataclass(frozen=True)
class Shuffles:
    """One permutation of the real tokens and one of the channels per sentence."""

    tokens: Int[Tensor, "batch token"]
    channels: Int[Tensor, "batch dim"]


def choose(names: Sequence[str]) -> tuple[str, ...]:
    """Return changes by name, ``"all"`` being all of them.

    Raises:
        InputError: an unknown name.
    """
    chosen = CHANGES if tuple(names) == ("all",) else tuple(dict.fromkeys(names))
    unknown = [name for name in chosen if name not in CHANGES]
    if unknown or not chosen:
        known = ", ".join(CHANGES)
        raise InputError("error.change.unknown", names=", ".join(unknown) or "-", known=known)
    return chosen


def shuffles(mask: TokenMask, dim: int, keys: Sequence[str], seed: int = 0) -> Shuffles:
    """Draw every sentence's permutations; batch-mates and padding change nothing.

    Args:
        mask: true on real tokens, which stand first.
        dim: channels.
        keys: one per sentence, such as its id: the same key gives the same draw.
        seed: of all draws.
    """
    tokens = torch.arange(mask.shape[1]).repeat(len(keys), 1)
    channels = torch.empty(len(keys), dim, dtype=torch.long)
    for row, (key, length) in enumerate(zip(keys, mask.sum(1).tolist(), strict=True)):
        draw = np.random.default_rng([seed, crc32(key.encode())])
        channels[row] = torch.from_numpy(draw.permutation(dim))
        tokens[row, :length] = torch.from_numpy(draw.permutation(length))
    return Shuffles(tokens.to(mask.device), channels.to(mask.device))


def _over_tokens(attention: ChannelGate, moved: Shuffles) -> Float[Tensor, "draw token dim"]:
    attention = attention.expand(len(moved.tokens), -1, -1)
    return attention.gather(1, moved.tokens[..., None].expand_as(attention))


def _over_channels(attention: ChannelGate, moved: Shuffles) -> Float[Tensor, "draw token dim"]:
    attention = attention.expand(len(moved.channels), -1, -1)
    return attention.gather(2, moved.channels[:, None].expand_as(attention))


def _rows(states: Sequence[TokenStates], count: int) -> tuple[Float[Tensor, "draw token dim"], ...]:
    return tuple(state.expand(count, -1, -1) for state in states)


_SIMPLE: Mapping[str, Callable[[ChannelGate, Shuffles], ChannelGate]] = {
    "trained": lambda attention, moved: attention,
    "half": lambda attention, moved: torch.full_like(attention, 0.5),
    "shuffle-tokens": _over_tokens,
    "shuffle-channels": _over_channels,
    "shut": lambda attention, moved: torch.zeros_like(attention),
}


def answer_with(
    head: Head, states: Sequence[TokenStates], mask: TokenMask, attention: ChannelGate
) -> Logits:
    """Return a fusion head's answer with another attention s in the place of its own."""
    fusion, layer = head.fusion, head.layer
    assert fusion is not None
    assert layer is not None
    lower, last = states[layer], states[-1]
    gate = lower.lerp(last, 0.5) * attention if fusion.gate == "paper" else attention
    return head.classify(head.pool(DLFA.fuse(lower, last, gate), mask))


@torch.inference_mode()
def changed_logits(
    heads: Heads,
    twins: Controls,
    names: Sequence[str],
    changes: Sequence[str],
    states: Sequence[TokenStates],
    mask: TokenMask,
    moved: Shuffles,
) -> dict[str, HeadLogits]:
    """Return every head's answers under every change, from the same hidden states.

    Args:
        heads: the trained ones.
        twins: their controls.
        names: heads; the baseline has no gate and answers alike under every change.
        changes: of `CHANGES`.
        states: all layers, float32.
        mask: true on real tokens.
        moved: the shuffles' permutations; for a single sentence there may be many, and what a
            shuffle gives then has a row for each.
    """
    found: dict[str, list[Logits]] = {change: [] for change in changes}
    for name in names:
        head = heads[name]
        if name == BASELINE:
            scores, _ = head(states, mask)
            for answers in found.values():
                answers.append(scores)
            continue
        fused = head.fuse(states, mask)
        assert fused is not None
        for change, answers in found.items():
            if change == "noise":
                twin = twins.noise[name].fuse(states, mask)
                assert twin is not None
                attention = twin.attention
            else:
                attention = _SIMPLE[change](fused.attention, moved)
            rows = len(attention)
            answers.append(answer_with(head, _rows(states, rows), mask.expand(rows, -1), attention))
    return {change: torch.stack(answers, dim=1) for change, answers in found.items()}
