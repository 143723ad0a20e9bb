"""The vectors of words: their first sub-words' states in every layer and fused space."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.embedder import Embedder
from dlfa.analysis.predict import inputs
from dlfa.data.collation import Features, TokenBatch
from dlfa.results import head_layer

__all__ = ["word_states"]


@torch.inference_mode()
def word_states(
    embedder: Embedder, batch: TokenBatch, features: Sequence[Features], spaces: Sequence[str]
) -> Float[Tensor, "space word dim"]:
    """Return the states of the words that have a first sub-word, one sentence after the other.

    Layers are read as they are computed; of the fused spaces' layers all tokens are kept.

    Args:
        embedder: the encoder, and the heads whose fused spaces are asked for.
        batch: what ``features`` make, in their order.
        features: encoded words, see `dlfa.data.collation.encode_words`.
        spaces: of the embedder.
    """
    encoder, heads = embedder.parts()
    places = [
        (row, place) for row, one in enumerate(features) for place in one["first"] if place >= 0
    ]
    row, place = torch.tensor(places, device=embedder.device).reshape(-1, 2).T
    fused = {name for name in spaces if name in embedder.heads}
    read = {head_layer(name) for name in fused} | ({embedder.encoder.layers} if fused else set())
    found: dict[str, Tensor] = {}
    kept: dict[int, Tensor] = {}
    for layer, states in enumerate(encoder.each(**inputs(batch))):
        if str(layer) in spaces:
            found[str(layer)] = states[row, place]
        if layer in read:
            kept[layer] = states
    if heads is not None and fused:
        last = embedder.encoder.layers
        given = [kept.get(layer, kept[last]) for layer in range(last + 1)]
        mixed = heads.unscored().pooled(given, batch["attention_mask"].bool(), fused)
        found |= {name: tokens[row, place] for name, tokens in mixed.items()}
    return torch.stack([found[name].float() for name in spaces])
