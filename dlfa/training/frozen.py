"""Heads on an encoder that stays as it is: it runs once over all examples, and never again.

Its hidden states lie on disk while the heads make their passes over them. The heads, the loss and
the checkpoint are those of any other run; only the encoder's part of each step is left out, which
is most of it. What the disk has no room for is trained with the encoder in every step instead.
"""

import logging
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import nn
from transformers import PreTrainedModel

from dlfa.analysis.predict import batches, inputs
from dlfa.data.atomic import write_json
from dlfa.data.collation import Features, collate, to_device
from dlfa.model.config import DlfaConfig
from dlfa.model.device import hardware
from dlfa.model.frozen_encoder import FrozenEncoder
from dlfa.model.modeling import DlfaModel
from dlfa.training.progress import PROGRESS, earlier_seconds
from dlfa.training.ranks import world
from dlfa.training.setup import Encoded
from dlfa.training.states import Chunk, Kept, chunks, state_bytes, stored

__all__ = ["FOLDER", "MOST", "fits", "forget", "kept"]

FOLDER = "states"  # in the run's folder
MOST = 40_000_000_000  # bytes that hidden states may take
SHARE = 0.5  # of what is free on the disk
EVERY = 2.0  # seconds between two notes of how far it is
log = logging.getLogger(__name__)


def kept(
    model: DlfaModel, data: Encoded, held_out: Encoded, pad_id: int, out: Path
) -> tuple[Encoded, Encoded]:
    """Return the examples with their hidden states, as they are where the encoder learns too.

    Chunks that an earlier session left are taken over.

    Args:
        model: its encoder gives the states, on this process' device.
        data: to train on.
        held_out: to choose a checkpoint by.
        pad_id: the tokenizer's padding id.
        out: the run's folder.
    """
    config, place = cast("DlfaConfig", model.config), out / FOLDER
    if config.tuning != "frozen" or world() > 1:
        return data, held_out
    tokens = sum(len(one["input_ids"]) for set_ in (data, held_out) for one in set_.examples)
    folder = place / _stamp(config, (data, held_out))
    earlier = sum(file.stat().st_size for file in folder.glob("*"))
    if not fits(tokens * state_bytes(config), out, earlier):
        log.info(
            "no room for the hidden states of %d tokens: the encoder runs at every step", tokens
        )
        return data, held_out
    folder.mkdir(parents=True, exist_ok=True)
    passes = Passes(model, pad_id, folder, tokens)
    return passes.over(data.examples, "train"), passes.over(held_out.examples, "validation")


def _stamp(config: DlfaConfig, sets: Sequence[Encoded]) -> str:
    """Return what the states depend on, in 16 hex digits: encoder, layers and sub-words."""
    read = config.read_layers
    said = f"{config.backbone}\0{config.backbone_revision}\0{config.encoder_digest}\0{read}"
    found = sha256(said.encode())
    for example in (one for set_ in sets for one in set_.examples):
        found.update(np.array([-1, *example["input_ids"]], np.int32).tobytes())
    return found.hexdigest()[:16]


def fits(wanted: int, place: Path, earlier: int = 0) -> bool:
    """Return whether so many bytes of hidden states may lie in a folder.

    Args:
        wanted: bytes.
        place: a folder that exists.
        earlier: bytes of them that are there already.
    """
    return wanted <= min(MOST, SHARE * (shutil.disk_usage(place).free + earlier))


def forget(out: Path) -> None:
    """Remove a finished run's hidden states."""
    with suppress(OSError):  # Windows: a map may still be open; they are in nobody's way
        shutil.rmtree(out / FOLDER)


class Passes:
    """The encoder's only pass over the examples.

    Args:
        model: gives encoder, device, and what is read of the hidden states.
        pad_id: the tokenizer's padding id.
        folder: where the chunks go, in one of the run's folder.
        tokens: of all sets together, to say how far it is.
    """

    def __init__(self, model: DlfaModel, pad_id: int, folder: Path, tokens: int) -> None:
        self.config = cast("DlfaConfig", model.config)
        self.layers = list(self.config.read_layers)
        self.dim = int(self.config.encoder_config.hidden_size)
        self.pad_id, self.folder, self.tokens = pad_id, folder, tokens
        self.done, self.told = 0, 0.0
        self.began, self.earlier = time.monotonic(), earlier_seconds(folder.parents[1])
        nn.Module.to(model, torch.device(hardware().device))
        assert isinstance(model.backbone, PreTrainedModel)
        self.encoder = FrozenEncoder(model.backbone.eval(), hardware().encoder_dtype)

    def over(self, examples: list[Features], name: str) -> Kept:
        """Return one set with its hidden states."""
        parts = list(chunks(examples, self.folder, name, state_bytes(self.config)))
        for part in parts:
            if not part.whole(len(self.layers), self.dim):
                part.write(self._states(examples[part.first : part.first + len(part.tokens)]))
            self._tell(part)
        return Kept(examples, parts, len(self.layers), self.dim)

    @torch.inference_mode()
    def _states(self, examples: Sequence[Features]) -> list[np.ndarray]:
        """Return each example's states, ``(layer token dim)``."""
        found: dict[int, np.ndarray] = {}
        for rows in batches([len(one["input_ids"]) for one in examples]):
            batch = collate([examples[row] for row in rows], self.pad_id)
            every = self.encoder(**inputs(to_device(batch, torch.device(hardware().device))))
            read = torch.stack([every[layer] for layer in self.layers], dim=1)
            for row, states in zip(rows, read, strict=True):
                found[row] = stored(states[:, : len(examples[row]["input_ids"])])
        return [found[row] for row in range(len(examples))]

    def _tell(self, part: Chunk) -> None:
        self.done += sum(part.tokens)
        seconds, share = time.monotonic() - self.began, self.done / self.tokens
        if seconds - self.told < EVERY and share < 1:
            return
        self.told = seconds
        now = {
            "stage": "states",
            "share": round(share, 4),
            "tokens_per_second": round(self.done / max(seconds, 1e-9), 1),
            "seconds": round(self.earlier + seconds, 1),
            "seconds_left": round(seconds / share * (1 - share)),
        }
        write_json(self.folder.parents[1] / PROGRESS, now)
        log.info("hidden states %.0f %% · %.0f tokens/s", 100 * share, now["tokens_per_second"])
