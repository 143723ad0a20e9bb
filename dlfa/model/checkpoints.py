"""Checkpoints: a folder with adapters and heads, never with the encoder.

``config.json`` (`DlfaConfig`), ``adapter.safetensors`` (peft's LoRA on the encoder, empty without
one), ``heads.safetensors`` (every head parameter and batch-norm buffer) and ``README.md`` (the
card); where the encoder was tuned in full also ``encoder.safetensors``, which does hold it.
Loading takes two explicit steps, first the encoder from its own source, then adapter and heads
with nothing missing and nothing unexpected.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from peft import (
    LoraConfig,
    PeftModel,
    get_peft_model,
    get_peft_model_state_dict,
    set_peft_model_state_dict,
)
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import PreTrainedConfig

from dlfa.data.atomic import replacing
from dlfa.data.tasks import TASKS
from dlfa.errors import BrokenFileError, UnknownModelError, WrongTaskError
from dlfa.model.backbones import Encoder, load_encoder
from dlfa.model.config import DlfaConfig
from dlfa.model.heads import Heads, start_poolers
from dlfa.model.modeling import DlfaModel
from dlfa.model.weights import weights_digest
from dlfa.results import head_layer

__all__ = [
    "ADAPTER",
    "HEADS",
    "check_same",
    "digest",
    "initial_heads",
    "is_checkpoint",
    "load",
    "load_parts",
    "new",
    "save",
    "stored",
]

ADAPTER = "adapter.safetensors"
ENCODER = "encoder.safetensors"
HEADS = "heads.safetensors"
LORA_TARGETS = ("query", "key", "value", "dense")  # every linear map of a BERT layer


def initial_heads(config: DlfaConfig, pooler: Mapping[str, Tensor] | None = None) -> Heads:
    """Return the heads as they were before training: the same seed gives the same weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        heads = Heads(config, int(config.encoder_config.hidden_size))
    if pooler is not None and config.pooling == "cls":
        start_poolers(heads, pooler)
    return heads


def assemble(config: DlfaConfig, backbone: nn.Module, heads: Heads) -> DlfaModel:
    """Return a model made of parts that exist already, without initialising anything twice."""
    with torch.device("meta"):
        model = DlfaModel(config)
    model.backbone, model.heads = backbone, heads
    return model


def new(config: DlfaConfig, encoder: Encoder) -> DlfaModel:
    """Return a model to train: the encoder (with LoRA if the config has one) and fresh heads."""
    backbone: nn.Module = encoder.model
    if config.tuning == "frozen":
        backbone.requires_grad_(False)
    if config.adapter is not None:
        torch.manual_seed(config.seed)
        backbone = get_peft_model(backbone, LoraConfig(**config.adapter))
    return assemble(config, backbone, initial_heads(config, encoder.pooler))


def parts(model: DlfaModel) -> dict[str, dict[str, Tensor]]:
    """Return what a checkpoint stores: file name -> tensors."""
    adapter = {}
    if isinstance(model.backbone, PeftModel):
        adapter = get_peft_model_state_dict(model.backbone, save_embedding_layers=False)
    whole = {ENCODER: model.backbone.state_dict()} if model.config.tuning == "full" else {}
    return {ADAPTER: adapter, HEADS: model.heads.state_dict(), **whole}


def stored(tensors: Mapping[str, Tensor], *, half: bool) -> dict[str, Tensor]:
    """Return tensors as they are written: float16, but batch-norm statistics in float32."""

    def cast(name: str, tensor: Tensor) -> Tensor:
        keep = not half or ".running_" in name or not tensor.is_floating_point()
        return tensor.detach().cpu().contiguous() if keep else tensor.detach().cpu().half()

    return {name: cast(name, tensor) for name, tensor in tensors.items()}


def save(model: DlfaModel, folder: Path, *, half: bool = True) -> None:
    """Write a checkpoint folder, atomically: it is either whole or not there.

    Args:
        model: with the adapter not yet merged.
        folder: replaced if it exists; other files in it (card, record) are kept.
        half: store float16 (shipped checkpoints) rather than float32 (to resume training).
    """
    with replacing(folder, copy=True) as fresh:
        model.config.save_pretrained(fresh)
        for name, tensors in parts(model).items():
            save_file(stored(tensors, half=half), fresh / name, metadata={"format": "pt"})
            # safetensors makes files that nobody else may read; colleagues and servers should.
            shutil.copymode(fresh / "config.json", fresh / name)


def digest(folder: Path) -> str:
    """Return the first 16 hex digits of the sha256 over adapter and heads."""
    sha = hashlib.sha256()
    for name in (ADAPTER, HEADS, ENCODER):
        if name != ENCODER or (folder / name).is_file():
            sha.update((folder / name).read_bytes())
    return sha.hexdigest()[:16]


def is_checkpoint(folder: Path) -> bool:
    """Return whether a folder holds adapter and heads, rather than a whole model or none."""
    return (folder / "config.json").is_file() and (folder / HEADS).is_file()


