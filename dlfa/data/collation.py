"""Sentence pairs, or sentences of words -> sub-word ids -> padded batches."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

import torch
from torch import Tensor

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

from dlfa.shapes import UNLABELLED

MARK = "▁"  # SentencePiece's, of a word's beginning

__all__ = ["Features", "TokenBatch", "collate", "encode_pairs", "encode_words", "to_device"]


class Features(TypedDict, total=False):
    """One encoded example, unpadded."""

    input_ids: list[int]
    token_type_ids: list[int]
    labels: int | list[int]
    """The pair's class index, or one per sub-word, `UNLABELLED` where no word begins."""
    truncated: bool
    """Whether the texts were cut to fit."""
    first: list[int]
    """Where words are tagged: each word's first sub-word, −1 where it has none or was cut."""


class TokenBatch(TypedDict, total=False):
    """A padded batch, as `DlfaModel.forward` takes it; every tensor ``(batch token)``."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    labels: Tensor
    """``(batch)``, or ``(batch token)`` where words are tagged."""


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


def encode_words(
    tokenizer: "PreTrainedTokenizerBase",
    sentences: Sequence[Sequence[str]],
    max_length: int,
) -> list[Features]:
    """Tokenise sentences that are cut into words already; what is too long is cut at its end."""
    encoded = tokenizer(
        [list(words) for words in sentences],
        is_split_into_words=True,
        truncation=True,
        max_length=max_length,
        return_attention_mask=False,
    )
    columns = {
        **encoded,
        "truncated": [bool(one.overflowing) for one in encoded.encodings],
        "first": [
            _beginnings(one.word_ids, one.tokens, len(words))
            for one, words in zip(encoded.encodings, sentences, strict=True)
        ],
    }
    return [
        Features(**dict(zip(columns, row, strict=True)))  # type: ignore[typeddict-item]
        for row in zip(*columns.values(), strict=True)
    ]


def _beginnings(word_ids: Sequence[int | None], pieces: Sequence[str], words: int) -> list[int]:
    """Return each word's first sub-word; a mark that stands alone is one only if nothing follows.

    SentencePiece gives most Chinese, Japanese and Thai words such a mark of their own, which says
    nothing about the word, and an English word rarely.
    """
    first = [-1] * words
    for place in range(len(word_ids) - 1, -1, -1):
        word = word_ids[place]
        if word is not None and (first[word] < 0 or pieces[place] != MARK):
            first[word] = place
    return first


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
        batch["labels"] = _labels([example["labels"] for example in examples], longest)
    return batch


def _labels(labels: Sequence[int | list[int]], longest: int) -> Tensor:
    """Return class indices, ``(batch)`` or padded ``(batch token)``."""
    if isinstance(labels[0], int):
        return torch.tensor(labels)
    padded = torch.full((len(labels), longest), UNLABELLED)
    for row, one in enumerate(labels):
        padded[row, : len(one)] = torch.tensor(one)  # type: ignore[arg-type]
    return padded


def to_device(batch: TokenBatch, device: torch.device) -> TokenBatch:
    """Return the batch on another device."""
    moved = {name: tensor.to(device) for name, tensor in batch.items() if torch.is_tensor(tensor)}
    return TokenBatch(**moved)  # type: ignore[typeddict-item]
