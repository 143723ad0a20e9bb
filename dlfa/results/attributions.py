"""Why a head answers as it does: what each word, and each door of a fusion head, adds to a score.

The score is the log-odds of one label, log(p / (1 - p)): what is added to all labels' logits alike
does not count. Every method explains how far the score moves between a baseline input, in which
no word says anything, and the pair itself; what its parts miss of that is its gap.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from dlfa.results.gates import Alignment, Tokens
from dlfa.results.provenance import Provenance

__all__ = [
    "AIM",
    "BASELINES",
    "DOORS",
    "FAR",
    "METHODS",
    "QUADRATURES",
    "Attribution",
    "AttributionComparison",
    "Doors",
    "Faithfulness",
    "relative_gap",
]

METHODS = ("integrated_gradients", "gradient_x_input", "layer_conductance", "deep_lift")
BASELINES = ("mask", "padding", "mean")
"""What stands in the place of every word: the mask token, the padding token, or the mean of all
word embeddings. Special tokens and places stay."""
QUADRATURES = ("gausslegendre", "riemann_middle", "riemann_left", "riemann_right")
"""captum's names. Its ``riemann_trapezoid`` is left out: its weights do not add up to one."""
DOORS = ("lower", "last", "product", "global", "local")
"""Where hidden states enter a fusion head: by the value of L1, by that of L2, by W in the product
W ⊙ s, and by W in the global and in the local branch's logits."""
AIM = 0.02  # of the score's change: what the parts may miss
FAR = 0.05  # beyond this the parts are no account of the score, and figures say so


def relative_gap(explained: float, change: float) -> float:
    """Return |explained - change| / |change|: 0 where nothing changed and nothing is claimed."""
    missing = abs(explained - change)
    if missing == 0:
        return 0.0
    return missing / abs(change) if change else float("inf")


@dataclass(frozen=True, kw_only=True)
class _Explanation:
    """Of one head's score of one label: where it starts and ends, and what it took to tell."""

    head: str
    label: str
    baseline: str
    """Of `BASELINES`."""
    quadrature: str
    """Of `QUADRATURES`; empty for a method that integrates nothing."""
    start: float
    """The score of the baseline input."""
    end: float
    """The score of the pair."""
    steps: int
    """Gradients that were evaluated."""
    passes: int
    """Rows that went through the encoder, forwards."""
    milliseconds: float
    provenance: Provenance

    @property
    def change(self) -> float:
        """How far the score moved from the baseline to the pair."""
        return self.end - self.start


@dataclass(frozen=True, kw_only=True)
class Attribution(_Explanation):
    """What each word adds to one head's score of one label, by one method."""

    pair: tuple[str, str]
    """Premise and hypothesis, as the model was given them."""
    tokens: Tokens
    method: str
    """Of `METHODS`."""
    layer: int
    """The hidden states whose tokens have the scores; 0: the embeddings, so the words themselves.
    Above, a token's vector also holds what it took from others."""
    scores: Float[np.ndarray, " token"]
    """In log-odds: what the token adds, summed over its channels."""

    @property
    def gap(self) -> float:
        """Which share of the change the tokens' scores miss, see `relative_gap`."""
        return relative_gap(float(self.scores.sum(dtype=np.float64)), self.change)

    @property
    def words(self) -> Float[np.ndarray, " word"]:
        """What each word adds: the sum over its sub-words."""
        total = np.zeros(len(self.tokens.words))
        real = self.tokens.word >= 0
        np.add.at(total, self.tokens.word[real], self.scores[real])
        return total

    @property
    def special(self) -> float:
        """What stays with special tokens, which belong to no word."""
        return float(self.scores[self.tokens.word < 0].sum())

    @property
    def probability(self) -> float:
        """The label's probability for the pair, in [0, 1]."""
        return float(1 / (1 + np.exp(-self.end)))

    @property
    def start_probability(self) -> float:
        """The label's probability for the baseline input, in [0, 1]."""
        return float(1 / (1 + np.exp(-self.start)))


@dataclass(frozen=True, kw_only=True)
class Doors(_Explanation):
    """By which door the score's change comes into a fusion head."""

    doors: tuple[str, ...]
    """Of `DOORS`; a head whose gate is s itself has no product."""
    parts: Float[np.ndarray, " door"]
    """In log-odds; they add up to the change within the gap."""

    @property
    def gap(self) -> float:
        """Which share of the change the parts miss, see `relative_gap`."""
        return relative_gap(float(self.parts.sum(dtype=np.float64)), self.change)


@dataclass(frozen=True, kw_only=True)
class Faithfulness:
    """Words taken away, and put in, in the order of their scores and in random orders."""

    head: str
    label: str
    method: str
    baseline: str
    """What stands in the place of a word that is not there."""
    words: int
    shares: Float[np.ndarray, " point"]
    """Of the words, how many were taken away (deletion) or put in (insertion): from 0 to 1."""
    deletion: Float[np.ndarray, " point"]
    """The label's probability, the words with the highest scores taken away first."""
    insertion: Float[np.ndarray, " point"]
    """The same, the words with the highest scores put in first."""
    random_deletion: Float[np.ndarray, "draw point"]
    """The same for random orders of the words."""
    random_insertion: Float[np.ndarray, "draw point"]
    seed: int
    passes: int
    milliseconds: float
    provenance: Provenance

    @property
    def draws(self) -> int:
        """How many random orders there are."""
        return len(self.random_deletion)

    @property
    def areas(self) -> tuple[float, float]:
        """Area under deletion and insertion, in [0, 1]: low and high where scores are faithful."""
        return float(self._area(self.deletion)), float(self._area(self.insertion))

    @property
    def random_areas(self) -> Float[np.ndarray, "curve draw"]:
        """The areas of the random orders: deletion, insertion."""
        return np.stack([self._area(self.random_deletion), self._area(self.random_insertion)])

    @property
    def ranks(self) -> tuple[int, int]:
        """How many random orders do at least as well: by deletion (lower), insertion (higher)."""
        (taken, put), (random_taken, random_put) = self.areas, self.random_areas
        return int((random_taken <= taken).sum()), int((random_put >= put).sum())

    def _area(self, curve: Float[np.ndarray, "*draw point"]) -> Float[np.ndarray, "*draw"]:
        return np.asarray(np.trapezoid(curve, self.shares, axis=-1))


@dataclass(frozen=True, kw_only=True)
class AttributionComparison:
    """What the words of a pair and of its translation add to the same label's score."""

    languages: tuple[str, str]
    """Codes, as far as known."""
    first: Attribution
    second: Attribution
    alignment: Alignment
    correlation: float
    """Pearson's r of both words' scores over the links; NaN with fewer than 8."""
    low: float
    """95 % interval: bootstrap over the links."""
    high: float
    chance_low: float
    """95 % of the same r under random alignments within premise and hypothesis."""
    chance_high: float
    passes: int
    milliseconds: float
    provenance: Provenance
