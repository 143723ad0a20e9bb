"""Which kinds of examples are hard: accuracy by length, overlap, negation and genre."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.paired import by_group
from dlfa.analysis.statistics import Draws, wilson, worth
from dlfa.results import BASELINE, SLICES, Evaluation, Slices

__all__ = ["slices"]

LENGTHS = {"1-20": 1, "21-30": 21, "31-40": 31, "41-60": 41, "61+": 61}  # where each begins
OVERLAPS = {"0-25": 0.0, "25-50": 0.25, "50-75": 0.5, "75-100": 0.75}
NEGATIONS = ("no", "yes")  # by code
MOST_GENRES = 20  # the most frequent ones: own data may call each row's another

Sorted = tuple[tuple[str, ...], Int[np.ndarray, " example"]]
"""Names of bins, and each example's place in them; −1 where unknown."""


def slices(evaluation: Evaluation, draws: Draws) -> tuple[Slices, ...]:
    """Return accuracy by kind of example, for all kinds by which the examples differ.

    Args:
        evaluation: at least one example.
        draws: of its premises.
    """
    found = [(by, *_filled(*SORTERS[by](evaluation))) for by in SLICES]
    return tuple(
        _slices(evaluation, draws, by, bins, places) for by, bins, places in found if len(bins) > 1
    )


def _slices(
    evaluation: Evaluation,
    draws: Draws,
    by: str,
    bins: tuple[str, ...],
    places: Int[np.ndarray, " example"],
) -> Slices:
    right, premises = evaluation.right.astype(np.int8), evaluation.premises
    each = [places == place for place in range(len(bins))]
    n = np.array([rows.sum() for rows in each])
    counts = np.array([right[rows].sum(0) for rows in each]).T  # (head bin)
    effective = np.array([worth(right[rows], premises[rows]) for rows in each]).T
    low, high = wilson(counts / n, effective)
    difference, least, most = _differences(evaluation, draws, places, counts / n)
    return Slices(
        by=by,
        bins=bins,
        heads=evaluation.heads,
        n=n,
        right=counts,
        low=low,
        high=high,
        difference=difference,
        difference_low=least,
        difference_high=most,
    )


def _differences(
    evaluation: Evaluation,
    draws: Draws,
    places: Int[np.ndarray, " example"],
    shares: Float[np.ndarray, "head bin"],
) -> Float[np.ndarray, "3 head bin"]:
    """To the baseline: the difference, low, high; NaN where it was not evaluated."""
    if BASELINE not in evaluation.heads:
        return np.full((3, *shares.shape), np.nan)
    baseline, right = evaluation.heads.index(BASELINE), evaluation.right.astype(np.int8)
    gains = right - right[:, [baseline]]
    ends = by_group(gains, places, draws, draws.means(gains, places)).transpose(0, 2, 1)
    ends[:, baseline] = 0  # to itself, for certain
    return np.array([shares - shares[baseline], *ends])


def _filled(bins: tuple[str, ...], places: Int[np.ndarray, " example"]) -> Sorted:
    """The bins that hold something, and the places in them."""
    there = np.unique(places[places >= 0])
    renumbered = np.where(places >= 0, np.searchsorted(there, places), -1)
    return tuple(bins[place] for place in there), renumbered


def _tokens(evaluation: Evaluation) -> Sorted:
    edges = list(LENGTHS.values())[1:]
    return tuple(LENGTHS), np.digitize(evaluation.tokens, edges)


def _overlap(evaluation: Evaluation) -> Sorted:
    places = np.digitize(evaluation.overlap, list(OVERLAPS.values())[1:])
    return tuple(OVERLAPS), np.where(np.isnan(evaluation.overlap), -1, places)


def _negation(evaluation: Evaluation) -> Sorted:
    return NEGATIONS, evaluation.negation


def _genre(evaluation: Evaluation) -> Sorted:
    names, places, counts = np.unique(evaluation.genres, return_inverse=True, return_counts=True)
    kept = np.argsort(-counts * (names != ""), kind="stable")[:MOST_GENRES]
    told = np.isin(places, kept) & (names != "")[places]
    return tuple(names.tolist()), np.where(told, places, -1)


SORTERS: dict[str, Callable[[Evaluation], Sorted]] = {
    "tokens": _tokens,
    "overlap": _overlap,
    "negation": _negation,
    "genre": _genre,
}
