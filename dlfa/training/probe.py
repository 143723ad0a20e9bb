"""A few steps of training with an encoder's shape and made-up words, timed on this device."""

import gc
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import torch
from tokenizers import Tokenizer, models
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModel,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from dlfa.data import hub
from dlfa.data.collation import to_device
from dlfa.data.folders import is_folder
from dlfa.data.tasks import task
from dlfa.errors import (
    BrokenFileError,
    OfflineError,
    UnknownModelError,
    UnsupportedEncoderError,
)
from dlfa.model.backbones import BACKBONES, ENCODER_TYPES, Encoder
from dlfa.model.config import DlfaConfig
from dlfa.model.device import hardware
from dlfa.model.frozen_encoder import FrozenEncoder
from dlfa.model.modeling import DlfaModel
from dlfa.training.recipes import Settings
from dlfa.training.setup import build
from dlfa.training.states import StateBatch, state_bytes

__all__ = ["Probe", "length", "probe", "shape"]

# means with e5-small's tokenizer; of XNLI over MNLI and SNLI
LENGTHS = {"xnli": 39, "paws-x": 63, "ner": 14, "pos": 26}  # sub-words of a training example
FEW = 4  # examples of the first step
PAIRS = 16  # in a step: half a batch takes half as long, and a tenth more per token
PATIENCE = 6.0  # seconds: no further step is begun after that
FEWEST, MOST = 2, 8  # timed steps
VOCABULARY = 512  # looking up an embedding costs nothing, so a few words do
SHAPES = {  # of the encoders that have a short name: known without their files
    "e5-small": {"hidden_size": 384, "intermediate_size": 1536, "vocab_size": 250_037},
    "mbert": {"hidden_size": 768, "intermediate_size": 3072, "vocab_size": 119_547},
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
    encoding: float
    """Seconds in which a frozen encoder gives the hidden states of as many tokens; else 0."""
    activations: int
    """Bytes that one step keeps for its way back."""
    learned: int
    """Parameters that learn."""
    held: int
    """Parameters in memory, with the encoder's whole vocabulary."""
    heads: int
    """Of them the heads'."""
    state: int
    """Bytes that the hidden states of one sub-word take on disk."""
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


def length(task_key: str) -> int:
    """Return about how many sub-words a training example of a task has."""
    return LENGTHS.get(task_key, LENGTHS["xnli"])


def _probe(settings: Settings, patience: float) -> Probe:
    began, busy = time.perf_counter(), _busy()
    model = build(task(settings.task), _encoder(settings.backbone), settings)
    vocabulary = shape(settings.backbone).vocab_size - VOCABULARY
    nn.Module.to(model, torch.device(hardware().device))  # the subclass has no types for it
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=1e-4)

    def step(batch: StateBatch) -> None:
        _loss(model, batch).backward()
        torch.nn.utils.clip_grad_norm_(learned, settings.recipe.max_grad_norm)
        optimizer.step()
        optimizer.zero_grad()

    batch = _batch(PAIRS, model)
    model.train()
    kept = _activations(model, partial(step, _batch(FEW, model)))  # and all that it needs is there
    times = _timed(model, partial(step, batch), began + patience)
    model.eval()
    with torch.inference_mode():
        look = min(_timed(model, partial(_loss, model, batch), 0.0))
        encoding = _encoding(model, batch) if model.config.tuning == "frozen" else 0.0
    extra = vocabulary * int(model.config.encoder_config.hidden_size)
    return Probe(
        tokens=int(batch["attention_mask"].sum()),
        steps=times,
        look=look,
        encoding=encoding,
        activations=kept * PAIRS // FEW,
        learned=_count(learned) + (extra if model.config.tuning == "full" else 0),
        held=_count(model.parameters()) + extra,
        heads=_count(model.heads.parameters()),
        state=state_bytes(cast("DlfaConfig", model.config)),
        busy=busy,
        seconds=time.perf_counter() - began,
    )


def _count(parameters: Iterable[Tensor]) -> int:
    return sum(one.numel() for one in parameters)


def _activations(model: DlfaModel, step: Callable[[], object]) -> int:
    """Return the bytes of what autograd keeps during a step beside the parameters."""
    own = {one.untyped_storage().data_ptr() for one in model.parameters()}
    kept: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        step()
    return sum(kept.values())


def _encoding(model: DlfaModel, batch: StateBatch) -> float:
    encoder = FrozenEncoder(cast("PreTrainedModel", model.backbone), hardware().encoder_dtype)
    call = partial(encoder, batch["input_ids"], batch["attention_mask"])
    return min(_timed(model, call, 0.0))


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


def _batch(size: int, model: DlfaModel) -> StateBatch:
    tokens = length(str(model.config.task))
    ids = torch.randint(5, VOCABULARY, (size, tokens))  # past the ids of special tokens
    classes = torch.arange(size * tokens) % len(model.config.labels)
    classes = classes.view(size, tokens) if model.config.tagging else classes[:size]
    batch = StateBatch(input_ids=ids, attention_mask=torch.ones_like(ids), labels=classes)
    if model.config.tuning == "frozen":
        layers, dim = len(model.config.read_layers), int(model.config.encoder_config.hidden_size)
        batch["states"] = torch.randn(size, layers, tokens, dim).half()
    return cast("StateBatch", to_device(batch, model.device))


def _loss(model: DlfaModel, batch: StateBatch) -> torch.Tensor:
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
