"""Sentence pairs -> sub-word ids -> padded batches."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

import torch
from torch import Tensor

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

__all__ = ["Features", "TokenBatch", "collate", "encode_pairs", "to_device"]


class Features(TypedDict, total=False):
    """One encoded example, unpadded."""

    input_ids: list[int]
    token_type_ids: list[int]
    labels: int
    truncated: bool
    """Whether the texts were cut to fit."""


class TokenBatch(TypedDict, total=False):
    """A padded batch, as `DlfaModel.forward` takes it; every tensor ``(batch token)``."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    labels: Tensor
    """``(batch)``"""


def encode_pairs(
    tokenizer: "PreTrainedTokenizerBase",
    first: Sequence[str],
    second: Sequence[str],
    max_length: int,
) -> list[Features]:
    """Tokenise sentence pairs; the longer sentence of a pair is cut first."""
    encoded = tokenizer(
        list(first),
        list(second),
        truncation="longest_first",
        max_length=max_length,
        return_attention_mask=False,
    )
    columns = {**encoded, "truncated": [bool(one.overflowing) for one in encoded.encodings]}
    return [
        Features(**dict(zip(columns, row, strict=True)))  # type: ignore[typeddict-item]
        for row in zip(*columns.values(), strict=True)
    ]


def collate(examples: Sequence[Features], pad_id: int) -> TokenBatch:
    """Pad examples to the longest of the batch.

    Args:
        examples: encoded, unpadded.
        pad_id: the tokenizer's padding id.
    """
    longest = max(len(example["input_ids"]) for example in examples)
    ids = torch.full((len(examples), longest), pad_id)
    mask = torch.zeros_like(ids)
    segments = torch.zeros_like(ids)
    for row, example in enumerate(examples):
        size = len(example["input_ids"])
        ids[row, :size] = torch.tensor(example["input_ids"])
        mask[row, :size] = 1
        if "token_type_ids" in example:
            segments[row, :size] = torch.tensor(example["token_type_ids"])
    batch = TokenBatch(input_ids=ids, attention_mask=mask)
    if "token_type_ids" in examples[0]:
        batch["token_type_ids"] = segments
    if "labels" in examples[0]:
        batch["labels"] = torch.tensor([example["labels"] for example in examples])
    return batch


def to_device(batch: TokenBatch, device: torch.device) -> TokenBatch:
    """Return the batch on another device."""
    moved = {name: tensor.to(device) for name, tensor in batch.items() if torch.is_tensor(tensor)}
    return TokenBatch(**moved)  # type: ignore[typeddict-item]
