"""Sums over languages, from which variances, what explains them, and batch-norm drift follow.

Everything is added up batch by batch, so that a set of any size takes the same memory.
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from dlfa.model.fusion import Branch, masked_mean
from dlfa.results import FACTORS
from dlfa.shapes import TokenMask, TokenStates

__all__ = ["Drift", "Groups", "Variance"]


class Groups:
    """Which language each row of an array belongs to."""

    def __init__(self, language: np.ndarray, languages: int) -> None:
        self.count = np.bincount(language, minlength=languages).astype(float)
        self.places = torch.eye(languages)[language].T  # (language row)

    def sums(self, rows: Float[Tensor, "row _"]) -> np.ndarray:
        """Return each language's sum, ``(language column)``."""
        found: np.ndarray = (self.places.to(rows.device) @ rows).double().cpu().numpy()
        return found


class Variance:
    """Sums from which the variance of s, and what each factor explains of it, follow."""

    def __init__(self, dim: int, languages: int) -> None:
        self.sums: dict[int, np.ndarray] = {}  # layer -> (language dim)
        self.means: dict[int, list[np.ndarray]] = {}  # layer -> each token's mean over channels
        self.squares = 0.0
        self.count = np.zeros(languages)  # tokens per language, of one layer
        self.dim, self.languages = dim, languages

    def add(self, layer: int, cells: Float[Tensor, "token dim"], groups: Groups) -> None:
        """Take one layer's tokens."""
        cells = cells - 0.5  # near what is subtracted later: fewer digits lost
        sums = self.sums.setdefault(layer, np.zeros((self.languages, self.dim)))
        sums += groups.sums(cells)
        self.means.setdefault(layer, []).append(cells.mean(1).double().cpu().numpy())
        self.squares += float(cells.square().sum(dtype=torch.float64))
        if layer == min(self.sums):
            self.count += groups.count

    def explained(self) -> dict[str, float]:
        """Return eta squared per factor, and the variance as ``"total"``."""
        sums = np.array([self.sums[layer] for layer in sorted(self.sums)])  # layer language dim
        means = np.array([np.concatenate(self.means[layer]) for layer in sorted(self.means)])
        tokens, layers = self.count.sum(), len(sums)
        centre = means.mean()
        total = self.squares / (tokens * layers * self.dim) - centre**2
        by_layer = sums.sum(1) / tokens  # layer dim
        languages = sums.sum((0, 2)) / (layers * self.dim * np.maximum(self.count, 1))
        groups = {
            "channel": by_layer.mean(0),
            "token": means.mean(0),
            "layer": means.mean(1),
            "layer-channel": by_layer,
            "layer-token": means,
        }
        between = {name: ((group - centre) ** 2).mean() for name, group in groups.items()}
        between["language"] = ((languages - centre) ** 2 * self.count).sum() / tokens
        share = {name: float(between[name] / total) if total > 0 else 0.0 for name in FACTORS}
        return {**share, "total": float(total)}


class Drift:
    """How far each language's statistics are from a branch's batch norms' running ones."""

    def __init__(self, branch: Branch, languages: int, *, pooled: bool) -> None:
        self.branch, self.pooled = branch, pooled
        norms = [module for module in self.branch if isinstance(module, torch.nn.BatchNorm1d)]
        self.mean = torch.cat([norm.get_buffer("running_mean") for norm in norms])
        self.scale = torch.cat([norm.get_buffer("running_var") for norm in norms]).rsqrt()
        self.count = np.zeros(languages)
        self.total = np.zeros((languages, len(self.mean)))
        self.squares = np.zeros_like(self.total)

    def add(self, inputs: TokenStates, mask: TokenMask, sentences: Groups, tokens: Groups) -> None:
        """Take what one batch sends into the branch's batch norms."""
        positions = masked_mean(inputs, mask) if self.pooled else inputs[mask]
        groups = sentences if self.pooled else tokens
        seen = (self._before(positions) - self.mean) * self.scale
        self.count += groups.count
        self.total += groups.sums(seen)
        self.squares += groups.sums(seen.square())

    def _before(self, positions: Tensor) -> Tensor:
        """Return the inputs of both batch norms, side by side."""
        squeeze, squeezed_norm, relu, expand, _ = self.branch
        assert isinstance(squeeze, torch.nn.Conv1d)
        assert isinstance(expand, torch.nn.Conv1d)
        first = F.linear(positions, squeeze.weight[..., 0], squeeze.bias)
        second = F.linear(relu(squeezed_norm(first)), expand.weight[..., 0], expand.bias)
        return torch.cat([first, second], dim=1)

    def distance(self) -> Float[np.ndarray, " language"]:
        """Return per language the root mean square of its standardised mean."""
        mean = self.total / np.maximum(self.count, 1)[:, None]
        found: np.ndarray = np.sqrt((mean**2).mean(1))
        return found

    def spread(self) -> Float[np.ndarray, " language"]:
        """Return per language the mean of log2(variance / running variance)."""
        count = np.maximum(self.count, 1)[:, None]
        variance = self.squares / count - (self.total / count) ** 2
        found: np.ndarray = np.log2(np.maximum(variance, 1e-12)).mean(1)
        return found
