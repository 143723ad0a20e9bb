"""What can be said of any encoder, with heads or without: its limits, its digest, the libraries."""

import platform
from hashlib import sha256
from importlib.metadata import version

import torch
from torch import nn
from transformers import PreTrainedConfig

from dlfa.model.backbones import LOCAL
from dlfa.policy import policy

__all__ = ["longest_input", "versions", "weights_digest"]

LIBRARIES = ("torch", "transformers", "tokenizers", "numpy")


def longest_input(config: PreTrainedConfig) -> int:
    """Return an encoder's longest input in sub-words; more is cut."""
    longest = int(config.max_position_embeddings)
    if config.model_type != "bert":
        longest -= 2  # RoBERTa's positions start after its padding id
    return min(longest, policy().max_tokens)


def weights_digest(model: nn.Module, revision: str) -> str:
    """Return a digest of all weights where their source has none of its own; else empty.

    Args:
        model: the weights.
        revision: of the encoder, see `dlfa.model.backbones.Encoder`.
    """
    if revision != LOCAL:
        return ""
    found = sha256()
    for name, tensor in model.state_dict().items():
        found.update(name.encode())
        found.update(tensor.detach().cpu().reshape(-1).view(torch.uint8).numpy().tobytes())
    return found.hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of the libraries that shape the numbers."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}
