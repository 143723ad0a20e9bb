"""`DlfaModel`: one encoder, many fusion heads, one forward pass."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel
from transformers.utils import ModelOutput

from dlfa.errors import UnknownHeadError
from dlfa.model.fusion import DLFA, Fused, GateInit, masked_mean
from dlfa.results import head_gate, head_layer, head_names
from dlfa.shapes import HeadLogits, Labels, Logits, Loss, Pooled, TokenIds, TokenMask, TokenStates

__all__ = ["DlfaConfig", "DlfaModel", "DlfaOutput", "Head", "Heads"]


class DlfaConfig(PreTrainedConfig):
    """Everything needed to build the model's shape, without any weight.

    Args:
        encoder: the encoder's own configuration, as a dict with its ``model_type``.
        backbone: the encoder's key, Hub id or folder name (see `dlfa.model.backbones`).
        backbone_revision: its pinned source.
        task: the task's key (see `dlfa.data.tasks`).
        labels: the task's label keys, in the classifiers' order.
        heads: the heads: ``"baseline"``, ``"D_8"``, ``"D_8_aff"`` …
        pooling: ``"cls"`` or ``"mean"``.
        reduction: AIF's squeeze r.
        gate_init: ``"standard"`` or ``"neutral"`` (see `dlfa.model.fusion.DLFA`).
        dropout: before each classifier, in training.
        adapter: peft's LoRA configuration as a dict, None for a fully tuned encoder.
        seed: what the heads were initialised with; the untrained control is built from it.
    """

    model_type = "dlfa"

    def __init__(
        self,
        encoder: dict[str, Any] | None = None,
        backbone: str = "",
        backbone_revision: str = "",
        task: str = "",
        labels: Sequence[str] = (),
        heads: Sequence[str] | None = None,
        pooling: str = "cls",
        reduction: int = 4,
        gate_init: GateInit = "standard",
        dropout: float = 0.1,
        adapter: dict[str, Any] | None = None,
        seed: int = 0,
        **options: Any,
    ) -> None:
        if pooling not in {"cls", "mean"} or gate_init not in get_args(GateInit):
            raise ValueError(f"no such pooling or gate_init: {pooling!r}, {gate_init!r}")
        self.encoder = encoder or {"model_type": "bert"}
        self.backbone = backbone
        self.backbone_revision = backbone_revision
        self.task = task
        self.labels = list(labels)
        layers = int(self.encoder.get("num_hidden_layers", 12))
        self.heads = list(heads if heads is not None else head_names(layers))
        self.pooling = pooling
        self.reduction = reduction
        self.gate_init = gate_init
        self.dropout = dropout
        self.adapter = adapter
        self.seed = seed
        super().__init__(**options)

    @property
    def layers(self) -> int:
        """Number of encoder layers."""
        return int(self.encoder_config.num_hidden_layers)

    @property
    def encoder_config(self) -> PreTrainedConfig:
        """The encoder's configuration as an object."""
        options = dict(self.encoder)
        return AutoConfig.for_model(options.pop("model_type"), **options)


class Head(nn.Module):
    """DLFA (or nothing), pooling, dense + tanh, dropout, classifier.

    Args:
        config: the model's configuration.
        name: which head: decides the lower layer and the gate.
        dim: the encoder's channels.
    """

    def __init__(self, config: DlfaConfig, name: str, dim: int) -> None:
        super().__init__()
        self.layer = head_layer(name)
        gate = head_gate(name)
        self.fusion = DLFA(dim, config.reduction, gate, config.gate_init) if gate else None
        self.pooling = config.pooling
        self.dense = nn.Linear(dim, dim)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(dim, len(config.labels))

    def fuse(self, states: Sequence[TokenStates], mask: TokenMask) -> Fused | None:
        """Return the fused states and their gate, None for the baseline."""
        if self.fusion is None or self.layer is None:
            return None
        return self.fusion(states[self.layer], states[-1], mask)

    def pool(self, states: TokenStates, mask: TokenMask) -> Pooled:
        """Return the first token, or the average over the real tokens."""
        return states[:, 0] if self.pooling == "cls" else masked_mean(states, mask)

    def classify(self, pooled: Pooled) -> Logits:
        """Return each label's score for pooled vectors."""
        return self.classifier(self.dropout(self.dense(pooled).tanh()))

    def forward(
        self, states: Sequence[TokenStates], mask: TokenMask
    ) -> tuple[Logits, Fused | None]:
        # Heads run in the parameters' own precision, also inside the encoder's bf16 autocast.
        with torch.autocast(mask.device.type, enabled=False):
            fused = self.fuse(states, mask)
            final = states[-1].to(self.dense.weight.dtype) if fused is None else fused.states
            return self.classify(self.pool(final, mask)), fused


