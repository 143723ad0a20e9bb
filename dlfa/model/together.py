r"""All heads of a training step at once: a few large operations instead of many small ones.

Twenty-two heads one after the other are two thousand small operations a step, and a GPU waits for
each of them to be launched. Here the heads' parameters are stacked, so that their number hardly
matters, and nothing asks the device for a value: batch norm learns from the real tokens by weights
of zero and one instead of gathering them. Its moments are those of all processes together,
whatever number of tokens each one has. The result is `dlfa.model.heads.Head.forward`'s.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, distributed, nn
from torch.autograd.function import FunctionCtx

from dlfa.errors import BatchTooSmallError
from dlfa.model.fusion import DLFA, Branch, masked_mean
from dlfa.model.heads import Head, Heads
from dlfa.shapes import HeadLogits, TokenMask, TokenStates

__all__ = ["processes", "together", "worth_it"]

Positions = Float[Tensor, "head position dim"]
Weights = Float[Tensor, "position"] | None


def processes() -> int:
    """Return how many processes train this model together."""
    ready = distributed.is_available() and distributed.is_initialized()
    return distributed.get_world_size() if ready else 1


def worth_it(mask: TokenMask) -> bool:
    """Return whether training takes all heads at once: on a GPU, and with several processes.

    On a CPU stacking them costs three times the time of the heads one by one; with several
    processes it is what makes batch norm see all of them.
    """
    return mask.is_cuda or processes() > 1


def together(
    heads: Heads, names: Sequence[str], states: Sequence[TokenStates], mask: TokenMask
) -> HeadLogits:
    """Return the heads' logits in the order asked for, in training mode.

    Args:
        heads: all of the model's.
        names: which of them.
        states: the encoder's ``layers + 1`` hidden states.
        mask: true on real tokens.

    Raises:
        BatchTooSmallError: a single sentence (batch norm needs two).
    """
    if len(mask) * processes() < 2:
        raise BatchTooSmallError("error.batch.too_small")
    chosen = [heads[name] for name in names]
    with torch.autocast(mask.device.type, enabled=False):  # as one by one: in the heads' precision
        dtype = chosen[0].classifier.weight.dtype
        last = states[-1].to(dtype)
        fusing = [head for head in chosen if head.fusion is not None]
        pooled = [chosen[0].pool(last, mask)] * len(chosen)
        if fusing:
            found = iter(fused(fusing, states, last, mask))
            pooled = [
                plain if head.fusion is None else next(found)
                for head, plain in zip(chosen, pooled, strict=True)
            ]
        return classified(chosen, torch.stack(pooled)).transpose(0, 1)


def fused(
    heads: Sequence[Head], states: Sequence[TokenStates], last: TokenStates, mask: TokenMask
) -> Float[Tensor, "head batch *place dim"]:
    """Return what each fusion head classifies: equations (1) and (2), then its pooling."""
    modules = [head.fusion for head in heads if head.fusion is not None]
    lower = torch.stack([states[head.layer or 0] for head in heads]).to(last.dtype)
    mixed = lower.lerp(last[None], 0.5)  # (head batch token dim)
    pooled = masked_mean(mixed.flatten(0, 1), mask.repeat(len(heads), 1))
    broad = branched(
        [module.aif.global_branch for module in modules], pooled.unflatten(0, (len(heads), -1))
    )
    real = mask.flatten().to(last.dtype)
    fine = branched([module.aif.local_branch for module in modules], mixed.flatten(1, 2), real)
    fine = fine.view_as(mixed) * mask[..., None]
    if heads[0].pooling == "cls":  # batch norm has seen all tokens; what follows, one by one
        lower, mixed, fine, last = lower[:, :, :1], mixed[:, :, :1], fine[:, :, :1], last[:, :1]
    gate = (broad[:, :, None] + fine).sigmoid()
    gate = torch.where(printed(modules, mask.device), mixed, 1.0) * gate
    out = torch.addcmul(lower * gate, last[None], 1 - gate)  # equation (2), as `DLFA.fuse`
    places = mask[:, : out.shape[2]].repeat(len(heads), 1)
    return heads[0].pool(out.flatten(0, 1), places).unflatten(0, (len(heads), -1))


def printed(modules: Iterable[DLFA], device: torch.device) -> Tensor:
    """Return which gates are taken literally, g = W ⊙ s: ``(head 1 1 1)``."""
    kinds = torch.tensor([module.gate == "paper" for module in modules])
    return kinds.to(device, non_blocking=True)[:, None, None, None]


def classified(
    heads: Sequence[Head], pooled: Float[Tensor, "head batch *place dim"]
) -> Float[Tensor, "head batch *place label"]:
    """Return every head's scores for what it pooled."""
    rows = pooled.flatten(1, -2)  # (head position dim)
    dense = [head.dense for head in heads if head.dense is not None]
    if dense:
        rows = mapped(dense, rows).tanh()
    scores = mapped([head.classifier for head in heads], heads[0].dropout(rows))
    return scores.view(*pooled.shape[:-1], -1)


