"""An encoder, raw or tuned, that turns a batch of sentences into one vector a space.

A space is a layer, ``"0"`` (the embedding output) to ``"12"``, or the fused states of a trained
head, ``"D_8"``: equation (2) of Chen et al. 2022 (arXiv 2205.08497) before any classifier.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from threading import Lock

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from dlfa.analysis.origins import longest_input, versions
from dlfa.analysis.predict import Predictor, inputs, load, offered
from dlfa.data.collation import Features, TokenBatch
from dlfa.errors import InputError
from dlfa.model import backbones
from dlfa.model.backbones import Encoder, is_encoder
from dlfa.model.config import Pooling
from dlfa.model.device import hardware
from dlfa.model.frozen_encoder import FrozenEncoder
from dlfa.model.frozen_heads import FrozenHeads
from dlfa.model.fusion import masked_mean
from dlfa.model.weights import weights_digest
from dlfa.results import Provenance, head_layer
from dlfa.results.embeddings import PooledBy
from dlfa.shapes import Pooled, TokenMask, TokenStates

__all__ = ["Embedder", "load_encoder"]

POOLINGS: Mapping[PooledBy, Pooling] = {"mean": "mean", "first": "cls"}

Frozen = Callable[[], tuple[FrozenEncoder, FrozenHeads | None]]
Tell = Callable[[str], object]


def load_encoder(name: str, tell: Tell = lambda stage: None) -> "Embedder":
    """Load an encoder by any name it has: raw where the name is an encoder's, else tuned.

    Args:
        name: ``"e5-small"``, ``"mbert"``, an encoder's folder or ``hub-id@revision`` (raw); a
            trained model's name or folder (tuned, with the fused spaces of its heads).
        tell: called with the stage that begins, see `dlfa.model.checkpoints.load`.

    Raises:
        UnknownModelError, BrokenFileError, OfflineError: see `dlfa.errors`.
        PolicyError: a public instance, and none of its listed models.
    """
    if is_encoder(name) and name not in offered():
        return Embedder.raw(name, tell)
    return Embedder.of(load(name, tell))


class Embedder:
    """An encoder with the spaces that it offers; see `Embedder.raw` and `Embedder.of`.

    Read-only: many threads may share it, one call at a time.

    Args:
        encoder: its tokenizer, source and shape.
        frozen: gives the encoder that computes, and the heads if there are any.
        heads: names of those with a fused space.
        provenance: of every vector.
        weights: digest of the weights where their source has none of its own.
        tokenising: held while the tokenizer works, which serves one thread at a time.
    """

    def __init__(
        self,
        encoder: Encoder,
        frozen: Frozen,
        heads: Sequence[str],
        provenance: Provenance,
        weights: Callable[[], str],
        tokenising: Lock,
    ) -> None:
        self.encoder, self._frozen, self.heads = encoder, frozen, tuple(heads)
        self.provenance, self._weights, self.tokenising = provenance, weights, tokenising

    @classmethod
    def raw(cls, name: str, tell: Tell = lambda stage: None) -> "Embedder":
        """Load an encoder as it was published, without heads.

        Raises:
            UnknownModelError, OfflineError, PolicyError: see `dlfa.model.backbones.load_encoder`.
        """
        tell("encoder")
        return cls.of_encoder(backbones.load_encoder(name))

    @classmethod
    def of_encoder(cls, encoder: Encoder) -> "Embedder":
        """Return a loaded encoder's embedder; nobody may change its weights from now on."""
        known = hardware()
        encoder.model.to(torch.device(known.device))  # type: ignore[arg-type]
        frozen = FrozenEncoder(encoder.model, known.encoder_dtype)
        provenance = Provenance(
            backbone=encoder.key,
            state="raw",
            checkpoint="",
            revision=encoder.revision,
            device=known.name,
            dtype=known.dtype,
            seed=0,
            versions=versions(),
        )

        def weights() -> str:
            return weights_digest(encoder.model, encoder.revision)

        return cls(encoder, lambda: (frozen, None), (), provenance, weights, Lock())

    @classmethod
    def of(cls, predictor: Predictor) -> "Embedder":
        """Return a trained model's embedder: its tuned encoder, and its heads' fused spaces."""
        return cls(
            predictor.encoder,
            lambda: (predictor.frozen.encoder, predictor.frozen.heads),
            [name for name in predictor.heads if head_layer(name) is not None],
            predictor.provenance,
            lambda: predictor.weights,
            predictor.tokenising,
        )

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        return self.encoder.tokenizer

    @property
    def device(self) -> torch.device:
        return self._frozen()[0].device

    @property
    def layers(self) -> tuple[str, ...]:
        """The encoder's own spaces, ``"0"`` the embedding output."""
        return tuple(str(layer) for layer in range(self.encoder.layers + 1))

    @property
    def spaces(self) -> tuple[str, ...]:
        """All spaces: layers, then the heads' in their order."""
        return (*self.layers, *self.heads)

    @property
    def dim(self) -> int:
        """Channels of every space."""
        return int(self.encoder.model.config.hidden_size)

    @property
    def max_tokens(self) -> int:
        """Longest input in sub-words, special ones included; more is cut."""
        return longest_input(self.encoder.model.config)

    @cached_property
    def weights(self) -> str:
        """Digest of all weights where the encoder's source has none of its own; else empty."""
        return self._weights()

    @cached_property
    def digest(self) -> str:
        """Of encoder and checkpoint, 32 hex digits, whatever device and dtype they run in."""
        of = self.provenance
        said = of.backbone, of.state, of.checkpoint, of.revision, self.weights
        return sha256("\0".join(said).encode()).hexdigest()[:32]

    def choose(self, spaces: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return the spaces asked for, in that order; all if none are named.

        Raises:
            InputError: one that this encoder does not have, or none at all.
        """
        chosen = self.spaces if spaces is None else tuple(dict.fromkeys(spaces))
        unknown = [name for name in chosen if name not in self.spaces]
        if unknown or not chosen:
            named, known = ", ".join(unknown) or "-", ", ".join(self.spaces)
            raise InputError("error.space.unknown", names=named, known=known)
        return chosen

    def parts(self) -> tuple[FrozenEncoder, FrozenHeads | None]:
        """Return what computes: the encoder, and the heads if there are any."""
        return self._frozen()

    def encode(self, texts: Sequence[str]) -> list[Features]:
        """Tokenise sentences as they are: nothing such as ``"query: "`` is put before them."""
        if not texts:
            return []
        with self.tokenising:
            found = self.tokenizer(
                list(texts),
                truncation=True,
                max_length=self.max_tokens,
                return_attention_mask=False,
            )
        columns = {**found, "truncated": [bool(one.overflowing) for one in found.encodings]}
        return [
            Features(**dict(zip(columns, row, strict=True)))  # type: ignore[typeddict-item]
            for row in zip(*columns.values(), strict=True)
        ]

    @torch.inference_mode()
    def pooled(
        self, batch: TokenBatch, spaces: Sequence[str], pooled_by: PooledBy
    ) -> dict[str, Pooled]:
        """Return one vector a sentence in some spaces, ``(batch dim)`` each, in float32.

        Layers are pooled as they are computed; only those that a head reads are kept until the
        last one is there, and nothing above the highest layer asked for is computed.
        """
        encoder, heads = self._frozen()
        mask = batch["attention_mask"].bool()
        fused = [name for name in spaces if name in self.heads]
        read = {head_layer(name) for name in fused}
        last = self.encoder.layers
        top = last if fused else max(int(name) for name in spaces)
        found: dict[str, Pooled] = {}
        kept: dict[int, Tensor] = {}
        for layer, states in enumerate(encoder.each(**inputs(batch))):
            if str(layer) in spaces:
                found[str(layer)] = _pooled(states, mask, pooled_by)
            if layer in read or layer == top:
                kept[layer] = states
            if layer == top:
                break
        if heads is not None and fused:
            given = [kept.get(layer, kept[last]) for layer in range(last + 1)]
            found |= heads.pooling_by(POOLINGS[pooled_by]).fused(given, mask, fused)
        return {name: found[name].float() for name in spaces}


def _pooled(states: TokenStates, mask: TokenMask, pooled_by: PooledBy) -> Pooled:
    return states[:, 0] if pooled_by == "first" else masked_mean(states.float(), mask)
