r"""All heads of a frozen model at once: the same logits as head by head, in fewer steps.

Three things are done once instead of per head and call. Batch norm in eval mode is a linear map
and part of the convolution before it. Heads on the same lower layer share W = (L1 + L2) / 2, its
averages and L1 - L2. And only the average over the tokens reaches a classifier:

.. math:: \overline{L} = \overline{L_2} + \overline{g \odot (L_1 - L_2)}

which is equation (2) of Chen et al. 2022 after pooling; with "cls" pooling it needs one token.
Where words are tagged ("none") every token is fused and scored, one layer after the other.
`dlfa.model.heads` is the reference; tests hold both equal.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import torch
from torch import Tensor

from dlfa.model.config import Pooling
from dlfa.model.frozen_branches import consecutive, gates_of
from dlfa.model.fusion import GateKind, masked_mean
from dlfa.model.heads import Heads
from dlfa.results import BASELINE, GATE_MEASURES, head_layer
from dlfa.shapes import GateSummary, HeadLogits, Pooled, TokenMask

__all__ = ["FrozenHeads"]

KINDS: tuple[GateKind, ...] = ("paper", "aff")


@dataclass(frozen=True)
class Sentences:
    """What the last layer says, for gates on any layer."""

    last: Tensor
    """L2, ``(batch token dim)``"""
    average: Tensor
    """L2 over each sentence's real tokens, ``(batch dim)``"""
    share: Tensor
    """One over the number of real tokens, ``(batch 1)``"""
    weights: Tensor
    """The same on real tokens, 0 on padding, ``(batch token 1)``"""
    padded: bool
    """Whether there is any padding."""


@dataclass(frozen=True)
class Seen:
    """What every gate on some layers sees, and what pooling makes of it.

    With "cls" pooling the token axis has one entry, in `mixed` and in `change`.
    """

    mixed: Tensor
    """W = (L1 + L2) / 2, ``(layer batch token dim)``"""
    average: Tensor
    """W over each sentence's real tokens, ``(layer batch dim)``"""
    change: Tensor
    """L1 - L2, zero on padding, ``(layer batch token dim)``"""
    share: Tensor
    """What one token weighs in its sentence's pooled vector, ``(batch 1)``"""
    lower: Tensor
    """L1, ``(layer batch token dim)``"""
    last: Tensor
    """L2, ``(batch token dim)``"""
    weights: Tensor
    """``share`` on real tokens, 0 on padding, ``(batch token)``"""


Measures = dict[str, Tensor]  # by head: `dlfa.results.GATE_MEASURES`, (batch measure)


