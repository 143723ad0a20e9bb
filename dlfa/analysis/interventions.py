r"""Many gates at once: what each label's probability becomes when the gate is another one.

Pooling is linear, so that hidden states, which are kept, say it all without another encoder pass:

.. math:: \overline{L} = \overline{L_2} + \overline{g \odot (L_1 - L_2)}

is equation (2) of Chen et al. 2022 after pooling. Scaling g scales the last term; a number in its
place mixes the two layers' averages, exactly at 0 and 1; an edit at some tokens and channels adds
what those cells weigh, which for many edits is one matrix product. All variants of all heads then
go through the classifiers together. `dlfa.analysis.forced` is the reference that fuses every token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.changes import Shuffles
from dlfa.analysis.controls import Controls
from dlfa.analysis.forced import Foreign, Seen, changed_gate, marked, see
from dlfa.model.frozen_heads import FrozenHeads
from dlfa.model.modeling import Heads
from dlfa.results import Intervention
from dlfa.shapes import Pooled, TokenMask, TokenStates

__all__ = ["Edits", "Gates", "Parts", "Plan", "controls_of", "expanded"]

Variants = Float[Tensor, "variant batch dim"]


@dataclass(frozen=True)
class Gates:
    """Every gate of a model on one batch, ready to be changed.

    Everything is read; the model stays as it is, and other visitors may be answered meanwhile.
    """

    heads: Heads
    frozen: FrozenHeads
    states: tuple[TokenStates, ...]
    """All hidden states, float32."""
    mask: TokenMask
    twins: Controls | None = None
    """Asked for by interventions on the untrained twin."""
    foreign: Mapping[str, Foreign] | None = None
    """By head: the translation's gates, for a single pair."""

    def seen(self, name: str, *, twin: bool = False) -> Seen:
        """Return what one fusion head's gate is made of."""
        other = self.twins.noise[name] if twin and self.twins else None
        return see(self.heads[name], self.states, self.mask, other)

    @torch.inference_mode()
    def answers(
        self, names: Sequence[str], done: Sequence[Intervention], moved: Shuffles
    ) -> Float[np.ndarray, "variant batch head label"]:
        """Return the probabilities under every intervention: the head-only pass.

        Args:
            names: of fusion heads.
            done: at least one.
            moved: the permutations: one per sentence; of a single one a row for each draw.

        Raises:
            InputError: see `dlfa.analysis.forced.changed_gate`.
        """
        plan, twin = Plan(done, self.states[-1], moved), any(one.twin for one in done)
        pooled = {}
        for name in names:
            foreign = self.foreign.get(name) if self.foreign else None
            found = plan.pooled(self.seen(name, twin=twin), foreign)
            pooled[name] = found.flatten(0, 1)
        logits = self.frozen.classify(pooled, names)  # (variant x batch, head, label)
        answers = logits.softmax(-1).unflatten(0, (len(done), len(self.mask)))
        return answers.float().cpu().numpy()


class Plan:
    """Interventions sorted by how their pooled states are had; the same for every head.

    Args:
        done: at least one.
        like: hidden states ``(batch token dim)`` of the batch.
        moved: see `Gates.answers`.

    Raises:
        InputError: a token or channel that is not there.
    """

    def __init__(self, done: Sequence[Intervention], like: TokenStates, moved: Shuffles) -> None:
        self.done, self.moved = tuple(done), moved
        self.rows: dict[tuple[str, bool], list[int]] = {}
        for row, one in enumerate(done):
            self.rows.setdefault((_family(one, len(like)), one.twin), []).append(row)
        self.edits = {
            twin: Edits([done[row] for row in rows], like)
            for (family, twin), rows in self.rows.items()
            if family == "edit"
        }

    def pooled(self, seen: Seen, foreign: Foreign | None = None) -> Variants:
        """Return one head's pooled states under every intervention.

        Args:
            seen: the gate as trained, and what it is made of.
            foreign: the translation's gate.

        Raises:
            InputError: see `dlfa.analysis.forced.changed_gate`.
        """
        parts = Parts(seen)
        found = parts.last.new_empty(len(self.done), *parts.last.shape)
        for (family, twin), rows in self.rows.items():
            if family == "number":  # equation (2) as printed: exact at 0 and 1
                share = self._numbers([one.constant or 0.0 for one in self._of(rows)], found)
                found[rows] = parts.lower * share + parts.last * (1 - share)
            elif family == "scale":
                factor = self._numbers([one.amount for one in self._of(rows)], found)
                found[rows] = parts.last + factor * parts.own(twin)[1]
            elif family == "edit":
                found[rows] = parts.edited(self.edits[twin], twin)
            elif family == "any":
                gates = (changed_gate(one, seen, self.moved, foreign) for one in self._of(rows))
                found[rows] = torch.stack([parts.fused(gate) for gate in gates])
            else:
                draws = [one.draw for one in self._of(rows)]
                found[rows] = parts.moved(family, self.moved, draws, twin)[:, None]
        return found

    def _of(self, rows: Sequence[int]) -> list[Intervention]:
        return [self.done[row] for row in rows]

    @staticmethod
    def _numbers(numbers: Sequence[float], like: Tensor) -> Float[Tensor, "variant 1 1"]:
        return like.new_tensor(numbers)[:, None, None]


