"""What the intervals and claims promise, on data whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.analysis.synthetic import drawn, truth

SETS = 500
DRAWS = 1000
LEVELS = (0.5, 0.5, 0.6, 0.75)
TRUE = truth(LEVELS)
HOLDS = pytest.approx(0.95, abs=0.02)


def sets(premises, items, levels=LEVELS, count=SETS):
    """Return as many data sets, in two languages."""
    return [drawn(seed, levels, premises, items) for seed in range(count)]


def differences(run):
    from dlfa.analysis.differences import to_baseline
    from dlfa.analysis.statistics import Draws

    return to_baseline(run, Draws(run.premises, DRAWS))


def share(found, name, true):
    """Return how often intervals hold the truth: of all sets, heads and languages."""
    start = f"{name}_" if name else ""
    low, high = (np.array([getattr(one, start + end) for one in found]) for end in ("low", "high"))
    return float(np.mean((low <= true) & (true <= high)))


@pytest.mark.parametrize(
    ("premises", "items"), [(24, 1), pytest.param(100, 3, marks=pytest.mark.slow)]
)
class TestIntervals:
    """Of as many premises as our own sentences have, and as a quick run."""

    def test_hold_accuracies(self, premises, items):
        from dlfa.analysis.reports import accuracies

        found = [accuracies(run) for run in sets(premises, items)]
        assert share(found, "", TRUE[:, None]) == HOLDS
        assert share(found, "average", TRUE) == HOLDS

    def test_hold_differences_to_the_baseline(self, premises, items):
        found = [differences(run) for run in sets(premises, items)]
        true = TRUE[1:] - TRUE[0]
        assert share(found, "", true) == HOLDS
        assert share(found, "language", true[:, None]) == HOLDS


def test_intervals_of_single_answers_would_be_too_narrow():
    """Why premises are drawn, not rows."""
    from dlfa.analysis.accuracies import accuracies, averages
    from dlfa.analysis.statistics import Draws

    rows = np.arange(600).astype(str)
    found = [
        accuracies(run, averages(run, Draws(rows, 400)))
        for run in (replace(run, premises=rows) for run in sets(100, 3, count=150))
    ]
    assert share(found, "average", TRUE) < 0.9
    assert share(found, "", TRUE[:, None]) < 0.93


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
