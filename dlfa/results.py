"""The waist: what the analyses give and what figures and pages see.

Frozen dataclasses over numpy arrays, no torch. Each result carries its `Provenance`.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float, Int

__all__ = [
    "BASELINE",
    "Evaluation",
    "GateSweep",
    "HeadGate",
    "Prediction",
    "Provenance",
    "Tokens",
    "head_gate",
    "head_layer",
    "head_names",
]

BASELINE = "baseline"
_HEAD = re.compile(r"D_(?P<layer>[1-9]\d*)(?P<aff>_aff)?")


def head_names(layers: int, *, aff: bool = True) -> tuple[str, ...]:
    """Return every head of an encoder with ``layers`` layers, in the paper's order.

    ``baseline``, then ``D_1`` … ``D_{layers-1}`` (gate as printed), then the ``_aff`` twins.
    """
    printed = tuple(f"D_{layer}" for layer in range(1, layers))
    return (BASELINE, *printed, *(f"{name}_aff" for name in printed if aff))


def head_layer(head: str) -> int | None:
    """Return the lower layer a head fuses with the last, or None for the baseline.

    Raises:
        ValueError: if ``head`` is not a head's name.
    """
    if head == BASELINE:
        return None
    match = _HEAD.fullmatch(head)
    if match is None:
        raise ValueError(f"not a head's name: {head!r}")
    return int(match["layer"])


def head_gate(head: str) -> Literal["paper", "aff"] | None:
    """Return ``"paper"`` (gate as printed), ``"aff"``, or None for the baseline."""
    if head_layer(head) is None:
        return None
    return "aff" if head.endswith("_aff") else "paper"


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a number comes from; shown beside it and stored with it."""

    backbone: str
    """The encoder's key, Hub id or folder name: ``"e5-small"``, ``"mbert"``."""
    state: str
    """``"raw"`` or ``"tuned(task)"``."""
    checkpoint: str
    """sha256 (first 16 hex digits) of the adapter and the heads, empty for a raw encoder."""
    revision: str
    """The encoder's pinned source: a Hub commit or a file's sha256."""
    device: str
    """Such as ``"cpu"`` or ``"NVIDIA H100 80GB HBM3"``."""
    dtype: str
    """The encoder's arithmetic: ``"float32"`` or ``"bfloat16"``."""
    seed: int
    """The seed of training (tuned) or of sampling (raw)."""
    gate_init: str = ""
    """``"standard"`` or ``"neutral"``, empty without heads."""
    command: str = ""
    """The command that makes this number again."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions of the libraries that shape the numbers."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """One head's answer for one sentence pair."""

    head: str
    """``"baseline"``, ``"D_8"`` (gate as printed) or ``"D_8_aff"``."""
    probabilities: Float[np.ndarray, " label"]
    """Sum to 1."""
    labels: tuple[str, ...]
    """The task's label keys, in the order of ``probabilities``."""
    tokens: int
    """Length of the input in sub-words, special tokens included, as the model saw it."""
    truncated: bool
    """Whether the text was cut to the model's longest input."""
    provenance: Provenance

    @property
    def label(self) -> str:
        """The likeliest label."""
        return self.labels[int(self.probabilities.argmax())]

    @property
    def margin(self) -> float:
        """Probability of the likeliest label minus that of the second, in [0, 1]."""
        second, first = np.sort(self.probabilities)[-2:]
        return float(first - second)


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The model's view of one sentence pair."""

    pieces: tuple[str, ...]
    """Sub-words as the tokenizer spells them (``▁`` or ``##`` mark word boundaries)."""
    special: Bool[np.ndarray, " token"]
    """True on ``<s>``, ``</s>``, ``[CLS]`` …"""
    segment: tuple[str, ...]
    """``"premise"``, ``"hypothesis"`` or ``"special"``, per token."""
    truncated: bool
    """Whether the text was cut to the model's longest input."""

    def __len__(self) -> int:
        return len(self.pieces)


@dataclass(frozen=True, kw_only=True)
class HeadGate:
    """One fusion head's gate on one sentence pair, with its control."""

    head: str
    layer: int
    """x of D_x: which lower layer is fused with the last."""
    kind: str
    """``"paper"`` (g = W ⊙ s) or ``"aff"`` (g = s)."""
    attention: Float[np.ndarray, "token dim"]
    """s, each value in [0, 1]."""
    gate: Float[np.ndarray, "token dim"]
    """g as used, the lower layer's weight."""
    share: Float[np.ndarray, " token"]
    """‖g⊙L1‖ / (‖g⊙L1‖ + ‖(1−g)⊙L2‖): the lower layer's share of the fused vector, in [0, 1]."""
    untrained: Float[np.ndarray, "token dim"]
    """s of the same module before training: the control."""
    noise: Float[np.ndarray, "token dim"]
    """s of the same module with PyTorch's standard initial weights, never trained: how much
    structure chance alone draws."""


@dataclass(frozen=True, kw_only=True)
class GateSweep:
    """Every fusion layer's gate for one sentence pair, from one encoder pass."""

    tokens: Tokens
    heads: tuple[HeadGate, ...]
    predictions: tuple[Prediction, ...]
    """The answers of the same heads, from the same pass."""
    passes: int
    """Encoder passes this took: one, whatever the number of heads."""
    milliseconds: float
    """Wall time of the pass and all heads, in ms."""
    provenance: Provenance

    def __getitem__(self, head: str) -> HeadGate:
        for gate in self.heads:
            if gate.head == head:
                return gate
        raise KeyError(head)


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Every head's answers on labelled examples of several languages."""

    ids: np.ndarray
    """Example ids, ``(example)`` strings; translations share theirs."""
    languages: np.ndarray
    """ISO 639-1 codes, ``(example)`` strings."""
    gold: Int[np.ndarray, " example"]
    """Index of the right label."""
    tokens: Int[np.ndarray, " example"]
    """Input length in sub-words."""
    probabilities: Float[np.ndarray, "example head label"]
    heads: tuple[str, ...]
    labels: tuple[str, ...]
    settings: Mapping[str, Any]
    """Task, split, limit, sampling seed, seconds."""
    provenance: Provenance

    @property
    def right(self) -> Bool[np.ndarray, "example head"]:
        """Whether each head's likeliest label is the right one."""
        return self.probabilities.argmax(-1) == self.gold[:, None]