def _family(one: Intervention, sentences: int) -> str:
    """Return how an intervention's pooled states are had."""
    if one.constant is not None:
        return "number"
    if one.placed:
        return "edit"
    if one.kind in ("trained", "scale"):
        return "scale"
    return one.kind if one.random and sentences == 1 else "any"


class Edits:
    """Edits at chosen places as numbers: which cells, and what becomes of them.

    ``scale`` adds (f − 1) g (L1 − L2) of the chosen cells to the pooled states, ``set``
    (v − g) (L1 − L2): of each cell so much of its gate's part, and so much of the whole difference.
    """

    def __init__(self, done: Sequence[Intervention], like: TokenStates) -> None:
        tokens, self.channels = (
            torch.stack([marked(getattr(one, what), size, what, like) for one in done]).to(like)
            for what, size in (("tokens", like.shape[1]), ("channels", like.shape[2]))
        )
        scaled = like.new_tensor([one.kind == "scale" for one in done])
        amount = like.new_tensor([one.amount for one in done])
        self.of_gate = tokens * (scaled * amount - 1)[:, None]
        self.of_all = tokens * ((1 - scaled) * amount)[:, None]


class Parts:
    """What all of one head's variants share, each computed when it is first asked for."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.last, self.lower = seen.pool(seen.last), seen.pool(seen.lower)  # (batch dim)
        self.change = seen.lower - seen.last
        self._own: dict[bool, tuple[TokenStates, Pooled]] = {}

    def fused(self, gate: TokenStates) -> Pooled:
        """Return the pooled states with any gate."""
        return self.last + self.seen.pool(gate * self.change)

    def own(self, twin: bool) -> tuple[TokenStates, Pooled]:
        """Return the gate as it is, and what it adds to the last layer's average."""
        if twin not in self._own:
            gate = self.seen.gate(twin=twin)
            self._own[twin] = gate, self.seen.pool(gate * self.change)
        return self._own[twin]

    def edited(self, edits: Edits, twin: bool) -> Variants:
        """Return what edits at chosen places give: all of them are two matrix products."""
        gate, own = self.own(twin)
        cells = self.change * self.seen.weights  # (batch token dim)
        added = torch.einsum("vt,btd->vbd", edits.of_all, cells)
        added += torch.einsum("vt,btd->vbd", edits.of_gate, gate * cells)
        return added.mul_(edits.channels[:, None]).add_(self.last + own)

    def moved(
        self, kind: str, moved: Shuffles, draws: Sequence[int], twin: bool
    ) -> Float[Tensor, "variant dim"]:
        """Return what shuffles of a single sentence's gate give, all draws at once."""
        gate, cells = self.own(twin)[0][0], (self.change * self.seen.weights)[0]  # (token dim)
        if kind == "shuffle-tokens":
            return gate[moved.tokens[draws]].mul_(cells).sum(1).add_(self.last)
        crossed = gate.t() @ cells  # what each channel's gate makes of each channel's difference
        return crossed.gather(0, moved.channels[draws]).add_(self.last)


def controls_of(
    one: Intervention, tokens: int, channels: int, draws: int, seed: int = 0
) -> tuple[Intervention, ...]:
    """Return what an intervention is held against: one gate, or a few where chance draws them.

    Args:
        one: the intervention.
        tokens: how many the pair has.
        channels: of the encoder.
        draws: permutations of a shuffle, or random places of an edit.
        seed: of the places.

    Returns:
        the same on the untrained twin's gate (see `Intervention.control`); of an edit at chosen
        places the same at as many random tokens and channels.
    """
    if not one.placed:
        return expanded(one.control, draws)
    draw = np.random.default_rng([seed, crc32(str(one).encode())])

    def some(chosen: Sequence[int], size: int) -> tuple[int, ...]:
        found = draw.choice(size, min(len(chosen), size), replace=False)
        return tuple(sorted(found.tolist()))

    return tuple(
        replace(one, tokens=some(one.tokens, tokens), channels=some(one.channels, channels))
        for _draw in range(draws)
    )


def expanded(one: Intervention, draws: int) -> tuple[Intervention, ...]:
    """Return a shuffle as its draws, anything else as it is."""
    return tuple(replace(one, draw=draw) for draw in range(draws if one.random else 1))
