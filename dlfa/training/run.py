"""Train every head of one model: the ``train`` command."""

import json
import logging
import math
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.data import Dataset
from transformers import PrinterCallback, TrainerState, TrainingArguments, set_seed

from dlfa.data.collation import Features, collate, encode_pairs
from dlfa.data.sources import Pair, evaluation_pairs, training_pairs
from dlfa.data.tasks import Task, task
from dlfa.errors import RunError
from dlfa.model import checkpoints
from dlfa.model.backbones import Encoder, load_encoder
from dlfa.model.device import hardware
from dlfa.model.modeling import DlfaConfig, DlfaModel
from dlfa.results import head_names
from dlfa.training.progress import Progress, last_complete, write_json
from dlfa.training.recipes import RECIPES, Recipe
from dlfa.training.trainer import DlfaTrainer, accuracies

__all__ = ["Settings", "Trained", "train"]

log = logging.getLogger(__name__)
SETTINGS = "settings.json"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one training run was asked for."""

    task: str
    backbone: str
    recipe: Recipe
    max_tokens: int | None = None
    """Budget of training tokens, padding not counted; None for the recipe's epochs."""
    seed: int = 0
    validation_limit: int | None = None
    """English validation pairs looked at, None for all."""
    checks: int = 8
    """How often validation is looked at and a checkpoint written."""
    bf16: bool | None = None
    """bfloat16 autocast; None where the device is faster with it."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**vars(self), "recipe": self.recipe.to_dict()}


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What a finished run left."""

    folder: Path
    """The checkpoint in float16, ready to load."""
    tokens: int
    seconds: float
    validation: dict[str, float]


class Encoded(Dataset[Features]):
    """Encoded examples, as torch wants them."""

    def __init__(self, examples: list[Features]) -> None:
        self.examples = examples

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> Features:
        return self.examples[index]


def recipe(name: str, **changes: Any) -> Recipe:
    """Return a recipe by name with some fields changed.

    Raises:
        RunError: there is no such recipe.
    """
    if name not in RECIPES:
        raise RunError("error.recipe.unknown", name=name, known=", ".join(RECIPES))
    return replace(RECIPES[name], **changes)


def train(settings: Settings, out: Path) -> Trained:
    """Train, or resume where a killed run left off, and write ``out/checkpoint``.

    Raises:
        RunError: ``out`` holds a run with other settings.
        MissingDataError, OfflineError, ModelError: see `dlfa.errors`.
    """
    claim(out, settings)
    known = task(settings.task)
    encoder = load_encoder(settings.backbone)
    model = build(known, encoder, settings)
    data = encode(training_pairs(known, settings.recipe.corpora), known, encoder)
    # A last batch of one pair would leave batch norm nothing to learn from: whole batches only.
    del data.examples[len(data) - len(data) % settings.recipe.batch_size :]
    validation = evaluation_pairs(known, "en", "validation")[: settings.validation_limit]
    trainer = DlfaTrainer(
        recipe=settings.recipe,
        model=model,
        args=arguments(settings, data, out),
        train_dataset=data,
        eval_dataset=encode(validation, known, encoder),
        data_collator=partial(collate, pad_id=encoder.tokenizer.pad_token_id),
        compute_metrics=accuracies,
        callbacks=[Progress(out)],
    )
    trainer.remove_callback(PrinterCallback)  # `Progress` says it better
    began = time.monotonic()
    resumed = last_complete(out)
    trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
    checkpoints.save(model, out / "checkpoint")
    done = Trained(
        folder=out / "checkpoint",
        tokens=int(trainer.state.num_input_tokens_seen),
        seconds=time.monotonic() - began,
        validation=best_validation(trainer.state),
    )
    write_json(out / "trained.json", {**vars(done), "folder": done.folder.name})
    return done


def best_validation(state: TrainerState) -> dict[str, float]:
    """Return the English validation figures of the checkpoint that was chosen."""
    looks = [entry for entry in state.log_history if "eval_accuracy" in entry]
    best = max(looks, key=lambda entry: entry["eval_accuracy"])
    return {key: float(value) for key, value in best.items()}


def claim(out: Path, settings: Settings) -> None:
    """Make the run folder ours, or make sure it is the same run that we go on with."""
    out.mkdir(parents=True, exist_ok=True)
    wanted = json.loads(json.dumps(settings.to_dict()))
    file = out / SETTINGS
    if file.is_file() and json.loads(file.read_text(encoding="utf-8")) != wanted:
        raise RunError("error.run.other_settings", path=out)
    write_json(file, wanted)


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
