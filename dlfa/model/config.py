"""`DlfaConfig`: a model's shape as plain data."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

from transformers import AutoConfig, PreTrainedConfig

from dlfa.model.fusion import GateInit
from dlfa.results import head_layer, head_names

__all__ = ["DlfaConfig", "Pooling", "Tuning"]

Pooling = Literal["cls", "mean", "none"]
Tuning = Literal["lora", "full", "frozen"]


class DlfaConfig(PreTrainedConfig):
    """Everything needed to build the model's shape, without any weight.

    Args:
        encoder: the encoder's own configuration, as a dict with its ``model_type``.
        backbone: the encoder's key, Hub id or folder name (see `dlfa.model.backbones`).
        backbone_revision: its pinned source.
        encoder_digest: of an encoder from a folder, its weights' (see `dlfa.model.weights`), since
            another one may come to lie in the same folder; else empty.
        task: the task's key (see `dlfa.data.tasks`).
        labels: the task's label keys, in the classifiers' order.
        heads: the heads: ``"baseline"``, ``"D_8"``, ``"D_8_aff"`` …
        pooling: ``"cls"`` or ``"mean"``; ``"none"`` where every word is classified by its first
            sub-word.
        reduction: AIF's squeeze r.
        gate_init: ``"standard"`` or ``"neutral"`` (see `dlfa.model.fusion.DLFA`).
        dropout: before each classifier, in training.
        adapter: peft's LoRA configuration as a dict, None without one.
        tuning: what was trained of the encoder: ``"lora"`` (its adapter), ``"full"`` (all of it, so
            that a checkpoint holds it) or ``"frozen"`` (nothing).
        seed: what the heads were initialised with; the untrained control is built from it.
    """

    model_type = "dlfa"

    def __init__(
        self,
        encoder: dict[str, Any] | None = None,
        backbone: str = "",
        backbone_revision: str = "",
        encoder_digest: str = "",
        task: str = "",
        labels: Sequence[str] = (),
        heads: Sequence[str] | None = None,
        pooling: str = "cls",
        reduction: int = 4,
        gate_init: GateInit = "standard",
        dropout: float = 0.1,
        adapter: dict[str, Any] | None = None,
        tuning: Tuning = "lora",
        seed: int = 0,
        **options: Any,
    ) -> None:
        known = {*get_args(Pooling)}, {*get_args(GateInit)}, {*get_args(Tuning)}
        for value, values in zip((pooling, gate_init, tuning), known, strict=True):
            if value not in values:
                raise ValueError(f"{value!r} is none of {sorted(values)}")
        self.encoder = encoder or {"model_type": "bert"}
        self.backbone = backbone
        self.backbone_revision = backbone_revision
        self.encoder_digest = encoder_digest
        self.task = task
        self.labels = list(labels)
        layers = int(self.encoder.get("num_hidden_layers", 12))
        self.heads = list(heads if heads is not None else head_names(layers))
        self.pooling = pooling
        self.reduction = reduction
        self.gate_init = gate_init
        self.dropout = dropout
        self.adapter = adapter
        self.tuning = tuning
        self.seed = seed
        super().__init__(**options)

    @property
    def tagging(self) -> bool:
        """Whether every word gets a label, rather than a sentence pair one."""
        return self.pooling == "none"

    @property
    def read_layers(self) -> tuple[int, ...]:
        """The hidden states that the heads read, from below; 0 is the embedding output."""
        lower = {head_layer(head) or self.layers for head in self.heads}
        return tuple(sorted({*lower, self.layers}))

    @property
    def layers(self) -> int:
        """Number of encoder layers."""
        return int(self.encoder_config.num_hidden_layers)

    @property
    def encoder_config(self) -> PreTrainedConfig:
        """The encoder's configuration as an object."""
        options = dict(self.encoder)
        return AutoConfig.for_model(options.pop("model_type"), **options)


AutoConfig.register(DlfaConfig.model_type, DlfaConfig)
