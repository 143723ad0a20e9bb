"""Do two heads answer alike, and is one of them right more often?"""

from collections.abc import Sequence

import numpy as np

from dlfa.analysis.statistics import mcnemar, wilson
from dlfa.results import Prediction
from dlfa.results.comparisons import Contest, Duel, Proportion

__all__ = ["contest", "duel", "proportion"]


def proportion(count: int, n: int) -> Proportion:
    """Return a share with its Wilson score interval (Wilson 1927); of none it is [0, 1].

    Raises:
        ValueError: ``count`` is not between 0 and ``n``.
    """
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n}")
    if n == 0:
        return Proportion(count=0, n=0, low=0.0, high=1.0)
    low, high = wilson(np.array([count / n]), np.array([float(n)]))[:, 0]
    return Proportion(count=count, n=n, low=float(low), high=float(high))


def contest(first: Sequence[bool], second: Sequence[bool]) -> Contest:
    """Compare two by the pairs on which only one is right (McNemar 1947, exact binomial form).

    Args:
        first: whether A is right, pair by pair.
        second: whether B is, on the same pairs.

    Returns:
        with p = 1 where the two are never right alone.
    """
    a, b = np.asarray(first, bool), np.asarray(second, bool)
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    return Contest(
        both=int((a & b).sum()),
        first_only=only_a,
        second_only=only_b,
        neither=int((~a & ~b).sum()),
        p=float(mcnemar(np.array([only_a]), np.array([only_b]))[0]),
    )


def duel(
    first: Sequence[Prediction],
    second: Sequence[Prediction],
    gold: Sequence[str],
    names: tuple[str, str],
) -> Duel:
    """Compare two heads' answers to the same pairs.

    Args:
        first: A's, one per pair, at least one.
        second: B's, for the same pairs in the same order.
        gold: right labels, empty where unknown; pairs without one do not enter the contest.
        names: what A and B are called.

    Raises:
        ValueError: not the same number of each, or of no pair at all.
    """
    if not len(first) == len(second) == len(gold) > 0:
        raise ValueError("one answer of each and one label, empty or not, per pair")
    labels = tuple(dict.fromkeys((*first[0].labels, *second[0].labels)))
    counts = np.zeros((len(labels), len(labels)), np.int64)
    for a, b in zip(first, second, strict=True):
        counts[labels.index(a.label), labels.index(b.label)] += 1
    told = [(a, b, label) for a, b, label in zip(first, second, gold, strict=True) if label]
    return Duel(
        names=names,
        labels=labels,
        counts=counts,
        differ=tuple(
            row for row, (a, b) in enumerate(zip(first, second, strict=True)) if a.label != b.label
        ),
        contest=contest(
            [a.label == label for a, _, label in told], [b.label == label for _, b, label in told]
        )
        if told
        else None,
        provenance=(first[0].provenance, second[0].provenance),
    )
