"""Modules with random weights on random states: what the checks of structure execute."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlfa.model.config import DlfaConfig
from dlfa.model.fusion import AIF, DLFA
from dlfa.model.heads import Head

__all__ = [
    "BATCH",
    "DIM",
    "LAYERS",
    "LOWER",
    "REDUCTION",
    "SHAPES",
    "TOKENS",
    "Modules",
    "a_dlfa",
    "a_head",
    "all_real",
    "an_aif",
    "close",
    "random_states",
    "stirred",
]

BATCH, TOKENS, DIM, REDUCTION, LAYERS = 3, 5, 16, 4, 12
SHAPES = ((1, 1, 8), (2, 7, 12), (4, 3, 16))  # batch, token, dim
LOWER = 5  # the layer that a head fuses
SEED = 0
CLOSE = 1e-5


@dataclass(frozen=True)
class Modules:
    """The classes that are executed."""

    aif: Callable[..., AIF] = AIF
    dlfa: Callable[..., DLFA] = DLFA
    head: Callable[..., Head] = Head


def random_states(*shape: int, seed: int = SEED) -> Tensor:
    """Return normal random numbers, always the same."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def stirred(module: nn.Module) -> nn.Module:
    """Give a module random weights and statistics: nothing is 0, 1, or equal by chance."""
    draw = torch.Generator().manual_seed(SEED + 1)
    with torch.no_grad():
        for name, tensor in (*module.named_parameters(), *module.named_buffers()):
            if tensor.is_floating_point():
                noise = torch.randn(tensor.shape, generator=draw)
                tensor.copy_(noise.abs() + 0.5 if name.endswith("running_var") else noise)
    return module.eval()


def all_real(batch: int = BATCH, tokens: int = TOKENS) -> Tensor:
    """Return the mask of sentences without padding."""
    return torch.ones(batch, tokens, dtype=torch.bool)


def an_aif(modules: Modules, dim: int = DIM) -> AIF:
    """Return a stirred AIF."""
    made = stirred(modules.aif(dim, REDUCTION))
    assert isinstance(made, AIF)
    return made


def a_dlfa(modules: Modules, gate: str) -> DLFA:
    """Return a stirred DLFA."""
    made = stirred(modules.dlfa(DIM, REDUCTION, gate))
    assert isinstance(made, DLFA)
    return made


def close(one: Tensor, other: Tensor) -> bool:
    """Return whether two tensors are the same but for rounding."""
    return one.shape == other.shape and torch.allclose(one, other, atol=CLOSE, rtol=CLOSE)


def a_head(modules: Modules) -> tuple[Head, list[Tensor]]:
    """Return a stirred head on `LOWER`, and random hidden states of all layers."""
    config = DlfaConfig(labels=("a", "b", "c"), pooling="mean", reduction=REDUCTION)
    head = stirred(modules.head(config, f"D_{LOWER}", DIM))
    assert isinstance(head, Head)
    states = [random_states(BATCH, TOKENS, DIM, seed=20 + layer) for layer in range(LAYERS + 1)]
    return head, states
