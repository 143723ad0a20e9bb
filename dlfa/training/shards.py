"""What `dlfa.training.sharding` wrote, for training and evaluation without any text."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dlfa.analysis.sharded import TestSet
from dlfa.data.collation import Features
from dlfa.data.shards import features, read_set
from dlfa.errors import RunError
from dlfa.model.backbones import Encoder
from dlfa.model.modeling import DlfaModel
from dlfa.model.packed import load_packed
from dlfa.model.vocabulary import WORDS, assembled, widened
from dlfa.training.material import Material
from dlfa.training.recipes import Settings
from dlfa.training.setup import Encoded

__all__ = [
    "ABOUT",
    "BODY",
    "POOLER",
    "ROWS",
    "SETS",
    "TABLE",
    "VERSION",
    "WEIGHTS",
    "Shard",
    "place",
    "read_shard",
]

VERSION = 1  # of what the files hold
ABOUT, ROWS, BODY = "shard.json", "rows.npy", "encoder"
WEIGHTS, TABLE, POOLER = "weights.safetensors", "words.safetensors", "pooler.safetensors"
SETS = ("train", "validation", "test")


def place(folder: Path, backbone: str, task_key: str) -> Path:
    """Return the folder of one task's shard."""
    name = Path(backbone).name if Path(backbone).is_dir() else backbone
    return folder / re.sub(r"[^\w.@-]", "_", name) / task_key


@dataclass(frozen=True, eq=False)
class Shard:
    """One task, tokenised for one encoder."""

    folder: Path
    about: Mapping[str, Any]
    """What ``shard.json`` says."""

    @property
    def layers(self) -> int:
        """Of the encoder."""
        return int(self.about["config"]["num_hidden_layers"])

    @property
    def corpora(self) -> tuple[str, ...]:
        """Short names of what is trained on."""
        return tuple(self.about["corpora"])

    @property
    def source(self) -> tuple[str, ...]:
        """Where what is trained on came from: a mirror, which may hold a part, or the Hub."""
        return tuple(self.about.get("source", ()))

    def count(self, name: str = "train") -> int:
        """Return the examples of a set."""
        return int(self.about["examples"][name])

    def tokens(self, name: str = "train") -> int:
        """Return the sub-words of a set."""
        return int(self.about["tokens"][name])

    def encoder(self) -> Encoder:
        """Return the encoder as it was, with the words of the training examples only.

        Raises:
            BrokenFileError: a file is damaged.
        """
        weights = load_packed(self._body / WEIGHTS)
        pooler = self._body / POOLER
        about = {
            **self.about["encoder"],
            "pooler": load_packed(pooler) if pooler.exists() else None,
        }
        words = self._words[: self._learned]
        return assembled(self.about["config"], {**weights, WORDS: words}, about)

    def whole(self, model: DlfaModel) -> DlfaModel:
        """Give a model that was trained here the words of the test set besides."""
        return widened(model, self._words[self._learned :])

    @property
    def _body(self) -> Path:
        return self.folder.parent / BODY

    @property
    def _learned(self) -> int:
        return int(self.about["config"]["vocab_size"])

    @cached_property
    def _words(self) -> Tensor:
        """The rows of the embedding, those of the training examples first."""
        there = np.load(self._body / ROWS, allow_pickle=False)
        places = np.searchsorted(there, self.rows())
        return load_packed(self._body / TABLE)[WORDS][torch.from_numpy(places)]

    def material(self, settings: Settings) -> Material:
        """Return what a training reads; see `dlfa.training.run.train`."""
        held_out = self._examples("validation")[: settings.validation_limit]
        return Material(
            encoder=self.encoder(),
            data=Encoded([*self._examples("train")]),
            held_out=Encoded([*held_out]),
        )

    @cache  # noqa: B019  (a few shards, which last as long as the process)
    def _examples(self, name: str) -> tuple[Features, ...]:
        return tuple(features(read_set(self.folder / f"{name}.npz")))

    @cached_property
    def test(self) -> TestSet:
        """The test set of all languages."""
        return TestSet(read_set(self.folder / "test.npz"), self.about["test"])

    def rows(self) -> np.ndarray:
        """Return which rows of the whole vocabulary the sub-words' numbers stand for."""
        found: np.ndarray = np.load(self.folder / ROWS, allow_pickle=False)
        return found


def read_shard(folder: Path, backbone: str, task_key: str) -> Shard:
    """Return one task's shard.

    Raises:
        RunError: there is none, or it is damaged or of another version.
    """
    here = place(folder, backbone, task_key)
    try:
        about = json.loads((here / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RunError("error.shard.missing", path=here, task=task_key) from None
    if about.get("version") != VERSION:
        raise RunError("error.shard.version", path=here, found=about.get("version"))
    return Shard(here, about)
