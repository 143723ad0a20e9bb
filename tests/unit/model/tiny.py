"""Small random encoders, heads and inputs: what the model tests are made of."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel, BertTokenizer

from dlfa.model.backbones import Encoder
from dlfa.model.modeling import DlfaConfig
from dlfa.results import head_names

DIM = 16
LAYERS = 4
LABELS = ("entailment", "neutral", "contradiction")
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz"]


def bert_config(**changes: Any) -> BertConfig:
    return BertConfig(
        **{
            "vocab_size": len(VOCABULARY),
            "hidden_size": DIM,
            "num_hidden_layers": LAYERS,
            "num_attention_heads": 2,
            "intermediate_size": 2 * DIM,
            "max_position_embeddings": 32,
        }
        | changes
    )


def bert(seed: int = 0, **changes: Any) -> BertModel:
    """Return a random encoder in eval mode, its weights large enough to make states differ."""
    torch.manual_seed(seed)
    model = BertModel(bert_config(initializer_range=0.3, **changes))
    return model.eval()


def save_encoder(folder: Path, model: nn.Module | None = None) -> Path:
    """Save an encoder with a small cased vocabulary, as `save_pretrained` lays folders out."""
    (model or bert()).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        '{"tokenizer_class": "BertTokenizer", "do_lower_case": false}', encoding="utf-8"
    )
    return folder


def encoder(seed: int = 0, **changes: Any) -> Encoder:
    """Return a random encoder as `load_encoder` would: its pooler apart."""
    model = bert(seed, **changes)
    pooler = {name: value.clone() for name, value in model.pooler.dense.state_dict().items()}
    model.pooler = None
    return Encoder(
        key="tiny",
        revision="local",
        pooling="cls",
        model=model,
        tokenizer=BertTokenizer(vocab={piece: row for row, piece in enumerate(VOCABULARY)}),
        pooler=pooler,
    )


def config(**changes: Any) -> DlfaConfig:
    """Return the configuration of a model on `encoder`, with every head."""
    return DlfaConfig(
        **{
            "encoder": bert_config().to_dict(),
            "backbone": "tiny",
            "backbone_revision": "local",
            "task": "xnli",
            "labels": LABELS,
            "heads": head_names(LAYERS),
            "pooling": "mean",
            "seed": 3,
        }
        | changes
    )


LORA = {"r": 2, "lora_alpha": 4, "lora_dropout": 0.0, "target_modules": ["query", "value", "dense"]}


def randomise(module: nn.Module, seed: int = 0) -> None:
    """Give every parameter and batch-norm statistic a value that is none of the initial ones."""
    draw = torch.Generator().manual_seed(seed)
    for name, tensor in (*module.named_parameters(), *module.named_buffers()):
        if not tensor.is_floating_point():
            continue
        noise = torch.randn(tensor.shape, generator=draw).to(tensor.dtype)
        tensor.data.copy_(noise.abs() + 0.5 if name.endswith("running_var") else 0.5 * noise)


def sentences(*lengths: int, seed: int = 0) -> dict[str, Tensor]:
    """Return a padded batch of random sentences of these lengths."""
    draw = torch.Generator().manual_seed(seed)
    shape = (len(lengths), max(lengths))
    mask = torch.arange(shape[1])[None] < torch.tensor(lengths)[:, None]
    ids = torch.randint(5, len(VOCABULARY), shape, generator=draw)
    return {"input_ids": ids * mask, "attention_mask": mask.long()}