class FrozenHeads:
    """A frozen model's heads, all in one go.

    Args:
        heads: in eval mode; their parameters are copied, later changes are not seen.
    """

    def __init__(self, heads: Heads) -> None:
        self.names = heads.choose()
        first = heads[self.names[0]]
        self.pooling, self.dtype = first.pooling, first.classifier.weight.dtype
        self.scoring = True
        """Whether tokens that are not pooled are scored at once; see `finished`."""
        self.gates = {kind: gates_of(heads, kind) for kind in KINDS}
        dense = [one for name in self.names if (one := heads[name].dense) is not None]
        labels = [heads[name].classifier for name in self.names]
        self.dense = self.dense_bias = None
        if dense:
            self.dense = torch.stack([one.weight.detach().t() for one in dense])  # (head dim dim)
            self.dense_bias = torch.stack([one.bias.detach()[None] for one in dense])
        self.labels = torch.stack([one.weight.detach().t() for one in labels])  # (head dim label)
        self.labels_bias = torch.stack([one.bias.detach()[None] for one in labels])

    def pooling_by(self, pooling: Pooling) -> "FrozenHeads":
        """Return the same heads, whose `fused` pools otherwise than they learned to."""
        found = copy(self)
        found.pooling = pooling
        return found

    def unscored(self) -> "FrozenHeads":
        """Return the same heads, whose `pooled` gives every token's fused state."""
        found = self.pooling_by("none")
        found.scoring = False
        return found

    @torch.no_grad()
    def fused(
        self, states: Sequence[Tensor], mask: TokenMask, names: Sequence[str]
    ) -> dict[str, Pooled]:
        """Return the pooled fused states of heads that pool, ``(batch dim)`` by name.

        Args:
            states: all hidden states; only those of the heads' layers and the last are read.
            mask: ``(batch token)``, true on real tokens.
            names: of these heads.
        """
        assert self.pooling != "none"
        with torch.autocast(mask.device.type, enabled=False):
            return self.pooled(states, mask, set(names))

    @torch.no_grad()
    def __call__(
        self, states: Sequence[Tensor], mask: TokenMask, names: Sequence[str]
    ) -> HeadLogits:
        """Return the logits of the heads asked for, in that order.

        Args:
            states: all hidden states, each ``(batch token dim)``.
            mask: ``(batch token)``, true on real tokens.
            names: of these heads.
        """
        with torch.autocast(mask.device.type, enabled=False):
            return self.classify(self.pooled(states, mask, set(names)), names)

    @torch.no_grad()
    def measured(
        self, states: Sequence[Tensor], mask: TokenMask, names: Sequence[str]
    ) -> tuple[HeadLogits, GateSummary]:
        """Return the logits, and what each head's gate did: `dlfa.results.GATE_MEASURES`.

        The gate is measured where it reaches the classifier: on all real tokens with "mean"
        pooling, on the first with "cls". The baseline, which has none, gets NaN.
        """
        found: Measures = {}
        with torch.autocast(mask.device.type, enabled=False):
            logits = self.classify(self.pooled(states, mask, set(names), found), names)
        none = torch.full((len(mask), len(GATE_MEASURES)), torch.nan, device=mask.device)
        return logits, torch.stack([found.get(name, none) for name in names], dim=1)

    def classify(self, pooled: Mapping[str, Tensor], names: Sequence[str]) -> HeadLogits:
        """Return the logits of what `pooled` gives."""
        if self.dense is None or self.dense_bias is None:  # they are logits already
            return torch.stack([pooled[name] for name in names], dim=1)  # (batch head token label)
        inputs = torch.stack([pooled[name] for name in names])  # (head batch dim)
        rows = consecutive([self.names.index(name) for name in names])
        hidden = torch.baddbmm(self.dense_bias[rows], inputs, self.dense[rows]).tanh_()
        logits = torch.baddbmm(self.labels_bias[rows], hidden, self.labels[rows])
        return logits.transpose(0, 1)  # (batch head label)

    def finished(self, names: Sequence[str], states: Tensor) -> Tensor:
        """Return what is kept of some heads' final states ``(head batch ... dim)``.

        Pooled vectors are kept for `classify`. All heads' tokens would fill the memory: of them
        the logits are kept, ``(head batch token label)``.
        """
        if self.pooling != "none" or not self.scoring:
            return states
        rows = consecutive([self.names.index(name) for name in names])
        logits = torch.baddbmm(self.labels_bias[rows], states.flatten(1, 2), self.labels[rows])
        return logits.unflatten(1, states.shape[1:3])

    def pooled(
        self,
        states: Sequence[Tensor],
        mask: TokenMask,
        names: set[str],
        measures: Measures | None = None,
    ) -> dict[str, Tensor]:
        """Return what each head's classifier gets, ``(batch dim)``; fill in ``measures``.

        Where words are tagged it is each token's logits, ``(batch token label)``.
        """
        states = [state.to(self.dtype) for state in states]
        last = states[-1]
        sentence = Sentences(last, masked_mean(last, mask), *_padding(mask, last.dtype))
        final = {"cls": last[:, 0], "mean": sentence.average, "none": last}[self.pooling]
        found = {name: self.finished((name,), final[None])[0] for name in names & {BASELINE}}
        layers = sorted({head_layer(name) or 0 for name in names} - {0})
        size = layers_at_once(mask.device, len(layers))
        for start in range(0, len(layers), max(1, size)):
            chosen = layers[start : start + size]
            lower = [states[layer] for layer in chosen]
            # one state alone is not copied
            seen = self.see(torch.stack(lower) if len(lower) > 1 else lower[0][None], sentence)
            for kind in KINDS:
                found |= self.fuse(kind, chosen, seen, final, names, measures)
        return found

    def see(self, lower: Tensor, of: Sentences) -> Seen:
        """Return what all gates on ``lower`` ``(layer batch token dim)`` share."""
        if self.pooling == "cls":
            average = (lower * of.weights).sum(dim=2).lerp(of.average, 0.5)
            lower, last, whole = lower[:, :, :1], of.last[:, :1], torch.ones_like(of.share)
            return Seen(lower.lerp(last, 0.5), average, lower - last, whole, lower, last, whole)
        change = lower - of.last
        if of.padded:
            change.mul_(of.weights != 0)
        average = of.average + change.sum(dim=2) * (of.share / 2)
        mixed = lower.lerp(of.last, 0.5)
        return Seen(mixed, average, change, of.share, lower, of.last, of.weights[..., 0])

    def fuse(
        self,
        kind: GateKind,
        layers: Sequence[int],
        seen: Seen,
        final: Tensor,
        names: set[str],
        measures: Measures | None,
    ) -> dict[str, Tensor]:
        """Return the pooled states ``(batch dim)`` of one kind of gates on some layers."""
        known, broad_branch, fine_branch = self.gates[kind]
        wanted = [layer for layer in layers if known.get(layer) in names]
        if not wanted:
            return {}
        gates, at = [list(known).index(layer) for layer in wanted], [*map(layers.index, wanted)]
        here = consecutive(at)
        mixed, change = seen.mixed[here], seen.change[here]
        broad = broad_branch(gates, seen.average[here])  # (layer batch dim)
        fine = fine_branch(gates, mixed.flatten(1, 2)).view_as(mixed)
        gate = fine.add_(broad[:, :, None]).sigmoid_()  # s of equation (1)
        moments = None if measures is None else _moments(gate, seen.weights)
        if kind == "paper":
            gate.mul_(mixed)  # W ⊙ s
        if measures is not None and moments is not None:
            share = _lower_share(gate, seen.lower[here], seen)
            summary = torch.stack([share, *moments], dim=-1)  # (layer batch measure)
            measures |= {known[layer]: one for layer, one in zip(wanted, summary, strict=True)}
        if self.pooling == "none":
            fused = gate.mul_(change).add_(final)  # (layer batch token dim)
        else:
            fused = final + gate.mul_(change).sum(dim=2) * seen.share  # (layer batch dim)
        found = [known[layer] for layer in wanted]
        return dict(zip(found, self.finished(found, fused), strict=True))


