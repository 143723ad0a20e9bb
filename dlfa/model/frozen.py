"""A loaded model, frozen: what `dlfa.model.modeling` computes, laid out for speed."""

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import PreTrainedModel

from dlfa.model.frozen_encoder import FrozenEncoder
from dlfa.model.frozen_heads import FrozenHeads
from dlfa.model.modeling import DlfaModel
from dlfa.shapes import GateSummary, HeadLogits

__all__ = ["FrozenModel"]


class FrozenModel:
    """Encoder and heads of a model as they are now, for inference only.

    The copy holds the encoder's linear maps and all heads; embeddings are shared.

    Args:
        model: in eval mode, its adapter merged.
        dtype: of the encoder's matrix products; heads compute in their own precision.
    """

    def __init__(self, model: DlfaModel, dtype: torch.dtype) -> None:
        assert isinstance(model.backbone, PreTrainedModel)
        self._made_of = model.backbone, model.heads
        self._tensors = [*model.parameters(), *model.heads.buffers()]
        self._made_at = self._state()
        self.encoder = FrozenEncoder(model.backbone, dtype)
        self.heads = FrozenHeads(model.heads)

    def _state(self) -> list[tuple[int, int]]:
        """What changes whenever a parameter or a statistic does."""
        return [
            (tensor.data_ptr(), 0 if tensor.is_inference() else tensor._version)
            for tensor in self._tensors
        ]

    def is_made_of(self, model: DlfaModel) -> bool:
        """Return whether this still is what the model computes in eval mode."""
        same = self._made_of[0] is model.backbone and self._made_of[1] is model.heads
        return same and not model.training and self._state() == self._made_at

    def states(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        """Return all hidden states in float32, the embedding output first."""
        return self.encoder(input_ids, attention_mask, token_type_ids)

    def logits(
        self,
        names: Sequence[str],
        input_ids: Tensor,
        attention_mask: Tensor,
        token_type_ids: Tensor | None = None,
    ) -> HeadLogits:
        """Return the logits of the heads asked for, from one encoder pass."""
        states = self.states(input_ids, attention_mask, token_type_ids)
        return self.heads(states, attention_mask.bool(), names)

    def measured(
        self,
        names: Sequence[str],
        input_ids: Tensor,
        attention_mask: Tensor,
        token_type_ids: Tensor | None = None,
    ) -> tuple[HeadLogits, GateSummary]:
        """Return the logits, and `dlfa.results.GATE_MEASURES` of each head's gate."""
        states = self.states(input_ids, attention_mask, token_type_ids)
        return self.heads.measured(states, attention_mask.bool(), names)
