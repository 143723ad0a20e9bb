"""One name per tensor axis, one alias per tensor.

Axes: ``batch`` sentences (or pairs), ``token`` sub-words, ``dim`` channels, ``layer`` encoder
layers (0 is the embedding output), ``head`` fusion heads, ``label`` classes, ``language``.
``place`` is what gets a label of its own: nothing where a sentence pair gets one, ``token`` where
every word does.
Checked by jaxtyping under pytest only, so that the app pays nothing for them.
"""

from jaxtyping import Bool, Float, Int
from torch import Tensor

__all__ = [
    "UNLABELLED",
    "ChannelGate",
    "Classified",
    "GateSummary",
    "HeadLogits",
    "Labels",
    "LayerStates",
    "Logits",
    "Loss",
    "Pooled",
    "TokenIds",
    "TokenMask",
    "TokenStates",
]

UNLABELLED = -100  # the class index that no loss counts, torch's own

TokenIds = Int[Tensor, "batch token"]  # sub-word ids
TokenMask = Bool[Tensor, "batch token"]  # true on real tokens, false on padding
TokenStates = Float[Tensor, "batch token dim"]  # hidden states of one layer
LayerStates = Float[Tensor, "batch layer token dim"]  # hidden states of several layers
ChannelGate = Float[Tensor, "batch token dim"]  # one weight per channel of every token
GateSummary = Float[Tensor, "batch head measure"]  # a few numbers on every head's gate
Pooled = Float[Tensor, "batch dim"]  # one vector per sentence
Classified = Float[Tensor, "batch *place dim"]  # what a classifier takes
Logits = Float[Tensor, "batch *place label"]  # one head's scores
HeadLogits = Float[Tensor, "batch head *place label"]  # every head's scores
Labels = Int[Tensor, "batch *place"]  # class indices, UNLABELLED where there is none
Loss = Float[Tensor, ""]  # a scalar