def branched(
    branches: Sequence[Branch], positions: Positions, weights: Weights = None
) -> Positions:
    """Squeeze and expand every head's channels, see `dlfa.model.fusion.Branch`."""
    squeeze, squeezed_norms, _, expand, norms = (
        list(column) for column in zip(*branches, strict=True)
    )
    hidden = normalised(squeezed_norms, mapped(squeeze, positions), weights).relu()
    return normalised(norms, mapped(expand, hidden), weights)


def mapped(
    layers: Sequence[nn.Module], positions: Positions
) -> Float[Tensor, "head position channel"]:
    """Apply each head's own linear map, or convolution of width one, to its own positions."""
    weight = stacked(layers, "weight").flatten(2)  # (head channel dim), a convolution's width gone
    return torch.baddbmm(stacked(layers, "bias")[:, None], positions, weight.mT)


def stacked(layers: Sequence[nn.Module], name: str) -> Tensor:
    """Return one tensor of each layer, stacked."""
    return torch.stack([getattr(layer, name) for layer in layers])


class Moments(NamedTuple):
    """What batch norm subtracts and divides by; each ``(head 1 channel)``."""

    mean: Tensor
    variance: Tensor


def normalised(norms: Sequence[nn.Module], values: Positions, weights: Weights) -> Positions:
    """Apply each head's batch norm, and let its running moments learn."""
    first = norms[0]
    assert isinstance(first, nn.BatchNorm1d)
    if first.training:
        count = counted(values, weights)
        found = moments(values, weights, count)
        learn(norms, found, count)
    else:
        found = Moments(*(stacked(norms, f"running_{which}")[:, None] for which in ("mean", "var")))
    scale = stacked(norms, "weight")[:, None] * torch.rsqrt(found.variance + first.eps)
    return torch.addcmul(stacked(norms, "bias")[:, None], values - found.mean, scale)


def counted(values: Positions, weights: Weights) -> Float[Tensor, ""]:
    """Return the number of real positions in all processes."""
    here = values.new_full((), float(values.shape[1])) if weights is None else weights.sum()
    return summed(here)


def moments(values: Positions, weights: Weights, count: Tensor) -> Moments:
    """Return mean and variance of the real positions of all processes."""
    mean = summed(weighed(values, weights)) / count
    return Moments(mean, summed(weighed((values - mean).square(), weights)) / count)


def weighed(values: Positions, weights: Weights) -> Float[Tensor, "head 1 channel"]:
    """Return the sum over the real positions."""
    return (values if weights is None else values * weights[:, None]).sum(dim=1, keepdim=True)


def summed(here: Tensor) -> Tensor:
    """Return the sum over all processes; gradients flow back to each of them."""
    return _Summed.apply(here) if processes() > 1 else here


class _Summed(torch.autograd.Function):
    """A sum over processes. Each one's result depends on every summand, so gradients add up too."""

    @staticmethod
    def forward(ctx: FunctionCtx, here: Tensor) -> Tensor:
        total = here.clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: FunctionCtx, gradient: Tensor) -> Tensor:
        total = gradient.contiguous().clone()
        distributed.all_reduce(total)
        return total


@torch.no_grad()
def learn(norms: Sequence[nn.Module], found: Moments, count: Tensor) -> None:
    """Move the running moments towards this batch's, as torch does: the variance unbiased."""
    variance = found.variance * (count / (count - 1))
    kept = [norm for norm in norms if isinstance(norm, nn.BatchNorm1d)]
    for which, value in (("mean", found.mean), ("var", variance)):
        running = [getattr(norm, f"running_{which}") for norm in kept]
        torch._foreach_lerp_(running, list(value[:, 0].unbind()), kept[0].momentum or 0.0)
    torch._foreach_add_(
        [norm.num_batches_tracked for norm in kept if norm.num_batches_tracked is not None], 1
    )
