"""How alike two languages' vectors of the same sentences are, in every draw of the bootstrap.

Every draw is a row of weights, how often it holds each sentence; the first row is all ones and
gives the value itself. All three measures are sums over sentences and over pairs of sentences, so
that matrix products give all draws at once. A *side* is one language's part of it, made once for
all pairs that the language is in.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.directions import unit, without_mean

__all__ = ["Anc", "Cka", "Side", "Similarity"]

Vectors = Float[np.ndarray, "item dim"]
Weights = Float[np.ndarray, "draw item"]
Drawn = Float[np.ndarray, " draw"]
Order = Int[np.ndarray, " item"]


class Side(ABC):
    """One language's sentences, weighted by every draw."""

    @classmethod
    @abstractmethod
    def of(cls, vectors: Vectors, weights: Weights) -> "Side":
        """Make a side of one language's vectors."""

    @abstractmethod
    def like(self, other: Any) -> Drawn:
        """Return the measure in every draw; NaN where it is not defined."""

    @abstractmethod
    def shuffled(self, other: Any, order: Order) -> float:
        """Return the measure with the other side's sentences in a wrong order."""


@dataclass(frozen=True)
class Similarity(Side):
    """Are translations nearer to each other than sentences that are none? 0 says: not at all.

    Mean cosine of translations minus the mean over all other pairs of sentences: raw cosines are
    high between any two sentences of an encoder (Ethayarajh 2019), and say nothing by themselves.
    """

    unit: Vectors
    sums: Float[np.ndarray, "draw dim"]
    weights: Weights

    @classmethod
    def of(cls, vectors: Vectors, weights: Weights) -> "Similarity":
        lengths = unit(vectors)
        return cls(lengths, weights @ lengths, weights)

    def like(self, other: "Similarity") -> Drawn:
        cosine = (self.unit * other.unit).sum(1)  # (item)
        n, repeated = self.weights.sum(1), self.weights**2
        everything = (self.sums * other.sums).sum(1)
        apart = (everything - repeated @ cosine) / (n**2 - repeated.sum(1))
        return self.weights @ cosine / n - apart

    def shuffled(self, other: "Similarity", order: Order) -> float:
        n = len(order)
        total = float((self.unit * other.unit[order]).sum())
        everything = float(self.unit.sum(0) @ other.unit.sum(0))
        return total / n - (everything - total) / (n**2 - n)


@dataclass(frozen=True)
class Cka(Side):
    r"""Do the two languages lay their sentences out in the same shape, turned and scaled as may be?

    Linear centred kernel alignment (Kornblith et al. 2019, eq. 3 and 4),
    :math:`\|Y^\top X\|_F^2 / (\|X^\top X\|_F \|Y^\top Y\|_F)` with centred columns, here by way of
    the Gram matrices, :math:`\langle K, L \rangle / (\|K\| \|L\|)`. Of fewer sentences than
    channels it is high for unrelated vectors, too: read it beside its control.
    """

    gram: Float[np.ndarray, "item item"]
    sums: Float[np.ndarray, "draw item"]
    """The weighted sums of the Gram matrix' rows."""
    norm: Drawn
    weights: Weights

    @classmethod
    def of(cls, vectors: Vectors, weights: Weights) -> "Cka":
        centred = without_mean(vectors)
        gram = centred @ centred.T
        gram /= max(float(np.trace(gram)), np.finfo(np.float32).tiny)
        sums = weights @ gram
        return cls(gram, sums, _aligned(gram, gram, sums, sums, weights), weights)

    def like(self, other: "Cka") -> Drawn:
        both = _aligned(self.gram, other.gram, self.sums, other.sums, self.weights)
        return _ratio(both, np.sqrt(np.maximum(self.norm * other.norm, 0)))

    def shuffled(self, other: "Cka", order: Order) -> float:
        both = np.array([(self.gram * other.gram[np.ix_(order, order)]).sum()])
        return float(_ratio(both, np.sqrt(self.norm[:1] * other.norm[:1]))[0])


@dataclass(frozen=True)
class Anc(Side):
    """Does each single channel say the same of a sentence and of its translation?

    Averaged neuron-wise correlation (Del and Fishel 2022): the mean over channels of
    |corr(x_j, y_j)| over the sentences. Channels that say the same of every sentence are left out.
    """

    centred: Vectors
    sums: Float[np.ndarray, "draw dim"]
    deviations: Float[np.ndarray, "draw dim"]
    weights: Weights

    @classmethod
    def of(cls, vectors: Vectors, weights: Weights) -> "Anc":
        centred, n = without_mean(vectors), weights.sum(1, keepdims=True)
        sums = weights @ centred
        squares = weights @ centred**2 - sums**2 / n
        return cls(centred, sums, np.sqrt(np.maximum(squares, 0)), weights)

    def like(self, other: "Anc") -> Drawn:
        n = self.weights.sum(1, keepdims=True)
        products = self.weights @ (self.centred * other.centred) - self.sums * other.sums / n
        return _average(_ratio(products, self.deviations * other.deviations))

    def shuffled(self, other: "Anc", order: Order) -> float:
        products = (self.centred * other.centred[order]).sum(0, keepdims=True)
        return float(_average(_ratio(products, self.deviations[:1] * other.deviations[:1]))[0])


def _aligned(
    first: np.ndarray, second: np.ndarray, a: np.ndarray, b: np.ndarray, weights: Weights
) -> Drawn:
    """Return the product of two Gram matrices, both centred by the weights."""
    n = weights.sum(1)
    whole = ((weights @ (first * second)) * weights).sum(1)
    means = (weights * a).sum(1) * (weights * b).sum(1) / n**2
    return whole - 2 * (weights * a * b).sum(1) / n + means


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def _average(correlations: Float[np.ndarray, "draw dim"]) -> Drawn:
    known = np.isfinite(correlations)
    total = np.where(known, np.abs(correlations), 0).sum(1)
    return _ratio(total, known.sum(1).astype(total.dtype))
