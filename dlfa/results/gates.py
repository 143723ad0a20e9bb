"""Gates: of one pair, of a pair and its translation, over a set, and what changing them does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.results.heads import GateKind
from dlfa.results.predictions import Prediction
from dlfa.results.provenance import Provenance

__all__ = [
    "CHANGES",
    "FACTORS",
    "PARTS",
    "Alignment",
    "GateComparison",
    "GateEffects",
    "GateStudy",
    "GateSweep",
    "GateTrial",
    "HeadGate",
    "Tokens",
]

CHANGES = ("trained", "noise", "half", "shuffle-tokens", "shuffle-channels", "shut")
"""What the gate's attention s is replaced by before g is made of it: itself, the untrained
twin's, 1/2, itself shuffled over the pair's tokens (per pair one permutation) or over the channels,
and 0 (then L is the last layer alone)."""

PARTS = ("premise", "hypothesis", "special")
FACTORS = ("channel", "token", "layer", "language", "layer-channel", "layer-token")
"""What a cell of s belongs to; the last two are each layer's own channels and own token means."""


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The model's view of one sentence pair."""

    pieces: tuple[str, ...]
    """Sub-words as the tokenizer spells them (``▁`` or ``##`` mark word boundaries)."""
    special: Bool[np.ndarray, " token"]
    """True on ``<s>``, ``</s>``, ``[CLS]`` …"""
    segment: tuple[str, ...]
    """``"premise"``, ``"hypothesis"`` or ``"special"``, per token."""
    truncated: bool
    """Whether the text was cut to the model's longest input."""
    word: Int[np.ndarray, " token"]
    """Which of ``words`` each sub-word belongs to (by where it begins); −1 on special tokens."""
    words: tuple[str, ...]
    """The words as written, premise first; scripts without spaces are segmented."""

    def __len__(self) -> int:
        return len(self.pieces)


@dataclass(frozen=True, kw_only=True)
class HeadGate:
    """One fusion head's gate on one sentence pair, with its control."""

    head: str
    layer: int
    """x of D_x: which lower layer is fused with the last."""
    kind: GateKind
    """``"paper"`` (g = W ⊙ s) or ``"aff"`` (g = s)."""
    attention: Float[np.ndarray, "token dim"]
    """s, each value in [0, 1]."""
    gate: Float[np.ndarray, "token dim"]
    """g as used, the lower layer's weight."""
    share: Float[np.ndarray, " token"]
    """‖g⊙L1‖ / (‖g⊙L1‖ + ‖(1−g)⊙L2‖): the lower layer's share of the fused vector, in [0, 1]."""
    untrained: Float[np.ndarray, "token dim"]
    """s of the same module before training: the control."""
    noise: Float[np.ndarray, "token dim"]
    """s of the untrained twin: the same module with PyTorch's standard initial weights from the
    recorded seed, batch norm calibrated on English; how much structure chance alone draws."""
    cell_share: Float[np.ndarray, "token dim"]
    """|g⊙L1| / (|g⊙L1| + |(1−g)⊙L2|), the lower layer's share of each cell, in [0, 1]."""
    noise_share: Float[np.ndarray, " token"]
    """``share`` with the untrained twin's s in the place of the trained one."""
    global_logits: Float[np.ndarray, " dim"]
    """What the sentence as a whole adds to every token's logits."""
    local_logits: Float[np.ndarray, "token dim"]
    """What each token adds by itself: s = sigmoid(global + local)."""


@dataclass(frozen=True, kw_only=True)
class GateSweep:
    """Every fusion layer's gate for one sentence pair, from one encoder pass."""

    tokens: Tokens
    heads: tuple[HeadGate, ...]
    predictions: tuple[Prediction, ...]
    """The answers of the same heads, from the same pass."""
    passes: int
    """Encoder passes this took: one, whatever the number of heads."""
    milliseconds: float
    """Wall time of the pass and all heads, in ms."""
    provenance: Provenance

    def __getitem__(self, head: str) -> HeadGate:
        for gate in self.heads:
            if gate.head == head:
                return gate
        raise KeyError(head)


