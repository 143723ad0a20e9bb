"""What a run needs before its first step: model, encoded data, Trainer's arguments."""

import math
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import Dataset
from transformers import TrainingArguments, set_seed

from dlfa.data.collation import Features, encode_pairs
from dlfa.data.sources import Pair
from dlfa.data.tasks import Task
from dlfa.model import checkpoints
from dlfa.model.backbones import Encoder
from dlfa.model.device import hardware
from dlfa.model.modeling import DlfaConfig, DlfaModel
from dlfa.results import head_names
from dlfa.training.recipes import Settings

__all__ = ["Encoded", "arguments", "build", "encode", "source"]


class Encoded(Dataset[Features]):
    """Encoded examples, as torch wants them."""

    def __init__(self, examples: list[Features]) -> None:
        self.examples = examples

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> Features:
        return self.examples[index]


def build(known: Task, encoder: Encoder, settings: Settings) -> DlfaModel:
    """Return a fresh model with LoRA on the encoder and every head."""
    set_seed(settings.seed)
    chosen = settings.recipe
    for module in encoder.model.modules():
        if isinstance(module, nn.Dropout):
            module.p = chosen.encoder_dropout
    if not torch.cuda.is_available():
        # The backward pass of fused attention takes a third of a training step on a CPU.
        encoder.model.set_attn_implementation("eager")
    config = DlfaConfig(
        encoder=encoder.model.config.to_dict(),
        backbone=source(settings.backbone),
        backbone_revision=encoder.revision,
        task=known.key,
        labels=known.labels,
        heads=head_names(encoder.layers),
        pooling=encoder.pooling,
        reduction=chosen.reduction,
        gate_init=chosen.gate_init,
        dropout=chosen.dropout,
        adapter=chosen.adapter(),
        seed=settings.seed,
    )
    return checkpoints.new(config, encoder)


def source(backbone: str) -> str:
    """Return what finds the encoder again from anywhere: a folder's full path, else its name."""
    return str(Path(backbone).resolve()) if Path(backbone).is_dir() else backbone


def encode(pairs: list[Pair], known: Task, encoder: Encoder) -> Encoded:
    """Tokenise pairs and attach their labels."""
    features = encode_pairs(
        encoder.tokenizer,
        [pair.first for pair in pairs],
        [pair.second for pair in pairs],
        known.max_length,
    )
    for feature, pair in zip(features, pairs, strict=True):
        feature["labels"] = pair.label
    return Encoded(features)


def arguments(settings: Settings, data: Encoded, out: Path) -> TrainingArguments:
    """Return Trainer's arguments for a recipe and a token budget."""
    chosen = settings.recipe
    tokens = sum(len(example["input_ids"]) for example in data.examples)
    epochs = settings.max_tokens / tokens if settings.max_tokens else chosen.epochs
    steps = max(1, math.ceil(epochs * len(data) / chosen.batch_size))
    every = max(1, math.ceil(steps / settings.checks))
    device = hardware()
    return TrainingArguments(
        output_dir=str(out),
        max_steps=steps,
        per_device_train_batch_size=chosen.batch_size,
        per_device_eval_batch_size=2 * chosen.batch_size,
        warmup_steps=math.ceil(chosen.warmup * steps),
        lr_scheduler_type="linear",
        max_grad_norm=chosen.max_grad_norm,
        bf16=device.bf16 if settings.bf16 is None else settings.bf16,
        use_cpu=device.device == "cpu",
        train_sampling_strategy="group_by_length",
        include_num_input_tokens_seen="non_padding",
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="accuracy",
        greater_is_better=True,
        logging_steps=max(1, min(25, every)),
        disable_tqdm=True,
        report_to=[],
        remove_unused_columns=False,
        label_names=["labels"],
        seed=settings.seed,
        dataloader_pin_memory=device.device != "cpu",
    )
