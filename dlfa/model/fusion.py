r"""AIF and DLFA: the attention gate that fuses one lower layer with the last.

Chen et al., "Feature Aggregation in Zero-Shot Cross-Lingual Transfer Using Multilingual BERT",
ICPR 2022, arXiv 2205.08497, equations (1) and (2).
"""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from dlfa.errors import BatchTooSmallError
from dlfa.shapes import ChannelGate, Pooled, TokenMask, TokenStates

__all__ = ["AIF", "DLFA", "Attended", "Branch", "Fused", "GateInit", "GateKind", "masked_mean"]

GateKind = Literal["paper", "aff"]
GateInit = Literal["standard", "neutral"]


class Attended(NamedTuple):
    """What AIF returns."""

    output: TokenStates
    """W' of equation (1): the input times its attention."""
    attention: ChannelGate
    """s = sigmoid(global + local), each value in [0, 1]; 0.5 on nothing but chance."""
    global_logits: Pooled
    """What the sentence as a whole says, before the sigmoid."""
    local_logits: TokenStates
    """What each token says by itself, before the sigmoid; zero on padding."""


class Fused(NamedTuple):
    """What DLFA returns."""

    states: TokenStates
    """L of equation (2)."""
    gate: ChannelGate
    """g as used: the lower layer's weight (``paper``: signed and unbounded; ``aff``: in (0, 1))."""
    attention: ChannelGate
    """s, each value in [0, 1]."""


def masked_mean(states: TokenStates, mask: TokenMask) -> Pooled:
    """Average the real tokens of each sentence; an empty sentence gives zeros."""
    weights = mask.to(states.dtype)[..., None]  # (batch token 1)
    total = (states * weights).sum(dim=1)  # a batched matrix product is three times slower here
    return total / weights.sum(dim=1).clamp(min=1)


