"""`DlfaModel`: one encoder, many fusion heads, one forward pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import AutoModel, PreTrainedModel
from transformers.utils import ModelOutput

from dlfa.model.config import DlfaConfig
from dlfa.model.fusion import Fused
from dlfa.model.heads import Head, Heads
from dlfa.model.together import together, worth_it
from dlfa.shapes import UNLABELLED, HeadLogits, Labels, LayerStates, Loss, TokenIds, TokenMask

__all__ = ["DlfaConfig", "DlfaModel", "DlfaOutput", "Head", "Heads"]


@dataclass
class DlfaOutput(ModelOutput):
    """What one forward pass gives.

    ``logits``: ``(batch head label)`` in the order of the heads asked for, ``(batch head token
    label)`` where words are tagged. ``loss``: the mean of
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
    # Trainer says how many labels an update has: processes have unequal numbers of words.
    accepts_loss_kwargs = True
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
        states: LayerStates | None = None,
        num_items_in_batch: Tensor | int | None = None,
    ) -> DlfaOutput:
        """Run the encoder once and every head asked for.

        Args:
            input_ids: sub-word ids.
            attention_mask: 1 on real tokens; all ones if not given.
            token_type_ids: 0 / 1 for the two sentences, where the encoder uses them.
            labels: class indices, of each sentence pair ``(batch)`` or of each token ``(batch
                token)``, `UNLABELLED` on tokens that begin no word; asks for the loss.
            heads: names, all by default.
            return_states: also return hidden states and gates.
            states: of the layers in ``config.read_layers``, where the encoder has given them
                before: it does not run.
            num_items_in_batch: the labels of the whole update, in all processes, over which the
                loss is averaged (Trainer's name for it); those of this batch if not given.

        Raises:
            UnknownHeadError: a name this model does not have.
        """
        names = self.heads.choose("all" if heads is None else heads)
        if attention_mask is None:
            attention_mask = torch.ones_like(input_ids)
        if states is None:
            given = self.encode(input_ids, attention_mask, token_type_ids)
        else:
            given = self._placed(states)
        mask = attention_mask.bool()
        fused: dict[str, Fused] = {}
        if self.training and not return_states and worth_it(mask):
            scores = together(self.heads, names, given, mask)
        else:
            scores, fused = self._one_by_one(names, given, mask)
        return DlfaOutput(
            loss=None if labels is None else joint_loss(scores, labels, num_items_in_batch),
            logits=scores,
            hidden_states=given if return_states else None,
            fused=fused if return_states else None,
        )

    def _one_by_one(
        self, names: Sequence[str], states: Sequence[Tensor], mask: TokenMask
    ) -> tuple[HeadLogits, dict[str, Fused]]:
        """Return the heads' logits, and what the fusion heads fused."""
        found = [self.heads[name](states, mask) for name in names]
        logits = torch.stack([scores for scores, _ in found], dim=1)
        gates = zip(names, (gate for _, gate in found), strict=True)
        return logits, {name: gate for name, gate in gates if gate is not None}

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

    def _placed(self, states: LayerStates) -> tuple[Tensor, ...]:
        """Return all hidden states in their places; those that no head reads are no numbers."""
        states = states.float()  # once, not in every head
        read = dict(zip(self.config.read_layers, states.unbind(1), strict=True))
        unread = states.new_full((), torch.nan).expand_as(states[:, 0])
        return tuple(read.get(layer, unread) for layer in range(self.config.layers + 1))


def joint_loss(logits: HeadLogits, labels: Labels, count: Tensor | int | None = None) -> Loss:
    """Mean of the cross entropy over heads and sentence pairs, or heads and words.

    Args:
        logits: every head's scores.
        labels: class indices.
        count: over how many labels it is averaged; those of this batch if not given.
    """
    wanted = labels[:, None].expand(logits.shape[:-1])
    rows, classes = logits.flatten(0, -2), wanted.flatten()
    if count is None:
        return F.cross_entropy(rows, classes, ignore_index=UNLABELLED)
    total = F.cross_entropy(rows, classes, ignore_index=UNLABELLED, reduction="sum")
    return total / (count * logits.shape[1])


AutoModel.register(DlfaConfig, DlfaModel)
