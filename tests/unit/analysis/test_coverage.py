"""What the intervals and claims promise, on data whose truth is known."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from tests.unit.analysis.synthetic import drawn, take, truth

SETS = 500
DRAWS = 1000
LEVELS = (0.5, 0.5, 0.6, 0.75)
TRUE = truth(LEVELS)
CHANCE = 2 * np.sqrt(0.05 * 0.95 / SETS)  # by which a share of 95 % of the sets may stray
FEWER_SETS = 300  # where intervals are rather too wide
QUICK_AND_SLOW = pytest.mark.parametrize(
    ("premises", "items"), [(24, 1), pytest.param(100, 3, marks=pytest.mark.slow)]
)
"""As many premises as our own sentences have, and as a quick run."""


def sets(premises, items, levels=LEVELS, count=SETS):
    """Return as many data sets, in two languages."""
    return [drawn(seed, levels, premises, items) for seed in range(count)]


@lru_cache(maxsize=4)
def draws_of(premises, draws):
    from dlfa.analysis.statistics import Draws

    return Draws(np.array(premises), draws)


def draws_for(run, draws=DRAWS):
    """Return the draws that `report` would make anew; they depend on the premises only."""
    return draws_of(tuple(run.premises.tolist()), draws)


def accuracies(run):
    from dlfa.analysis.accuracies import accuracies, averages

    return accuracies(run, averages(run, draws_for(run)))


def differences(run):
    from dlfa.analysis.differences import to_baseline

    return to_baseline(run, draws_for(run))


def uneven(run):
    """All of the first language, every third premise of the second."""
    rows = (run.languages == "en") | (run.premises.astype(int) % 3 == 0)
    return take(run, np.flatnonzero(rows))


def nearly_the_same(seed, premises, items, turned=(0.02, 0.01)):
    """Return a data set with two heads that are the baseline but for a few items, and the truth.

    Of the items that it has wrong the first turns 2 % right, of those it has right 1 % wrong; in
    the second head it is the other way round.
    """
    run = drawn(seed, (0.5,), premises, items)
    luck = np.random.default_rng([seed, 1]).random((premises * items, 2))[run.ids.astype(int)]
    base = run.right
    wins, losses = luck < turned, luck < turned[::-1]
    right = np.hstack([base, np.where(base, ~losses, wins)])
    share = truth((0.5,))[0]
    gains = (1 - share) * np.array(turned) - share * np.array(turned[::-1])
    answers = np.where(right, run.gold[:, None], (run.gold[:, None] + 1) % 3)
    return replace(run, answers=answers, heads=("baseline", "D_1", "D_2")), gains


def coverage(found, name, true):
    """Return how often intervals hold the truth: each head's in each language, of all sets."""
    start = f"{name}_" if name else ""
    low, high = (np.array([getattr(one, start + end) for one in found]) for end in ("low", "high"))
    return np.mean((low <= true) & (true <= high), axis=0)


def assert_holds(shares, most=0.97):
    """Each is 93-97 %, or by chance a little beside that."""
    assert shares.min() >= 0.93 - CHANCE, shares
    assert shares.max() <= most + CHANCE, shares


@QUICK_AND_SLOW
class TestIntervals:
    @pytest.mark.parametrize(
        "some",
        [lambda run: run, pytest.param(uneven, marks=pytest.mark.slow)],
        ids=["all", "uneven"],
    )
    def test_hold_accuracies_and_differences(self, premises, items, some):
        runs = [some(run) for run in sets(premises, items)]
        found = [accuracies(run) for run in runs]
        assert_holds(coverage(found, "", TRUE[:, None]))
        assert_holds(coverage(found, "average", TRUE))
        found, true = [differences(run) for run in runs], TRUE[1:] - TRUE[0]
        assert_holds(coverage(found, "", true), most=0.99)  # on few premises rather too wide
        assert_holds(coverage(found, "language", true[:, None]), most=0.99)

    def test_hold_differences_of_heads_that_are_nearly_the_same(self, premises, items):
        runs, (true, *_) = zip(
            *(nearly_the_same(seed, premises, items) for seed in range(FEWER_SETS)), strict=True
        )
        found = [differences(run) for run in runs]
        assert_holds(coverage(found, "", true), most=1)
        assert_holds(coverage(found, "language", true[:, None]), most=1)
        low, high = (np.array([getattr(one, end) for one in found]) for end in ("low", "high"))
        assert (low < high).all()

    def test_hold_differences_in_small_slices(self, premises, items):
        """Of 1, 3 and 6 premises, and of all others."""
        from dlfa.analysis.slices import slices

        lengths = np.array([10, *[25] * 3, *[35] * 6, *[50] * (premises - 10)])
        found = [
            slices(replace(run, tokens=lengths[run.premises.astype(int)]), draws_for(run, 500))[0]
            for run in sets(premises, items, count=FEWER_SETS)
        ]
        assert_holds(coverage(found, "difference", (TRUE - TRUE[0])[:, None]), most=1)


def test_intervals_of_single_answers_would_be_too_narrow():
    """Why premises are drawn, not rows."""
    rows = np.arange(600).astype(str)
    found = [accuracies(replace(run, premises=rows)) for run in sets(100, 3, count=100)]
    assert coverage(found, "average", TRUE).mean() < 0.9
    assert coverage(found, "", TRUE[:, None]).mean() < 0.93


class TestClaims:
    @pytest.mark.parametrize("premises", [24, pytest.param(100, marks=pytest.mark.slow)])
    def test_of_no_effect_are_made_in_one_of_twenty_sets_at_most(self, premises):
        found = [differences(run) for run in sets(premises, 1, levels=(0.5,) * 9)]
        by_chance = np.mean([bool(one.claimed()) for one in found])
        assert by_chance <= 0.05 + 1.96 * np.sqrt(0.05 * 0.95 / SETS)

    def test_of_an_effect_of_three_points_are_made(self):
        levels = (0.5, 0.5, 0.62)
        assert truth(levels)[2] - truth(levels)[0] == pytest.approx(0.03, abs=0.002)
        claimed = [differences(run).claimed() for run in sets(1000, 3, levels, count=20)]
        assert np.mean(["D_2" in heads for heads in claimed]) >= 0.9
        assert np.mean(["D_1" in heads for heads in claimed]) <= 0.1
