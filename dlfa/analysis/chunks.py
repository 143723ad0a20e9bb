"""In which order examples are answered, so that every partial result is an unbiased one.

Examples are taken in random chunks. Each chunk holds the same share of every language and kind,
and the same items in every language; only inside a chunk may they be sorted by length, and a
result counts whole chunks only.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from dlfa.data.labelled import Example

__all__ = ["in_chunks"]


def in_chunks(examples: Sequence[Example], seed: int, first: int, largest: int) -> list[list[int]]:
    """Return row numbers, chunk by chunk: a permutation of all rows.

    Args:
        examples: at least one.
        seed: of the order.
        first: about how many rows the first chunk has; each later one has about twice as many.
        largest: about how many rows a chunk has at most.
    """
    ordered = _strata(examples, seed)
    chunks: list[list[int]] = []
    taken = [0] * len(ordered)
    for share in _shares(len(examples), first, largest):
        ends = [round(share * len(rows)) for rows in ordered]
        chunk = [
            row
            for rows, begin, end in zip(ordered, taken, ends, strict=True)
            for row in rows[begin:end]
        ]
        if chunk:
            chunks.append(chunk)
        taken = ends
    return chunks


def _strata(examples: Sequence[Example], seed: int) -> list[list[int]]:
    """Return the rows of each language and kind in random order, the same in all languages."""
    ids = sorted({one.id for one in examples})
    places = np.random.default_rng(seed).permutation(len(ids))
    place = dict(zip(ids, places.tolist(), strict=True))
    strata: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row, one in enumerate(examples):
        strata[one.stratum].append(row)
    return [sorted(rows, key=lambda row: place[examples[row].id]) for rows in strata.values()]


def _shares(count: int, first: int, largest: int) -> list[float]:
    """Return how much of all rows the first, the first two, ... chunks hold; the last is 1."""
    ends, size = [min(first, count)], first
    while ends[-1] < count:
        size = min(2 * size, largest)
        ends.append(min(ends[-1] + size, count))
    return [end / count for end in ends]
