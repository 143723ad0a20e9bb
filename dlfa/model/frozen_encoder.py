"""A frozen BERT or XLM-R encoder, its weights laid out once for speed.

What transformers' own modules do, in as few and as large steps as the arithmetic allows: weights
in the dtype they are used in (autocast on a CPU casts frozen weights anew at every call), one
product for queries, keys and values, GELU inside its product. Tests hold it equal to the library.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import PreTrainedModel

from dlfa.shapes import TokenStates

__all__ = ["FrozenEncoder"]

FAR = -1e4  # added to the score of a padded key: its weight is then 0


@dataclass(frozen=True, kw_only=True)
class Linear:
    """A linear map whose parameters are kept in the dtype it computes in."""

    weight: Tensor
    bias: Tensor

    def __call__(self, states: Tensor) -> Tensor:
        return F.linear(states.to(self.weight.dtype), self.weight, self.bias)

    @property
    def fuses_gelu(self) -> bool:
        """Whether oneDNN can apply GELU to the product while it is still in the cache."""
        return (
            self.weight.dtype == torch.bfloat16
            and self.weight.device.type == "cpu"
            and hasattr(torch.ops.mkldnn, "_linear_pointwise")
        )

    def then(self, states: Tensor, activation: nn.Module) -> Tensor:
        """Apply the map and an activation to its result."""
        if self.fuses_gelu and getattr(activation, "act", None) is F.gelu:
            states = states.to(self.weight.dtype)
            return torch.ops.mkldnn._linear_pointwise(
                states, self.weight, self.bias, "gelu", [], "none"
            )
        return activation(self(states))


def linear(dtype: torch.dtype, *modules: nn.Linear) -> Linear:
    """Return one map that gives the results of several, side by side."""
    return Linear(
        weight=torch.cat([module.weight.detach() for module in modules]).to(dtype),
        bias=torch.cat([module.bias.detach() for module in modules]).to(dtype),
    )


class FrozenLayer:
    """One transformer layer: attention and feed-forward, each added to its input and normalised.

    Args:
        layer: a ``BertLayer`` or ``XLMRobertaLayer``.
        heads: attention heads.
        dtype: of the products; what is added up stays in float32.
    """

    def __init__(self, layer: Any, heads: int, dtype: torch.dtype) -> None:
        attention = layer.attention
        own = attention.self
        self.heads = heads
        self.projections = linear(dtype, own.query, own.key, own.value)
        self.mixed = linear(dtype, attention.output.dense)
        self.mixed_norm: nn.Module = attention.output.LayerNorm
        self.inner = linear(dtype, layer.intermediate.dense)
        self.activation: nn.Module = layer.intermediate.intermediate_act_fn
        self.outer = linear(dtype, layer.output.dense)
        self.outer_norm: nn.Module = layer.output.LayerNorm

    def __call__(self, states: TokenStates, far: Tensor | None) -> TokenStates:
        """Return the layer's output, ``(batch token dim)`` in float32."""
        states = self.mixed_norm(states + self.mixed(self.attend(states, far)))
        return self.outer_norm(states + self.outer(self.inner.then(states, self.activation)))

    def attend(self, states: TokenStates, far: Tensor | None) -> TokenStates:
        """Let every token gather from the real ones of its sentence."""
        batch, tokens, dim = states.shape
        split = self.projections(states).view(batch, tokens, 3, self.heads, dim // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)  # each (batch head token channel)
        gather = weighted_sums if states.device.type == "cpu" else library_sums
        return gather(query, key, value, far).transpose(1, 2).reshape(batch, tokens, dim)


def library_sums(query: Tensor, key: Tensor, value: Tensor, far: Tensor | None) -> Tensor:
    """Softmax attention by the device's own kernel."""
    far = None if far is None else far.to(query.dtype)
    return F.scaled_dot_product_attention(query, key, value, attn_mask=far)


def weighted_sums(query: Tensor, key: Tensor, value: Tensor, far: Tensor | None) -> Tensor:
    """Softmax attention as two batched products, a third faster on a CPU for short sentences.

    Scores are float32, as inside the library's kernel: rounded ones would double the error.
    """
    batch, heads, tokens, channels = query.shape
    flat = (batch * heads, tokens, channels)
    query, key = query.reshape(flat).float(), key.reshape(flat).float()
    if far is None:
        scores = torch.bmm(query, key.transpose(1, 2)).mul_(channels**-0.5)
    else:
        rows = far.expand(-1, heads, -1, -1).flatten(0, 1)  # (batch*head 1 token)
        scores = torch.baddbmm(rows, query, key.transpose(1, 2), alpha=channels**-0.5)
    weights = scores.softmax(-1).to(value.dtype)
    return torch.bmm(weights, value.reshape(flat)).unflatten(0, (batch, heads))


class FrozenEncoder:
    """An encoder for inference: the same hidden states, sooner.

    Args:
        encoder: a BERT or XLM-R type model in eval mode, without an unmerged adapter.
        dtype: of the matrix products (float32 or bfloat16); hidden states are float32.
    """

    def __init__(self, encoder: PreTrainedModel, dtype: torch.dtype) -> None:
        self.embeddings = encoder.get_submodule("embeddings")
        heads = int(encoder.config.num_attention_heads)
        layers = encoder.get_submodule("encoder.layer").children()
        self.layers = [FrozenLayer(layer, heads, dtype) for layer in layers]

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return next(self.embeddings.parameters()).device

    def __call__(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        """Return all hidden states in float32, the embedding output first.

        Args:
            input_ids: ``(batch token)``.
            attention_mask: ``(batch token)``, 1 on real tokens.
            token_type_ids: ``(batch token)``, where the encoder tells its two sentences apart.
        """
        return tuple(self.each(input_ids, attention_mask, token_type_ids))

    def each(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None
    ) -> Iterator[TokenStates]:
        """Yield one hidden state after the other, as it is computed; takes what a call takes.

        Who keeps none of them needs the memory of one, and who stops early spares the rest.
        """
        states = self.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        yield states
        far = None
        if attention_mask.device.type != "cpu" or not attention_mask.all():  # a GPU is not asked
            far = ((1 - attention_mask) * FAR)[:, None, None].float()  # (batch 1 1 token)
        for layer in self.layers:
            states = layer(states, far)
            yield states
