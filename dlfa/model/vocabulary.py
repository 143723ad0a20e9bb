"""An encoder with only those sub-words that occur: the same training on a fraction of the weights.

A row of the embedding that no example looks up has no gradient, and without weight decay AdamW
leaves it where it is. Leaving out such rows therefore changes no other weight (`tests/` hold the
two against each other); of e5-small that is most of 96 of its 118 million parameters. What occurs
in training comes first: a model is trained with those rows alone, and gets the others, as they
were, when it is tested.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from jaxtyping import Int
from tokenizers import Tokenizer, models
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedModel, PreTrainedTokenizerFast

from dlfa.model.backbones import Encoder
from dlfa.model.modeling import DlfaModel

__all__ = ["WORDS", "assembled", "body_of", "cut_config", "kept_rows", "renumbered", "widened"]

WORDS = "embeddings.word_embeddings.weight"
PAD = "[PAD]"


def kept_rows(
    encoder: Encoder, learned: Iterable[np.ndarray], tested: np.ndarray
) -> tuple[Int[np.ndarray, " row"], int]:
    """Return the rows of the embedding that are needed, and how many, from the first, to train.

    All up to the padding id are among these, so that it keeps its number: RoBERTa counts its
    positions from there.

    Args:
        encoder: with its whole vocabulary.
        learned: sub-word ids of what is trained on, and of what checkpoints are chosen by.
        tested: sub-word ids of what is tested on.
    """
    padding = int(encoder.tokenizer.pad_token_id)
    special = np.array([*range(padding + 1), *encoder.tokenizer.all_special_ids])
    first = np.unique(np.concatenate([special, *map(np.unique, learned)]))
    more = np.setdiff1d(tested, first)
    return np.concatenate([first, more]).astype(np.int64), len(first)


def renumbered(tokens: np.ndarray, rows: Int[np.ndarray, " row"]) -> np.ndarray:
    """Return sub-word ids as places in `kept_rows`, in as few bytes as they fit into."""
    order = np.argsort(rows)
    found: np.ndarray = order[np.searchsorted(rows, tokens, sorter=order)]
    return found.astype(np.uint16 if found.max() <= np.iinfo(np.uint16).max else np.uint32)


def cut_config(encoder: Encoder, rows: int) -> dict[str, Any]:
    """Return the configuration of the encoder with only so many rows."""
    return {**encoder.model.config.to_dict(), "vocab_size": rows}


def widened(model: DlfaModel, further: Tensor) -> DlfaModel:
    """Give a trained model the rows of the embedding that no training example looks up.

    Args:
        model: is changed.
        further: those rows, ``(row dim)``.
    """
    assert isinstance(model.backbone, PreTrainedModel)
    before = model.backbone.get_input_embeddings()
    assert isinstance(before, nn.Embedding)
    every = torch.cat([before.weight.detach(), further])
    after = nn.Embedding.from_pretrained(every, padding_idx=before.padding_idx)
    model.backbone.set_input_embeddings(after)
    return model


def body_of(encoder: Encoder) -> dict[str, Tensor]:
    """Return all weights but the words'."""
    return {name: one for name, one in encoder.model.state_dict().items() if name != WORDS}


def assembled(
    config: Mapping[str, Any], weights: Mapping[str, Tensor], about: Mapping[str, Any]
) -> Encoder:
    """Return an encoder with a cut vocabulary.

    Its tokenizer knows padding only: texts have been through the whole one already.

    Args:
        config: see `cut_config`.
        weights: `body_of`, and `WORDS`.
        about: the other fields of `Encoder`.
    """
    options = dict(config)
    shape = AutoConfig.for_model(options.pop("model_type"), **options)
    model: PreTrainedModel = AutoModel.from_config(
        shape, add_pooling_layer=False, dtype=torch.float32
    )
    model.load_state_dict(dict(weights), strict=True)
    words = Tokenizer(models.WordLevel({PAD: int(shape.pad_token_id)}, unk_token=PAD))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, pad_token=PAD)
    return Encoder(model=model.eval(), tokenizer=tokenizer, **about)
