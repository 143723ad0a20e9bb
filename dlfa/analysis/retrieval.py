"""Can a sentence's translation be found among all sentences of the other language?"""

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.directions import unit

__all__ = ["NEIGHBOURS", "found"]

NEIGHBOURS = 4  # of the margin, as in Artetxe and Schwenk (2019)
TINY = 1e-6  # a margin's divisor is at least this

Vectors = Float[np.ndarray, "item dim"]


def found(one: Vectors, other: Vectors, *, margin: bool) -> Int[np.ndarray, "direction item"]:
    r"""Return which item each sentence takes for its translation, there and back.

    The nearest by cosine; or by ratio margin (Artetxe and Schwenk 2019, eq. 1 and 2),

    .. math:: \cos(x, y) \Big/ \tfrac12 \Big(\overline{\cos(x, \mathrm{NN}_k)} +
        \overline{\cos(y, \mathrm{NN}_k)}\Big),

    with which sentences that are near to everything (hubs) are found less often.

    Args:
        one: one language's vectors.
        other: the other's, in the same order of items.
        margin: whether to take the margin, of k = `NEIGHBOURS`.

    Returns:
        an index each: of ``other`` for ``one``, then of ``one`` for ``other``.
    """
    cosine = unit(one) @ unit(other).T  # (item item)
    if margin:
        around = [_nearest(table) / 2 for table in (cosine, cosine.T)]
        cosine /= np.maximum(around[0][:, None] + around[1][None], TINY)
    return np.stack([cosine.argmax(1), cosine.argmax(0)])


def _nearest(cosine: Float[np.ndarray, "item item"]) -> Float[np.ndarray, " item"]:
    """Return the mean cosine with the k nearest, row by row."""
    k = min(NEIGHBOURS, len(cosine))
    return np.partition(cosine, len(cosine) - k, axis=1)[:, -k:].mean(1)