class Heads(nn.Module):
    """All heads of a model, by name, in order.

    Args:
        config: the model's configuration.
        dim: the encoder's channels.
    """

    def __init__(self, config: DlfaConfig, dim: int) -> None:
        super().__init__()
        self.by_name = nn.ModuleDict({name: Head(config, name, dim) for name in config.heads})

    def __getitem__(self, name: str) -> Head:
        head = self.by_name[name]
        assert isinstance(head, Head)
        return head

    def choose(self, names: Iterable[str] | str = "all") -> tuple[str, ...]:
        """Return head names in the order asked for.

        Raises:
            UnknownHeadError: a name this model does not have, or none at all.
        """
        known = tuple(self.by_name)
        chosen = known if names == "all" else (names,) if isinstance(names, str) else tuple(names)
        unknown = [name for name in chosen if name not in known]
        if unknown or not chosen:
            raise UnknownHeadError(
                "error.head.unknown", names=", ".join(unknown) or "-", known=", ".join(known)
            )
        return chosen


@dataclass
class DlfaOutput(ModelOutput):
    """What one forward pass gives.

    ``logits``: ``(batch head label)`` in the order of the heads asked for. ``loss``: the mean of
    their cross entropies. ``hidden_states``: the encoder's ``layers + 1`` tensors
    ``(batch token dim)``. ``fused``: per fusion head its `Fused`.
    """

    loss: Loss | None = None
    logits: HeadLogits | None = None
    hidden_states: tuple[Tensor, ...] | None = None
    fused: dict[str, Fused] | None = None


class DlfaModel(PreTrainedModel):
    """A multilingual encoder with DLFA heads.

    One forward pass runs the encoder once and only the heads asked for.
    """

    config_class = DlfaConfig
    base_model_prefix = "backbone"
    # Trainer must scale the loss under gradient accumulation itself: ours is a batch mean.
    accepts_loss_kwargs = False
    _supports_sdpa = True

    def __init__(self, config: DlfaConfig) -> None:
        super().__init__(config)
        encoder_config = config.encoder_config
        self.backbone = AutoModel.from_config(encoder_config, add_pooling_layer=False)
        self.heads = Heads(config, int(encoder_config.hidden_size))
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """Keep PyTorch's own initial values: AIF's `gate_init` depends on them."""

    @classmethod
    def from_pretrained(  # type: ignore[override]
        cls, source: str | Path, *args: Any, **options: Any
    ) -> Any:
        """Load a model saved whole, or a checkpoint of adapter and heads with its encoder.

        The base class knows only the former: from the latter's files it would make an error, or
        an encoder of random weights. See `dlfa.model.checkpoints.load`, which takes no options.
        """
        from dlfa.model import checkpoints

        if checkpoints.is_checkpoint(Path(source)):
            return checkpoints.load(Path(source))[0]
        return super().from_pretrained(source, *args, **options)

    def save_pretrained(  # type: ignore[override]
        self, folder: str | Path, *args: Any, **options: Any
    ) -> None:
        """Save the model whole or, while its adapter is not merged, as a checkpoint."""
        from dlfa.model import checkpoints

        if checkpoints.parts(self)[checkpoints.ADAPTER]:
            checkpoints.save(self, Path(folder), half=False)
        else:
            super().save_pretrained(folder, *args, **options)

    def forward(
        self,
        input_ids: TokenIds,
        attention_mask: Tensor | None = None,
        token_type_ids: Tensor | None = None,
        labels: Labels | None = None,
        heads: Sequence[str] | None = None,
        return_states: bool = False,
    ) -> DlfaOutput:
        """Run the encoder once and every head asked for.

        Args:
            input_ids: sub-word ids.
            attention_mask: 1 on real tokens; all ones if not given.
            token_type_ids: 0 / 1 for the two sentences, where the encoder uses them.
            labels: class indices; asks for the loss.
            heads: names, all by default.
            return_states: also return hidden states and gates.

        Raises:
            UnknownHeadError: a name this model does not have.
        """
        names = self.heads.choose("all" if heads is None else heads)
        if attention_mask is None:
            attention_mask = torch.ones_like(input_ids)
        states = self.encode(input_ids, attention_mask, token_type_ids)
        mask = attention_mask.bool()
        logits, fused = [], {}
        for name in names:
            scores, gate = self.heads[name](states, mask)
            logits.append(scores)
            if return_states and gate is not None:
                fused[name] = gate
        stacked = torch.stack(logits, dim=1)  # (batch head label)
        return DlfaOutput(
            loss=None if labels is None else joint_loss(stacked, labels),
            logits=stacked,
            hidden_states=states if return_states else None,
            fused=fused if return_states else None,
        )

    def encode(
        self, input_ids: TokenIds, attention_mask: Tensor, token_type_ids: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        """Return all hidden states, the embedding output first."""
        segments = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        return self.backbone(
            input_ids=input_ids,
            attention_mask=attention_mask,
            output_hidden_states=True,
            **segments,
        ).hidden_states


def joint_loss(logits: HeadLogits, labels: Labels) -> Loss:
    """Mean over heads and sentences of the cross entropy."""
    heads = logits.shape[1]
    return F.cross_entropy(logits.flatten(0, 1), labels.repeat_interleave(heads))


def start_poolers(heads: Heads, pooler: Mapping[str, Tensor]) -> None:
    """Start each head's dense layer from the encoder's pre-trained pooler."""
    for name in heads.by_name:
        heads[name].dense.load_state_dict(pooler)


AutoConfig.register(DlfaConfig.model_type, DlfaConfig)
AutoModel.register(DlfaConfig, DlfaModel)
