"""What an encoder from a folder is known by: its weights, since nobody pinned them."""

from hashlib import sha256

import torch
from torch import nn

from dlfa.model.backbones import LOCAL

__all__ = ["weights_digest"]


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
        found.update(tensor.detach().cpu().reshape(-1).view(torch.uint8).numpy())
    return found.hexdigest()
