"""The heads on top of an encoder, one by one: fusion, pooling, classifier."""

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor, nn

from dlfa.errors import UnknownHeadError
from dlfa.model.config import DlfaConfig
from dlfa.model.fusion import DLFA, Fused, masked_mean
from dlfa.results import head_gate, head_layer
from dlfa.shapes import Classified, Logits, TokenMask, TokenStates

__all__ = ["Head", "Heads", "start_poolers"]


class Head(nn.Module):
    """DLFA (or nothing), pooling, dense + tanh, dropout, classifier.

    A head that tags words has neither pooling nor dense layer, as XTREME's token classifiers: it
    scores every token, and the first sub-word of each word is read.

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
        self.dense = None if config.tagging else nn.Linear(dim, dim)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(dim, len(config.labels))

    def fuse(self, states: Sequence[TokenStates], mask: TokenMask) -> Fused | None:
        """Return the fused states and their gate, None for the baseline."""
        if self.fusion is None or self.layer is None:
            return None
        return self.fusion(states[self.layer], states[-1], mask)

    def pool(self, states: TokenStates, mask: TokenMask) -> Classified:
        """Return the first token, the average over the real tokens, or all as they are."""
        if self.pooling == "none":
            return states
        return states[:, 0] if self.pooling == "cls" else masked_mean(states, mask)

    def classify(self, pooled: Classified) -> Logits:
        """Return each label's score for what `pool` gives."""
        features = pooled if self.dense is None else self.dense(pooled).tanh()
        return self.classifier(self.dropout(features))

    def forward(
        self, states: Sequence[TokenStates], mask: TokenMask
    ) -> tuple[Logits, Fused | None]:
        # Heads run in the parameters' own precision, also inside the encoder's bf16 autocast.
        with torch.autocast(mask.device.type, enabled=False):
            fused = self.fuse(states, mask)
            final = states[-1].to(self.classifier.weight.dtype) if fused is None else fused.states
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


def start_poolers(heads: Heads, pooler: Mapping[str, Tensor]) -> None:
    """Start each head's dense layer, where it has one, from the encoder's pre-trained pooler."""
    for name in heads.by_name:
        dense = heads[name].dense
        if dense is not None:
            dense.load_state_dict(pooler)