def _moments(attention: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and standard deviation of s over real tokens and channels, ``(layer batch)``.

    Args:
        attention: ``(layer batch token dim)``
        weights: ``(batch token)``, each sentence's sum to 1.
    """
    away = attention - 0.5  # where s mostly is: its square loses no digits
    mean = (away.mean(-1) * weights).sum(-1)
    square = (away.square_().mean(-1) * weights).sum(-1)
    return mean + 0.5, (square - mean.square()).clamp(min=0).sqrt()


def _lower_share(gate: Tensor, lower: Tensor, seen: Seen) -> Tensor:
    """Return the lower layer's share, mean over real tokens, ``(layer batch)``."""
    one = (gate * lower).norm(dim=-1)  # (layer batch token)
    other = torch.addcmul(seen.last, gate, seen.last, value=-1).norm(dim=-1)
    share = one / (one + other).clamp_min(torch.finfo(one.dtype).tiny)
    return (share * seen.weights).sum(-1)


def _padding(mask: TokenMask, dtype: torch.dtype) -> tuple[Tensor, Tensor, bool]:
    share = 1 / mask.sum(dim=1, keepdim=True).clamp(min=1).to(dtype)  # (batch 1)
    # asking a GPU would wait for it
    padded = mask.device.type != "cpu" or not bool(mask.all())
    return share, (mask * share)[..., None], padded


def layers_at_once(device: torch.device, layers: int) -> int:
    """Return how many layers' gates to compute in one go.

    Launching kernels is what costs time on a GPU; on a CPU one layer at a time stays in its cache.
    """
    return 1 if device.type == "cpu" else layers