@dataclass(frozen=True, kw_only=True)
class GateEffects:
    """What each change of the gate does to one pair's answers."""

    changes: tuple[str, ...]
    """Of `CHANGES`, ``"trained"`` first."""
    heads: tuple[str, ...]
    """Fusion heads only: the baseline has no gate."""
    labels: tuple[str, ...]
    probabilities: Float[np.ndarray, "change head label"]
    """For shuffles the mean over ``draws``."""
    deviations: Float[np.ndarray, "change head label"]
    """Standard deviation over ``draws``; 0 for a change that leaves nothing to chance."""
    baseline: Float[np.ndarray, " label"]
    """The baseline's answer, which no change touches; NaN if the model has none."""
    draws: int
    """How many permutations each shuffle took."""
    passes: int
    """Encoder passes this took: one."""
    milliseconds: float
    """Wall time of the pass and all heads under all changes, in ms."""
    provenance: Provenance

    @property
    def shifts(self) -> Float[np.ndarray, "change head"]:
        """Total variation distance to the answer with the gate as trained, in [0, 1]."""
        shifts: np.ndarray = np.abs(self.probabilities - self.probabilities[:1]).sum(-1) / 2
        return shifts


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """Which word of a pair is which word of its translation."""

    layer: int
    """The encoder layer whose contextual vectors were compared (0: embeddings)."""
    first: Int[np.ndarray, " link"]
    """Word in the first language, ascending."""
    second: Int[np.ndarray, " link"]
    """Its mutual nearest neighbour, by cosine, in the same part (premise or hypothesis)."""
    similarity: Float[np.ndarray, " link"]
    """Cosine of the two words' vectors (means over their sub-words)."""

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, kw_only=True)
class GateComparison:
    """Every fusion head's gate on a pair and on its translation, word by word."""

    languages: tuple[str, str]
    """Codes, as far as known."""
    first: GateSweep
    second: GateSweep
    alignment: Alignment
    heads: tuple[str, ...]
    correlation: Float[np.ndarray, " head"]
    """Pearson's r of s over (aligned word, channel), each side's channel means taken out, so that
    what all words have in common does not count; NaN with fewer than 8 links."""
    low: Float[np.ndarray, " head"]
    """95 % interval: bootstrap over the links."""
    high: Float[np.ndarray, " head"]
    chance_low: Float[np.ndarray, " head"]
    """95 % of the same r under random alignments within the parts lie between these."""
    chance_high: Float[np.ndarray, " head"]
    noise_correlation: Float[np.ndarray, " head"]
    """The same r for the untrained twin: contextual vectors alone make gates alike."""
    gain_low: Float[np.ndarray, " head"]
    """95 % interval of r − the twin's r: bootstrap over the links, both on the same draws."""
    gain_high: Float[np.ndarray, " head"]
    passes: int
    milliseconds: float
    provenance: Provenance

    @property
    def beyond_chance(self) -> Bool[np.ndarray, " head"]:
        """Whether r is larger than 97.5 % of random alignments give."""
        found: np.ndarray = self.correlation > self.chance_high
        return found

    @property
    def beyond_twin(self) -> Bool[np.ndarray, " head"]:
        """Whether the interval of the difference to the untrained twin lies above 0."""
        found: np.ndarray = self.gain_low > 0
        return found


@dataclass(frozen=True, kw_only=True)
class GateStudy:
    """Gates over a set of pairs in several languages."""

    data: str
    """``"built-in"`` or ``"xnli/test"``."""
    heads: tuple[str, ...]
    languages: tuple[str, ...]
    labels: tuple[str, ...]
    language: Int[np.ndarray, " pair"]
    """Index into ``languages``."""
    label: Int[np.ndarray, " pair"]
    """Index into ``labels``."""
    share: Float[np.ndarray, "pair head part"]
    """Lower layer's share, mean over the tokens of each of `PARTS`; NaN where there are none."""
    noise_share: Float[np.ndarray, "pair head part"]
    """The untrained twin's."""
    whole: Float[np.ndarray, "pair head"]
    """Lower layer's share, mean over all tokens of the pair, special ones too."""
    noise_whole: Float[np.ndarray, "pair head"]
    """The untrained twin's."""
    explained: Mapping[str, Mapping[str, Mapping[str, float]]]
    """``[kind][state][factor]``: share of the variance of s over all cells that the means of each
    of `FACTORS` explain (eta squared, main effects), for kind ``"paper"`` and ``"aff"``, state
    ``"trained"`` and ``"noise"``; factor ``"total"`` is the variance itself."""
    drift: Float[np.ndarray, "head branch language"]
    """How far a language is from the batch norms' English training statistics: root mean square
    over channels of (its mean − running mean) / running sd; branch: global, local."""
    spread: Float[np.ndarray, "head branch language"]
    """Mean over channels of log2(its variance / running variance), the same branches."""
    pairs: int
    passes: int
    """Batches that went through the encoder."""
    milliseconds: float
    provenance: Provenance


@dataclass(frozen=True, kw_only=True)
class GateTrial:
    """Accuracy with the gate as trained, and changed: does it matter?"""

    data: str
    """``"built-in"`` or ``"xnli/test"``."""
    changes: tuple[str, ...]
    heads: tuple[str, ...]
    languages: tuple[str, ...]
    n: Int[np.ndarray, " language"]
    """Labelled pairs per language, the same under every change."""
    right: Int[np.ndarray, "change head language"]
    """How many of them were answered rightly."""
    flipped: Int[np.ndarray, "change head language"]
    """How many answers differ from those with the gate as trained."""
    low: Float[np.ndarray, "change head"]
    """Wilson's 95 % interval of the accuracy over all languages, on the effective number of pairs:
    translations of one example are right or wrong together."""
    high: Float[np.ndarray, "change head"]
    difference_low: Float[np.ndarray, "change head"]
    """95 % interval of the accuracy's difference to the gate as trained: paired bootstrap of
    premises with all their examples and languages, widened as in `Differences`."""
    difference_high: Float[np.ndarray, "change head"]
    settings: Mapping[str, Any]
    provenance: Provenance

    @property
    def accuracy(self) -> Float[np.ndarray, "change head"]:
        """Over all languages, in [0, 1]."""
        found: np.ndarray = self.right.sum(-1) / self.n.sum()
        return found

    @property
    def difference(self) -> Float[np.ndarray, "change head"]:
        """To the accuracy with the gate as trained, in [-1, 1]."""
        found: np.ndarray = self.accuracy - self.accuracy[:1]
        return found
