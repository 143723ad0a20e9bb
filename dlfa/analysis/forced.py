r"""Gates that are not as they were trained: what each intervention makes of one, and its answer.

An intervention replaces the gate g of equation (2) of Chen et al. 2022 (arXiv 2205.08497)

.. math:: L = L_1 \odot g + L_2 \odot (1 - g)

so that 0 is exactly the last layer through the head's own classifier and 1 the lower one.
`dlfa.analysis.changes` replaces the attention s of equation (1) instead, before g = W ⊙ s is made
of it: "half" there is g = W / 2, here g = 1/2. Permutations and the untrained twin are the same.
Everything here fuses every token, one gate at a time: the reference for the head-only pass of
`dlfa.analysis.interventions`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.changes import Shuffles
from dlfa.errors import InputError
from dlfa.model.fusion import DLFA, Attended, GateKind, masked_mean
from dlfa.model.modeling import Head
from dlfa.results import Intervention
from dlfa.shapes import ChannelGate, Logits, Pooled, TokenMask, TokenStates

__all__ = ["Foreign", "Seen", "changed_gate", "edited", "fused_logits", "marked", "see"]


@dataclass(frozen=True)
class Foreign:
    """A translation's gate, for those interventions that swap it in."""

    laid: ChannelGate
    """Over this pair's tokens, see `dlfa.analysis.swapped`."""
    mean: Pooled
    """Over the translation's real tokens."""
    twin: "Foreign | None" = None
    """The untrained twin's gate of the translation: what a swap is held against."""


@dataclass(frozen=True)
class Seen:
    """What one head's gate is made of, on one batch."""

    kind: GateKind
    pooling: str
    """``"mean"`` or ``"cls"``."""
    mask: TokenMask
    mixed: TokenStates
    """W = (L1 + L2) / 2, AIF's input."""
    lower: TokenStates
    last: TokenStates
    attended: Attended
    twin: Attended | None
    """The untrained twin's; None where nobody asks for it."""

    def gate(self, *, twin: bool = False) -> ChannelGate:
        """Return g as used."""
        return self.made_of(self._of(twin).attention)

    def made_of(self, attention: ChannelGate) -> ChannelGate:
        """Return g of an attention s: the gate as printed multiplies it with AIF's input."""
        return self.mixed * attention if self.kind == "paper" else attention

    def without(self, branch: str, *, twin: bool = False) -> ChannelGate:
        """Return g with one branch's logits left out: ``"global"`` or ``"local"``."""
        attended = self._of(twin)
        if branch == "global":
            left = attended.local_logits
        else:
            left = attended.global_logits[:, None].expand_as(attended.local_logits)
        return self.made_of(left.sigmoid())

    def pool(self, states: TokenStates) -> Pooled:
        """Return what the head's classifier gets of states: linear in them."""
        return states[:, 0] if self.pooling == "cls" else masked_mean(states, self.mask)

    @property
    def weights(self) -> Float[Tensor, "batch token 1"]:
        """What each token weighs in the pooled vector; 0 on padding."""
        real = self.mask.to(self.last.dtype)
        if self.pooling == "cls":
            real = torch.zeros_like(real).index_fill_(1, torch.tensor(0, device=real.device), 1)
        return (real / real.sum(1, keepdim=True).clamp(min=1))[..., None]

    def _of(self, twin: bool) -> Attended:
        found = self.twin if twin else self.attended
        assert found is not None
        return found


@torch.no_grad()
def see(
    head: Head, states: Sequence[TokenStates], mask: TokenMask, twin: Head | None = None
) -> Seen:
    """Return what a fusion head's gate is made of.

    Args:
        head: one with a gate.
        states: all hidden states, float32.
        mask: true on real tokens.
        twin: the same head, never trained.
    """
    assert head.layer is not None
    lower, last = states[head.layer], states[-1]
    mixed = lower.lerp(last, 0.5)
    trained, other = (_attend(one, mixed, mask) for one in (head, twin))
    assert trained is not None
    assert head.fusion is not None
    return Seen(head.fusion.gate, head.pooling, mask, mixed, lower, last, trained, other)


def _attend(head: Head | None, mixed: TokenStates, mask: TokenMask) -> Attended | None:
    if head is None or head.fusion is None:
        return None
    found: Attended = head.fusion.aif(mixed, mask)
    return found


def changed_gate(
    done: Intervention, seen: Seen, moved: Shuffles, foreign: Foreign | None = None
) -> ChannelGate:
    """Return the gate that an intervention leaves.

    Args:
        done: what is done.
        seen: the gate as trained, and what it is made of.
        moved: the shuffles' permutations, one per sentence.
        foreign: the translation's gate.

    Raises:
        InputError: a translation's gate is asked for where there is none, or tokens or channels
            that are not there.
    """
    if done.constant is not None:
        return torch.full_like(seen.mixed, done.constant)
    if done.swaps:
        return _swapped(done, seen, foreign)
    if done.kind in ("no-global", "no-local"):
        return seen.without(done.kind.removeprefix("no-"), twin=done.twin)
    gate = seen.gate(twin=done.twin)
    match done.kind:
        case "mean-tokens":
            return masked_mean(gate, seen.mask)[:, None].expand_as(gate)
        case "shuffle-tokens":
            return gate.gather(1, moved.tokens[..., None].expand_as(gate))
        case "shuffle-channels":
            return gate.gather(2, moved.channels[:, None].expand_as(gate))
        case "scale" | "set":
            return edited(done, gate)
    return gate


def _swapped(done: Intervention, seen: Seen, foreign: Foreign | None) -> ChannelGate:
    whose = foreign.twin if foreign and done.twin else foreign
    if whose is None:
        raise InputError("error.intervention.translation", name=str(done))
    return whose.laid if done.kind == "swap" else whose.mean[:, None].expand_as(seen.mixed)


def edited(done: Intervention, gate: ChannelGate) -> ChannelGate:
    """Return a gate that is scaled, or set to a number, at the chosen tokens and channels."""
    there = marked(done.tokens, gate.shape[1], "tokens", gate)[:, None]
    there = there & marked(done.channels, gate.shape[2], "channels", gate)  # (token dim)
    new = gate * done.amount if done.kind == "scale" else torch.full_like(gate, done.amount)
    return torch.where(there, new, gate)


def marked(places: Sequence[int], size: int, what: str, like: Tensor) -> Tensor:
    """Return which of so many places are chosen, all if none is named.

    Args:
        places: from 0.
        size: how many there are.
        what: ``"tokens"`` or ``"channels"``.
        like: on its device.

    Raises:
        InputError: a place that is not there.
    """
    if not places:
        return torch.ones(size, dtype=torch.bool, device=like.device)
    if max(places) >= size:
        key = f"error.intervention.{what}"
        raise InputError(key, place=max(places), last=size - 1)
    found = torch.zeros(size, dtype=torch.bool, device=like.device)
    found[list(places)] = True
    return found


@torch.inference_mode()
def fused_logits(head: Head, seen: Seen, gate: ChannelGate) -> Float[Tensor, "batch label"]:
    """Return a head's answer with another gate g in the place of its own: equation (2) in full."""
    found: Logits = head.classify(head.pool(DLFA.fuse(seen.lower, seen.last, gate), seen.mask))
    return found
