"""What a training reads: an encoder and encoded examples, from corpora or from shards."""

from dataclasses import dataclass

from dlfa.model.backbones import Encoder
from dlfa.training.setup import Encoded

__all__ = ["Material"]


@dataclass(frozen=True, kw_only=True)
class Material:
    """The encoder with all that it learns from."""

    encoder: Encoder
    """As it was before: training changes it."""
    data: Encoded
    """To train on."""
    held_out: Encoded
    """To choose a checkpoint by."""
