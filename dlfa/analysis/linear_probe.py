r"""A linear probe from sums: what can be read out of vectors by one linear map.

Linear discriminant analysis (Hastie, Tibshirani and Friedman 2009, section 4.3) with a shrunken
covariance: scores :math:`\mu_k^\top \Sigma^{-1} x - \tfrac12 \mu_k^\top \Sigma^{-1} \mu_k +
\log \pi_k`. All it needs of the data are sums, so that vectors are seen once and never kept, and
folds of a cross-validation are differences of sums. It is as good a probe as logistic regression
here: parts of speech from 22,729 English words by e5-small's layer 6 are read with 92.2 % (English)
and 87.5 % (German) against logistic regression's 92.3 % and 84.2 % and ridge's 91.8 % and 87.4 %;
languages by layer 12 with 99.3 % against 99.4 % and 96.2 %.
"""

from dataclasses import dataclass, fields

import torch
from jaxtyping import Float, Int
from torch import Tensor

__all__ = ["SHRINKAGE", "LinearProbe", "ProbeSums"]

SHRINKAGE = 0.05  # share of the covariance that is that of independent channels
FLAT = 1e-10  # a channel's variance, in squares of its mean, under which it is constant

Vectors = Float[Tensor, "space word dim"]


@dataclass(frozen=True)
class LinearProbe:
    """Fitted in every space, for every labelling: the true one and shuffled ones."""

    weight: Float[Tensor, "set space label dim"]
    bias: Float[Tensor, "set space label"]

    def predict(self, vectors: Vectors) -> Int[Tensor, "set space word"]:
        """Return each vector's likeliest class."""
        scores = torch.einsum("swd,tsld->tswl", vectors, self.weight)
        return (scores + self.bias[:, :, None]).argmax(-1)


@dataclass(frozen=True)
class ProbeSums:
    """Sums over labelled vectors, in double precision, of vectors less a common ``shift``."""

    shift: Float[Tensor, "space dim"]
    """Near the mean, so that squares keep their digits."""
    count: Float[Tensor, "set label"]
    total: Float[Tensor, "set space label dim"]
    square: Float[Tensor, "space dim dim"]

    @classmethod
    def of(cls, vectors: Vectors, labels: Int[Tensor, "set word"], classes: int) -> "ProbeSums":
        """Sum up the first vectors; their mean becomes the shift."""
        return cls._summed(vectors, labels, classes, vectors.mean(1))

    @classmethod
    def _summed(cls, vectors: Vectors, labels: Tensor, classes: int, shift: Tensor) -> "ProbeSums":
        moved = vectors - shift[:, None]
        chosen = torch.nn.functional.one_hot(labels, classes).to(moved.dtype)  # (set word label)
        total = torch.einsum("twl,swd->tsld", chosen, moved)
        square = moved.transpose(1, 2) @ moved
        return cls(shift, chosen.sum(1).double(), total.double(), square.double())

    def like(self, vectors: Vectors, labels: Int[Tensor, "set word"]) -> "ProbeSums":
        """Sum up other vectors, so that both can be added and taken apart."""
        return self._summed(vectors, labels, self.count.shape[1], self.shift)

    def __add__(self, other: "ProbeSums") -> "ProbeSums":
        return self._combined(other, 1)

    def __sub__(self, other: "ProbeSums") -> "ProbeSums":
        return self._combined(other, -1)

    def _combined(self, other: "ProbeSums", sign: int) -> "ProbeSums":
        names = [field.name for field in fields(self)][1:]
        return ProbeSums(
            self.shift, *(getattr(self, name) + sign * getattr(other, name) for name in names)
        )

    def fit(self, shrinkage: float = SHRINKAGE) -> LinearProbe:
        """Return the probe: a class that was never seen is never given."""
        n = self.count[0].sum()
        share = self.count / n  # (set label)
        mean = self.total / self.count.clamp(min=1)[:, None, :, None]  # (set space label dim)
        centre = self.total[0].sum(1) / n  # (space dim)
        spread = self.square.diagonal(dim1=1, dim2=2) / n - centre**2
        floor = FLAT * (centre + self.shift.double()) ** 2 + torch.finfo(torch.float32).tiny
        scale = torch.where(spread > floor, spread, 1).sqrt()  # (space dim)
        between = torch.einsum("tl,tsld,tsle->tsde", share, mean, mean)
        within = (self.square / n - between) / (scale[:, :, None] * scale[:, None, :])
        size = within.diagonal(dim1=2, dim2=3).mean(-1).clamp(min=1e-6)  # (set space)
        even = torch.eye(within.shape[-1], dtype=within.dtype, device=within.device)
        shrunken = (1 - shrinkage) * within + shrinkage * size[..., None, None] * even
        # Shrunken, it is positive definite: no pivots, half of the work.
        factor = torch.linalg.cholesky(shrunken)
        solved = torch.cholesky_solve((mean / scale[:, None]).transpose(2, 3), factor)
        weight = solved.transpose(2, 3) / scale[:, None]  # (set space label dim)
        own = -0.5 * (weight * mean).sum(-1) + share.log()[:, None]
        bias = own - torch.einsum("tsld,sd->tsl", weight, self.shift.double())
        return LinearProbe(weight.float(), bias.float())
