"""The two branches of several gates at once, batch norm folded in; one gate per lower layer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from dlfa.model.fusion import Branch, GateKind, folded
from dlfa.model.heads import Heads
from dlfa.results import head_gate, head_layer

__all__ = ["Branches", "consecutive", "gates_of"]


@dataclass(frozen=True)
class Branches:
    """The same branch of several gates, one per layer, as two batched products."""

    squeeze: Tensor
    """``(layer dim squeezed)``, batch norm included, as all four."""
    squeeze_bias: Tensor
    """``(layer 1 squeezed)``"""
    expand: Tensor
    """``(layer squeezed dim)``"""
    expand_bias: Tensor | None
    """``(layer 1 dim)``; None where another branch adds it."""

    def __call__(self, rows: Sequence[int], positions: Tensor) -> Tensor:
        """Return the logits of the gates ``rows`` on ``(layer position dim)``."""
        at = consecutive(rows)
        hidden = torch.baddbmm(self.squeeze_bias[at], positions, self.squeeze[at]).relu_()
        if self.expand_bias is None:
            return torch.bmm(hidden, self.expand[at])
        return torch.baddbmm(self.expand_bias[at], hidden, self.expand[at])


def stacked(branches: Sequence[Branch]) -> Branches:
    """Return branches with their batch norms folded in, stacked over the layers."""
    pairs = [(folded(one[0], one[1]), folded(one[3], one[4])) for one in branches]
    return Branches(
        torch.stack([squeeze.t() for (squeeze, _), _ in pairs]),
        torch.stack([bias[None] for (_, bias), _ in pairs]),
        torch.stack([expand.t() for _, (expand, _) in pairs]),
        torch.stack([bias[None] for _, (_, bias) in pairs]),
    )


def gates_of(heads: Heads, kind: GateKind) -> tuple[dict[int, str], Branches, Branches]:
    """Return layer -> head of one kind of gates, with their global and local branches."""
    known = {head_layer(name) or 0: name for name in heads.choose() if head_gate(name) == kind}
    fusions = [heads[name].fusion for name in known.values()]
    modules = [fusion.aif for fusion in fusions if fusion is not None]
    if not modules:
        empty = Branches(*(torch.empty(0) for _ in range(4)))
        return known, empty, empty
    broad = stacked([aif.global_branch for aif in modules])
    fine = stacked([aif.local_branch for aif in modules])
    assert broad.expand_bias is not None
    assert fine.expand_bias is not None
    # Only their sum is seen: adding it per sentence spares a pass over all tokens.
    both = replace(broad, expand_bias=broad.expand_bias + fine.expand_bias)
    return known, both, replace(fine, expand_bias=None)


def consecutive(rows: Sequence[int]) -> slice | list[int]:
    """Return consecutive rows as a slice, which copies nothing."""
    if list(rows) == list(range(rows[0], rows[0] + len(rows))):
        return slice(rows[0], rows[0] + len(rows))
    return list(rows)
