"""DeepLift where it applies: from the fused tokens through pooling and classifier to the score.

Its Rescale rule has multipliers for functions of one number, such as tanh. Attention and layer norm
are none, so it is not asked about the encoder: there captum would go on with plain gradients.
"""

import copy
import warnings

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from dlfa.analysis.score_paths import Explained
from dlfa.model.heads import Head
from dlfa.shapes import TokenStates

__all__ = ["deep_lift"]

NODES = 32  # of the last step, which is smooth: exact to float32


def deep_lift(
    explained: Explained, start: TokenStates, end: TokenStates
) -> Float[np.ndarray, " token"]:
    """Return each fused token's contribution by the Rescale rule (Shrikumar et al. 2017).

    Args:
        explained: the pair, the head and the label.
        start: the baseline's embedding output, ``(1 token dim)``.
        end: the pair's.
    """
    from captum.attr import DeepLift

    low, high = (_fused(explained, embedded) for embedded in (start, end))
    weights = _weights(explained.module, low, high, explained.label)
    private = _Classifier(explained.module, weights)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Setting forward, backward hooks")  # on our own copy
        found: Tensor = DeepLift(private).attribute(high.requires_grad_(), low)
    return found.detach()[0].double().sum(-1).cpu().numpy()


@torch.no_grad()
def _fused(explained: Explained, embedded: TokenStates) -> TokenStates:
    """Return what the head's classifier reads, ``(1 token dim)``."""
    states = explained.states(embedded)
    fused = explained.module.fuse(states, _all(embedded))
    return states[-1] if fused is None else fused.states


def _all(states: TokenStates) -> Tensor:
    return torch.ones(states.shape[:2], dtype=torch.bool, device=states.device)


class _Classifier(nn.Module):
    """A private copy of a head's modules after the fusion, with tanh as a module for captum."""

    def __init__(self, head: Head, weights: Tensor) -> None:
        super().__init__()
        self.pooling = head.pooling
        self.dense = copy.deepcopy(head.dense)
        self.tanh = nn.Tanh()
        self.classifier = copy.deepcopy(head.classifier)
        self.register_buffer("weights", weights)

    def forward(self, states: TokenStates) -> Tensor:
        assert self.dense is not None
        pooled = states[:, 0] if self.pooling == "cls" else states.mean(1)  # nothing is padded
        logits: Tensor = self.classifier(self.tanh(self.dense(pooled)))
        return logits @ self.get_buffer("weights")


@torch.no_grad()
def _weights(head: Head, low: TokenStates, high: TokenStates, label: int) -> Tensor:
    """Return each logit's multiplier: the log-odds' gradient, averaged from one end to the other.

    By the fundamental theorem these weights turn the logits' differences into the score's.
    """
    first, last = (head.classify(head.pool(states, _all(states)))[0] for states in (low, high))
    places, sizes = np.polynomial.legendre.leggauss(NODES)
    shares = torch.as_tensor((places + 1) / 2, dtype=torch.float64, device=low.device)
    logits = first.double() + shares[:, None] * (last - first).double()  # (node label)
    others = torch.ones(logits.shape[1], dtype=torch.bool, device=low.device)
    others[label] = False
    gradients = torch.zeros_like(logits)
    gradients[:, others] = -logits[:, others].softmax(-1)
    gradients[:, label] = 1
    average = torch.as_tensor(sizes / 2, device=low.device) @ gradients
    return average.to(high.dtype)
