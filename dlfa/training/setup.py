"""What a run needs before its first step: model, encoded data, Trainer's arguments."""

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import Dataset
from transformers import TrainingArguments, set_seed

from dlfa.data.collation import Features, encode_pairs, encode_words
from dlfa.data.sources import Pair
from dlfa.data.tagged import Tagged
from dlfa.data.tasks import Task
from dlfa.errors import RunError, UnknownHeadError
from dlfa.model import checkpoints
from dlfa.model.backbones import Encoder
from dlfa.model.device import hardware
from dlfa.model.modeling import DlfaConfig, DlfaModel
from dlfa.results import head_names
from dlfa.shapes import UNLABELLED
from dlfa.training.ranks import world
from dlfa.training.recipes import Settings

__all__ = ["Encoded", "arguments", "build", "chosen_heads", "drawn", "encode", "source"]


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
        heads=chosen_heads(settings.heads, encoder.layers),
        pooling="none" if known.kind == "tagging" else encoder.pooling,
        reduction=chosen.reduction,
        gate_init=chosen.gate_init,
        dropout=chosen.dropout,
        adapter=chosen.adapter(),
        tuning=chosen.tuning,
        seed=settings.seed,
    )
    return checkpoints.new(config, encoder)


def chosen_heads(names: Sequence[str], layers: int) -> tuple[str, ...]:
    """Return the heads to train, in the paper's order; all if none is named.

    Raises:
        UnknownHeadError: a head that an encoder of so many layers cannot have.
    """
    known = head_names(layers)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownHeadError(
            "error.head.unknown", names=", ".join(unknown), known=", ".join(known)
        )
    return tuple(name for name in known if name in names or not names)


def drawn(examples: Sequence[Any], settings: Settings) -> list[Any]:
    """Return as many of the examples as were asked for, drawn with the run's seed."""
    if settings.examples is None or settings.examples >= len(examples):
        return list(examples)
    chosen = np.random.default_rng(settings.seed).permutation(len(examples))
    return [examples[at] for at in sorted(chosen[: settings.examples])]


def source(backbone: str) -> str:
    """Return what finds the encoder again from anywhere: a folder's full path, else its name."""
    return str(Path(backbone).resolve()) if Path(backbone).is_dir() else backbone


def encode(examples: Sequence[Pair] | Sequence[Tagged], known: Task, encoder: Encoder) -> Encoded:
    """Tokenise a task's examples and attach their labels."""
    if known.kind == "tagging":
        return _encode_tagged([one for one in examples if isinstance(one, Tagged)], known, encoder)
    return _encode_pairs([one for one in examples if isinstance(one, Pair)], known, encoder)


def _encode_tagged(sentences: list[Tagged], known: Task, encoder: Encoder) -> Encoded:
    """Put each word's tag on its first sub-word; a sentence without any is left out."""
    words = [one.words for one in sentences]
    features = encode_words(encoder.tokenizer, words, known.max_length)
    for feature, sentence in zip(features, sentences, strict=True):
        labels = [UNLABELLED] * len(feature["input_ids"])
        for place, tag in zip(feature["first"], sentence.tags, strict=True):
            if place >= 0:
                labels[place] = tag
        feature["labels"] = labels
    return Encoded([one for one in features if max(one["first"]) >= 0])


def _encode_pairs(pairs: list[Pair], known: Task, encoder: Encoder) -> Encoded:
    features = encode_pairs(
        encoder.tokenizer,
        [pair.first for pair in pairs],
        [pair.second for pair in pairs],
        known.max_length,
    )
    for feature, pair in zip(features, pairs, strict=True):
        feature["labels"] = pair.label
    return Encoded(features)


def arguments(settings: Settings, known: Task, data: Encoded, out: Path) -> TrainingArguments:
    """Return Trainer's arguments for a recipe and a token budget."""
    chosen = settings.recipe
    tokens = sum(len(example["input_ids"]) for example in data.examples)
    epochs = settings.max_tokens / tokens if settings.max_tokens else chosen.epochs
    steps = max(1, math.ceil(epochs * len(data) / chosen.batch_size))
    every = max(1, math.ceil(steps / settings.checks))
    device = hardware()
    gpu = device.device == "cuda"
    # What this process may use: others may train beside it (OMP_NUM_THREADS).
    cores = min((os.cpu_count() or 1) // world(), torch.get_num_threads())
    made = TrainingArguments(
        output_dir=str(out),
        max_steps=steps,
        per_device_train_batch_size=shared(chosen.batch_size),
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
        metric_for_best_model=known.chosen_by,
        greater_is_better=True,
        logging_steps=max(1, min(25, every)),
        logging_nan_inf_filter=False,  # it waits for the device at every step, and hides faults
        disable_tqdm=True,
        report_to=[],
        remove_unused_columns=False,
        label_names=["labels"],
        seed=settings.seed,
        dataloader_pin_memory=device.device != "cpu",
        dataloader_num_workers=min(4, cores) if gpu else 0,
        dataloader_persistent_workers=gpu and cores > 0,
        # Each process takes its part of every batch: an update is the same on any number of them.
        accelerator_config={"split_batches": True, "non_blocking": gpu},
        ddp_find_unused_parameters=False,
        ddp_broadcast_buffers=False,  # batch norm's moments are those of all processes already
    )
    if world() == 1 and made.n_gpu > 1:
        made._n_gpu = 1  # one process, one GPU: several take `accelerate launch`
    return made


def shared(batch_size: int) -> int:
    """Return the size of an update's batch, which all processes share.

    Raises:
        RunError: they cannot have equal parts of it.
    """
    if batch_size % world():
        raise RunError("error.run.shared", size=batch_size, processes=world())
    return batch_size