def read_config(folder: Path) -> DlfaConfig:
    """Read a checkpoint's configuration.

    Raises:
        UnknownModelError: not a checkpoint folder.
        BrokenFileError: the configuration cannot be read, or its labels are not its task's.
    """
    if not is_checkpoint(folder):
        raise UnknownModelError("error.checkpoint.unknown", path=folder.name)
    try:
        config = DlfaConfig.from_pretrained(folder)
        config.encoder_config  # noqa: B018  (raises where it makes no sense)
    except Exception as error:  # each library has its own types for values that make no sense
        raise BrokenFileError("error.file.truncated", path=f"{folder.name}/config.json") from error
    known = TASKS.get(str(config.task))
    if known and tuple(config.labels) != known.labels:
        raise BrokenFileError(
            "error.checkpoint.labels",
            path=f"{folder.name}/config.json",
            task=known.key,
            found=", ".join(map(str, config.labels)),
            known=", ".join(known.labels),
        )
    return config


def check_same(folder: Path, config: PreTrainedConfig) -> None:
    """Make sure that a checkpoint to go on from was made for the same task and encoder.

    Raises:
        WrongTaskError: it was made for others.
        UnknownModelError, BrokenFileError: it is no checkpoint, or damaged.
    """
    found = read_config(folder)
    theirs, ours = (
        (one.task, one.backbone, one.backbone_revision, one.encoder_digest)
        for one in (found, config)
    )
    if theirs != ours:
        raise WrongTaskError(
            "error.checkpoint.other",
            path=folder,
            found=f"{found.task}, {found.backbone}",
            wanted=f"{config.task}, {config.backbone}",
        )


def load(
    folder: Path,
    encoder: Encoder | None = None,
    tell: Callable[[str], object] = lambda stage: None,
    *,
    listed: bool = False,
) -> tuple[DlfaModel, Encoder]:
    """Load a checkpoint for use: adapter merged, frozen, in eval mode.

    Args:
        folder: the checkpoint.
        encoder: its encoder, if it is in memory already; its weights are changed by the merge.
        tell: called with the stage that begins, ``"encoder"`` or ``"heads"``.
        listed: this instance's owner chose the checkpoint, and so its encoder with it.

    Raises:
        UnknownModelError, BrokenFileError, OfflineError: see `dlfa.errors`.
    """
    config = read_config(folder)
    tell("encoder")
    encoder = encoder or load_encoder(str(config.backbone), listed=listed)
    tell("heads")
    model = _build(config, encoder, folder)
    load_parts(model, folder)
    if isinstance(model.backbone, PeftModel):
        model.backbone = model.backbone.merge_and_unload()
    model.requires_grad_(False)
    return model.eval(), encoder


def _check_encoder(config: DlfaConfig, encoder: Encoder, folder: Path) -> None:
    """Make sure that the heads meet the weights that they learned on, where nobody pinned them.

    Checkpoints of before 2026-11 say nothing of them, and one with an own encoder needs no other.
    """
    wanted = config.encoder_digest if config.tuning != "full" else ""
    if wanted and wanted != weights_digest(encoder.model, encoder.revision):
        raise BrokenFileError(
            "error.checkpoint.encoder.changed",
            path=f"{folder.name}/config.json",
            backbone=config.backbone,
        )


def _build(config: DlfaConfig, encoder: Encoder, folder: Path) -> DlfaModel:
    """Build the model that a checkpoint's configuration describes, if it describes one."""
    layers, dim = config.layers, int(config.encoder_config.hidden_size)
    theirs = encoder.layers, int(encoder.model.config.hidden_size)
    if (layers, dim) != theirs:
        raise BrokenFileError(
            "error.checkpoint.encoder",
            path=f"{folder.name}/config.json",
            backbone=config.backbone,
            found=f"{layers} x {dim}",
            wanted=f"{theirs[0]} x {theirs[1]}",
        )
    _check_encoder(config, encoder, folder)
    try:
        if all((head_layer(head) or 0) < layers for head in config.heads):
            return new(config, encoder)
    except Exception as error:  # whatever torch and peft make of impossible values
        raise BrokenFileError("error.file.truncated", path=f"{folder.name}/config.json") from error
    raise BrokenFileError("error.file.truncated", path=f"{folder.name}/config.json")


def load_parts(model: DlfaModel, folder: Path) -> None:
    """Put a checkpoint's adapter and heads into a model that has not been merged.

    Raises:
        BrokenFileError: truncated, or the names or shapes are not this model's.
    """
    wanted = parts(model)
    found = {name: _read(folder / name) for name in wanted}
    for name, tensors in wanted.items():
        _compare(folder / name, tensors, found[name])
    if found[ADAPTER]:
        set_peft_model_state_dict(model.backbone, _like(found[ADAPTER], wanted[ADAPTER]))
    if ENCODER in found:
        model.backbone.load_state_dict(_like(found[ENCODER], wanted[ENCODER]), strict=True)
    model.heads.load_state_dict(_like(found[HEADS], wanted[HEADS]), strict=True)


def _read(file: Path) -> dict[str, Tensor]:
    try:
        return load_file(file)
    except (OSError, SafetensorError) as error:
        raise BrokenFileError("error.file.truncated", path=file.name) from error


def _compare(file: Path, wanted: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> None:
    odd = sorted(wanted.keys() ^ found.keys()) or [
        name for name in wanted if wanted[name].shape != found[name].shape
    ]
    if odd:
        raise BrokenFileError("error.file.keys", path=file.name, names=", ".join(odd[:3]))


def _like(found: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> dict[str, Any]:
    return {name: tensor.to(wanted[name].dtype) for name, tensor in found.items()}
