"""Equations (1) and (2), written out from a module's weights: nothing of its code is called."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["attended", "branches_of", "convolutions", "fused"]


def branches_of(module: nn.Module) -> list[nn.Module]:
    """Return the sub-modules of an AIF that hold convolutions, in their order."""
    return [one for one in module.children() if convolutions(one)]


def convolutions(branch: nn.Module) -> list[nn.Conv1d]:
    """Return a branch's convolutions, in their order."""
    return [one for one in branch.modules() if isinstance(one, nn.Conv1d)]


def attended(module: nn.Module, states: Tensor) -> Tensor:
    """Return sigmoid(global + local) of sentences without padding, ``(batch token dim)``.

    The first branch is the global one, fed with the mean over the tokens; the second the local.
    """
    broad, fine = branches_of(module)
    return 1 / (1 + torch.exp(-(_branch(broad, states.mean(1))[:, None] + _branch(fine, states))))


def fused(module: Any, lower: Tensor, last: Tensor) -> Tensor:
    """Return L2 + g (L1 − L2), with g = W s (``paper``) or s (``aff``), W = (L1 + L2) / 2."""
    middle = (lower + last) / 2
    attention = attended(module.aif, middle)
    gate = middle * attention if module.gate == "paper" else attention
    return last + gate * (lower - last)


def _branch(branch: nn.Module, positions: Tensor) -> Tensor:
    """Return what convolution, batch norm, ReLU, convolution, batch norm make of positions."""
    squeeze, expand = convolutions(branch)
    norms: Sequence[Any] = [one for one in branch.modules() if isinstance(one, nn.BatchNorm1d)]
    hidden = _normed(_convolved(positions, squeeze), norms[0]).clamp(min=0)
    return _normed(_convolved(hidden, expand), norms[1])


def _convolved(positions: Tensor, conv: nn.Conv1d) -> Tensor:
    assert conv.bias is not None
    return torch.einsum("...i,oi->...o", positions, conv.weight[:, :, 0]) + conv.bias


def _normed(values: Tensor, norm: Any) -> Tensor:
    spread = torch.sqrt(norm.running_var + norm.eps)
    return (values - norm.running_mean) / spread * norm.weight + norm.bias
