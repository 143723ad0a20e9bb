"""A few steps of training with an encoder's shape and made-up words, timed on this device."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from tokenizers import Tokenizer, models
from torch import nn
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedTokenizerFast

from dlfa.data import hub
from dlfa.data.collation import TokenBatch, to_device
from dlfa.data.tasks import task
from dlfa.errors import (
    BrokenFileError,
    OfflineError,
    UnknownModelError,
    UnsupportedEncoderError,
)
from dlfa.model.backbones import BACKBONES, ENCODER_TYPES, Encoder, is_folder
from dlfa.model.device import hardware
from dlfa.model.modeling import DlfaModel
from dlfa.training.recipes import Settings
from dlfa.training.setup import build

__all__ = ["LENGTH", "Probe", "probe", "shape"]

# mean over MNLI and SNLI with e5-small's tokenizer: 2,631,649 tokens in 2,107 batches of 32
LENGTH = 39  # sub-words of a training pair
PAIRS = 16  # in a step: half a batch takes half as long, and a tenth more per token
PATIENCE = 6.0  # seconds: no further step is begun after that
FEWEST, MOST = 2, 8  # timed steps
VOCABULARY = 512  # looking up an embedding costs nothing, so a few words do
SHAPES = {  # of the encoders that have a short name: known without their files
    "e5-small": {"hidden_size": 384, "intermediate_size": 1536},
    "mbert": {"hidden_size": 768, "intermediate_size": 3072},
}


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What a few steps took on this device."""

    tokens: int
    """Training tokens of one step."""
    steps: tuple[float, ...]
    """Seconds of each training step, after one to warm up."""
    look: float
    """Seconds of a pass over as many tokens without learning, as in validation."""
    busy: bool
    """Whether other programs were using the computer, so that it seems slower than it is."""
    seconds: float
    """What the probe itself took."""


def shape(name: str) -> PreTrainedConfig:
    """Return an encoder's configuration, without its weights.

    Args:
        name: a short name, ``hub-id@revision`` or a folder.

    Raises:
        UnknownModelError, BrokenFileError: no such encoder, or its configuration is damaged.
        UnsupportedEncoderError: a model of another type.
        OfflineError: it must come from the Hub, and the Hub does not answer.
    """
    if name in SHAPES:
        return AutoConfig.for_model("bert", **SHAPES[name])
    if is_folder(name):
        if not (Path(name) / "config.json").is_file():
            raise UnknownModelError("error.folder.no_config", path=Path(name).name)
        return _read(name, Path(name).name)
    hub_id, at, revision = name.partition("@")
    if not at:
        raise UnknownModelError("error.model.unknown", name=name, known=", ".join(BACKBONES))
    return _read(hub_id, hub_id, revision=revision, local_files_only=not hub.reachable())


def _read(where: str, name: str, **options: str | bool) -> PreTrainedConfig:
    try:
        found = AutoConfig.from_pretrained(where, trust_remote_code=False, **options)
    except OSError as error:
        if options:
            raise OfflineError("error.hub.offline", what=name) from error
        raise BrokenFileError("error.file.truncated", path=f"{name}/config.json") from error
    except Exception as error:  # the library has many types for values that make no sense
        raise BrokenFileError("error.file.truncated", path=f"{name}/config.json") from error
    if found.model_type not in ENCODER_TYPES:
        known = ", ".join(ENCODER_TYPES)
        raise UnsupportedEncoderError(
            "error.encoder.type", name=name, found=found.model_type, known=known
        )
    return found


def probe(settings: Settings, patience: float = PATIENCE) -> Probe:
    """Time training steps of a recipe with random weights of the encoder's shape.

    Args:
        settings: task, backbone and recipe; its files are not needed.
        patience: seconds after which no further step is begun; two are made in any case.

    Raises:
        UnknownModelError, BrokenFileError, OfflineError: see `shape`.
    """
    with torch.random.fork_rng():
        found = _probe(settings, patience)
    gc.collect()  # peft's modules know each other: without this the model would stay for a while
    return found


def _probe(settings: Settings, patience: float) -> Probe:
    began, busy = time.perf_counter(), _busy()
    model = build(task(settings.task), _encoder(settings.backbone), settings)
    nn.Module.to(model, torch.device(hardware().device))  # the subclass has no types for it
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=1e-4)

    def step(batch: TokenBatch) -> None:
        _loss(model, batch).backward()
        torch.nn.utils.clip_grad_norm_(learned, settings.recipe.max_grad_norm)
        optimizer.step()
        optimizer.zero_grad()

    batch = _batch(PAIRS, model)
    model.train()
    step(_batch(4, model))  # allocates and compiles what the first step needs
    times = _timed(model, partial(step, batch), began + patience)
    model.eval()
    with torch.inference_mode():
        look = min(_timed(model, partial(_loss, model, batch), 0.0))
    seconds = time.perf_counter() - began
    return Probe(tokens=PAIRS * LENGTH, steps=times, look=look, busy=busy, seconds=seconds)


def _busy() -> bool:
    """Return whether other programs have used this computer in the last minute, where it tells."""
    asked = getattr(os, "getloadavg", None)  # Windows has none
    return asked is not None and asked()[0] > (os.cpu_count() or 1) / 2


def _encoder(name: str) -> Encoder:
    config = shape(name)
    config.vocab_size = VOCABULARY
    words = Tokenizer(models.WordLevel({"a": 0}, unk_token="a"))
    return Encoder(
        key=name,
        revision="random",
        pooling=BACKBONES[name].pooling if name in BACKBONES else "cls",
        model=AutoModel.from_config(config, add_pooling_layer=False),
        tokenizer=PreTrainedTokenizerFast(tokenizer_object=words),
    )


def _batch(size: int, model: DlfaModel) -> TokenBatch:
    ids = torch.randint(5, VOCABULARY, (size, LENGTH))  # past the ids of special tokens
    classes = torch.arange(size) % len(model.config.labels)
    batch = TokenBatch(input_ids=ids, attention_mask=torch.ones_like(ids), labels=classes)
    return to_device(batch, model.device)


def _loss(model: DlfaModel, batch: TokenBatch) -> torch.Tensor:
    with hardware().autocast():
        loss = model(**batch).loss
    assert loss is not None
    return loss


def _timed(model: DlfaModel, call: Callable[[], object], until: float) -> tuple[float, ...]:
    """Return the seconds of each call: at least two."""
    times: list[float] = []
    while len(times) < FEWEST or (time.perf_counter() < until and len(times) < MOST):
        start = time.perf_counter()
        call()
        if model.device.type == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return tuple(times)