class Branch(nn.Sequential):
    """Squeeze and expand the channels: Conv1d(1), BatchNorm1d, ReLU, Conv1d(1), BatchNorm1d.

    Args:
        dim: channels.
        reduction: r, how far the channels are squeezed (``dim // reduction``, at least 1).

    Shape:
        - input and output: ``(position dim)``, one row per sentence (global) or real token (local)
    """

    def __init__(self, dim: int, reduction: int) -> None:
        squeezed = max(1, dim // reduction)
        super().__init__(
            nn.Conv1d(dim, squeezed, kernel_size=1),
            nn.BatchNorm1d(squeezed),
            nn.ReLU(),
            nn.Conv1d(squeezed, dim, kernel_size=1),
            nn.BatchNorm1d(dim),
        )

    def forward(self, positions: Float[Tensor, "position dim"]) -> Float[Tensor, "position dim"]:
        if self.training and len(positions) < 2:
            raise BatchTooSmallError("error.batch.too_small")
        squeeze, squeezed_norm, relu, expand, norm = self
        hidden = relu(normalised(positions, squeeze, squeezed_norm))
        return normalised(hidden, expand, norm)


def normalised(
    positions: Float[Tensor, "position dim"], conv: nn.Module, norm: nn.Module
) -> Float[Tensor, "position channel"]:
    """Apply a convolution of width one and its batch norm.

    Such a convolution is a linear map on each position, and as one several times faster on a CPU;
    in eval mode the batch norm is part of the same map.
    """
    assert isinstance(conv, nn.Conv1d)
    assert isinstance(norm, nn.BatchNorm1d)
    if norm.training or norm.running_var is None:
        return norm(F.linear(positions, conv.weight[..., 0], conv.bias))
    return F.linear(positions, *folded(conv, norm))


def folded(conv: nn.Module, norm: nn.Module) -> tuple[Tensor, Tensor]:
    """Return weight ``(channel dim)`` and bias of a convolution with its frozen batch norm."""
    assert isinstance(conv, nn.Conv1d)
    assert isinstance(norm, nn.BatchNorm1d)
    mean, variance = norm.running_mean, norm.running_var
    assert conv.bias is not None
    assert mean is not None
    assert variance is not None
    scale = norm.weight * torch.rsqrt(variance + norm.eps)
    weight = conv.weight[..., 0] * scale[:, None]
    return weight, (conv.bias - mean) * scale + norm.bias


class AIF(nn.Module):
    r"""Attentional Information Fusion: weigh every channel of every token.

    .. math:: W' = W \odot \sigma\!\left(W_\text{global} \oplus W_\text{local}\right)

    Eq. 1 of Chen et al. 2022. One branch sees the average over the real tokens, the other each
    token by itself; both squeeze and expand the channels. Pooling and batch norm see real
    tokens only, so that padding changes nothing.

    Args:
        dim: channels of the hidden states.
        reduction: r; the paper does not state it, 4 is AFF's (Dai et al., WACV 2021).

    Shape:
        - states: ``(batch token dim)``; mask: ``(batch token)``, true on real tokens
        - attention: ``(batch token dim)``, each value in [0, 1]

    Raises:
        BatchTooSmallError: in training mode with a single sentence (batch norm needs two).
    """

    def __init__(self, dim: int, reduction: int = 4) -> None:
        super().__init__()
        self.global_branch = Branch(dim, reduction)
        self.local_branch = Branch(dim, reduction)

    def forward(self, states: TokenStates, mask: TokenMask) -> Attended:
        with torch.autocast(
            states.device.type, enabled=False
        ):  # gates in the parameters' precision
            states = states.to(self.dtype)
            broad = self.global_branch(masked_mean(states, mask))  # (batch dim)
            fine = self.local(states, mask)  # (batch token dim)
            attention = (broad[:, None] + fine).sigmoid()  # (batch token dim)
            return Attended(states * attention, attention, broad, fine)

    @property
    def dtype(self) -> torch.dtype:
        """The parameters' precision, in which gates are computed."""
        return next(self.parameters()).dtype

    def local(self, states: TokenStates, mask: TokenMask) -> TokenStates:
        """Return the local branch's logits, zero on padding."""
        if not self.training:  # each position by itself: no need to gather the real ones
            fine = self.local_branch(states.flatten(0, 1)).view_as(states)
            return fine * mask[..., None]
        fine = torch.zeros_like(states)
        fine[mask] = self.local_branch(states[mask])  # batch norm learns from real tokens only
        return fine


class DLFA(nn.Module):
    r"""Double Layers Feature Aggregation: a gate between a lower layer and the last.

    .. math:: L = L_1 \odot g + L_2 \odot (1 - g), \quad g = \mathrm{AIF}((L_1 \oplus L_2) / 2)

    Eq. 2 of Chen et al. 2022.

    Args:
        dim: channels of the hidden states.
        reduction: see `AIF`.
        gate: ``"paper"`` takes the equation literally, g = W ⊙ s; ``"aff"`` uses g = s, as in
            AFF. Which one the authors ran is not stated.
        gate_init: ``"standard"`` is PyTorch's; ``"neutral"`` starts the last batch norm of both
            branches at zero, so that s = 1/2 everywhere until something is learned.

    Shape:
        - lower, last: ``(batch token dim)``; mask: ``(batch token)``, true on real tokens
    """

    def __init__(
        self,
        dim: int,
        reduction: int = 4,
        gate: GateKind = "paper",
        gate_init: GateInit = "standard",
    ) -> None:
        super().__init__()
        self.gate = gate
        self.aif = AIF(dim, reduction)
        if gate_init == "neutral":
            for branch in (self.aif.global_branch, self.aif.local_branch):
                nn.init.zeros_(branch.get_parameter("4.weight"))

    def forward(self, lower: TokenStates, last: TokenStates, mask: TokenMask) -> Fused:
        with torch.autocast(last.device.type, enabled=False):
            dtype = self.aif.dtype
            lower, last = lower.to(dtype), last.to(dtype)
            attended = self.aif(lower.lerp(last, 0.5), mask)
            gate = attended.output if self.gate == "paper" else attended.attention
            return Fused(self.fuse(lower, last, gate), gate, attended.attention)

    @staticmethod
    def fuse(lower: TokenStates, last: TokenStates, gate: ChannelGate) -> TokenStates:
        """Equation (2) as printed: gate 0 is exactly the last layer, gate 1 the lower one."""
        return torch.addcmul(lower * gate, last, 1 - gate)
