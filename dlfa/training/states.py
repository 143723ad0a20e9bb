"""Hidden states that an encoder gave once, on disk, and batches made of them.

A chunk is a file of raw numbers, example after example, each ``(layer token dim)``; it is written
beside its place and then renamed, so that a chunk that is there is whole, whatever was killed.
float16 rather than bfloat16: of e5-small's states, which stay below 20, it keeps eight times as
much (relative error 2e-4 instead of 1.7e-3) in as many bytes, and numpy knows it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.data.collation import Features, TokenBatch, collate
from dlfa.model.config import DlfaConfig
from dlfa.training.setup import Encoded

__all__ = [
    "NUMBER",
    "Chunk",
    "Kept",
    "KeptFeatures",
    "StateBatch",
    "chunks",
    "collate_kept",
    "state_bytes",
    "stored",
]

NUMBER = np.dtype(np.float16)
CHUNK = 64_000_000  # bytes: what is done again after a kill, and what is in memory meanwhile


class KeptFeatures(Features, total=False):
    """One encoded example with its hidden states."""

    states: np.ndarray
    """``(layer token dim)``, read when it is looked into."""


class StateBatch(TokenBatch, total=False):
    """A padded batch with its hidden states."""

    states: Tensor
    """``(batch layer token dim)`` in float16, zero on padding."""


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Neighbouring examples whose states share a file."""

    file: Path
    first: int
    """The first one's row."""
    tokens: tuple[int, ...]
    """Sub-words of each."""

    def whole(self, layers: int, dim: int) -> bool:
        """Return whether the file is there: a smaller one was left by another run."""
        wanted = sum(self.tokens) * layers * dim * NUMBER.itemsize
        return self.file.is_file() and self.file.stat().st_size == wanted

    def write(self, states: Sequence[np.ndarray]) -> None:
        """Write the examples' states, as `stored` gives them, in their order."""
        scratch = self.file.with_suffix(".part")
        with scratch.open("wb") as file:
            for one in states:
                file.write(one.tobytes())
        scratch.replace(self.file)


def stored(states: Float[Tensor, "layer token dim"]) -> Float[np.ndarray, "layer token dim"]:
    """Return hidden states as they are kept; what no number is large enough for is the largest."""
    largest = float(np.finfo(NUMBER).max)
    found: np.ndarray = states.clamp(-largest, largest).cpu().numpy().astype(NUMBER)
    return found


def state_bytes(config: DlfaConfig) -> int:
    """Return the bytes that the hidden states of one sub-word take on disk."""
    dim = int(config.encoder_config.hidden_size)
    return len(config.read_layers) * dim * NUMBER.itemsize


def chunks(examples: Sequence[Features], folder: Path, name: str, each: int) -> Iterator[Chunk]:
    """Yield the chunks of some examples, in their order.

    Args:
        examples: encoded.
        folder: where the files lie.
        name: of the set: the files' beginning.
        each: bytes of one sub-word's states.
    """
    first, tokens = 0, list[int]()
    for row, example in enumerate(examples):
        size = len(example["input_ids"])
        if tokens and (sum(tokens) + size) * each > CHUNK:
            yield _chunk(folder, name, first, tokens)
            first, tokens = row, []
        tokens.append(size)
    if tokens:
        yield _chunk(folder, name, first, tokens)


def _chunk(folder: Path, name: str, first: int, tokens: Sequence[int]) -> Chunk:
    return Chunk(file=folder / f"{name}-{first:07d}.f16", first=first, tokens=tuple(tokens))


class Kept(Encoded):
    """Encoded examples, each with its hidden states out of a file.

    Args:
        examples: encoded, in the chunks' order.
        parts: whole chunks.
        layers: hidden states kept of each sub-word.
        dim: channels.
    """

    def __init__(
        self, examples: list[Features], parts: Sequence[Chunk], layers: int, dim: int
    ) -> None:
        super().__init__(examples)
        self.shape = layers, dim
        self.maps = [np.memmap(part.file, NUMBER, "r") for part in parts]
        self.places: list[tuple[int, int]] = []  # of each example: its chunk, its first number
        for number, part in enumerate(parts):
            ends = np.cumsum(part.tokens) * layers * dim
            self.places += [(number, int(end)) for end in (0, *ends[:-1])]

    def __getitem__(self, index: int) -> KeptFeatures:
        example, (number, start) = self.examples[index], self.places[index]
        layers, dim = self.shape
        tokens = len(example["input_ids"])
        numbers = self.maps[number][start : start + layers * tokens * dim]
        return KeptFeatures(**example, states=numbers.reshape(layers, tokens, dim))


def collate_kept(examples: Sequence[Features | KeptFeatures], pad_id: int) -> TokenBatch:
    """Pad examples, and their hidden states where they come with them.

    Args:
        examples: encoded, unpadded.
        pad_id: the tokenizer's padding id.
    """
    batch = collate(examples, pad_id)
    kept = [cast("KeptFeatures", one)["states"] for one in examples if "states" in one]
    if not kept:
        return batch
    layers, _tokens, dim = kept[0].shape
    padded = np.zeros((len(kept), layers, batch["input_ids"].shape[1], dim), NUMBER)
    for row, states in enumerate(kept):
        padded[row, :, : states.shape[1]] = states
    return StateBatch(**batch, states=torch.from_numpy(padded))
