"""Sums from which variances, what explains them, and batch-norm drift follow.

Each is made from one batch of one language and they are added up, so that a set of any size takes
little memory, and parts may be computed in any order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from dlfa.model.fusion import Branch

__all__ = ["CellSums", "DriftSums", "cell_sums", "drift", "drift_sums", "explained"]


@dataclass(frozen=True)
class CellSums:
    """Of one head's s over the tokens of one batch; 1/2 is subtracted to keep digits."""

    channels: Float[np.ndarray, " dim"]
    """Sum over the tokens."""
    tokens: Float[np.ndarray, " token"]
    """Mean over the channels."""
    squares: float
    """Sum over all cells."""


def cell_sums(attention: Float[Tensor, "token dim"]) -> CellSums:
    """Sum up one head's s."""
    cells = (attention - 0.5).double()
    return CellSums(
        cells.sum(0).cpu().numpy(), cells.mean(1).cpu().numpy(), float(cells.square().sum())
    )


def explained(layers: Sequence[Sequence[CellSums]], languages: Sequence[int]) -> dict[str, float]:
    """Return the share of the variance of s that each factor's means explain (eta squared).

    Args:
        layers: per layer, per batch.
        languages: per batch, an index.

    Returns:
        a share for each of `dlfa.results.FACTORS`, and the variance itself as ``"total"``.
    """
    means = np.array([np.concatenate([batch.tokens for batch in row]) for row in layers])
    sizes = [len(batch.tokens) for batch in layers[0]]
    by_channel = np.array([sum(batch.channels for batch in row) for row in layers]) / sum(sizes)
    centre = means.mean()
    squares = sum(batch.squares for row in layers for batch in row)
    total = float(squares / (means.size * by_channel.shape[1]) - centre**2)
    spoken = np.repeat(languages, sizes)
    by_language = {code: means[:, spoken == code].mean() for code in set(languages)}
    groups = {
        "channel": by_channel.mean(0),
        "token": means.mean(0),
        "layer": means.mean(1),
        "language": np.array([by_language[code] for code in spoken]),
        "layer-channel": by_channel,
        "layer-token": means,
    }
    between = {name: float(((group - centre) ** 2).mean()) for name, group in groups.items()}
    shares = {name: found / total if total > 0 else 0.0 for name, found in between.items()}
    return {**shares, "total": total}


@dataclass(frozen=True)
class DriftSums:
    """Of what one batch sends into a branch's two batch norms, in units of their running ones."""

    count: int
    total: Float[np.ndarray, " channel"]
    squares: Float[np.ndarray, " channel"]


def drift_sums(branch: Branch, positions: Float[Tensor, "position dim"]) -> DriftSums:
    """Sum up (value − running mean) / running sd, both batch norms' channels side by side.

    Args:
        branch: in eval mode.
        positions: its input, one row per sentence (global) or real token (local).
    """
    squeeze, squeezed_norm, relu, expand, norm = branch
    assert isinstance(squeeze, torch.nn.Conv1d)
    assert isinstance(expand, torch.nn.Conv1d)
    first = F.linear(positions, squeeze.weight[..., 0], squeeze.bias)
    second = F.linear(relu(squeezed_norm(first)), expand.weight[..., 0], expand.bias)
    seen = torch.cat([_standard(first, squeezed_norm), _standard(second, norm)], dim=1).double()
    return DriftSums(len(seen), seen.sum(0).cpu().numpy(), seen.square().sum(0).cpu().numpy())


def _standard(values: Tensor, norm: torch.nn.Module) -> Tensor:
    assert isinstance(norm, torch.nn.BatchNorm1d)
    mean, variance = norm.get_buffer("running_mean"), norm.get_buffer("running_var")
    return (values - mean) * (variance + norm.eps).rsqrt()


def drift(sums: Sequence[DriftSums]) -> tuple[float, float]:
    """Return how far one language is from the running statistics.

    Returns:
        root mean square over channels of its standardised mean, and the mean over channels of
        log2(its variance / running variance).
    """
    count = sum(batch.count for batch in sums)
    mean = np.sum([batch.total for batch in sums], axis=0) / count
    variance = np.sum([batch.squares for batch in sums], axis=0) / count - mean**2
    spread = np.log2(np.maximum(variance, np.finfo(float).tiny))
    return float(np.sqrt((mean**2).mean())), float(spread.mean())
