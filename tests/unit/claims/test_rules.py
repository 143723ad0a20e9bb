"""What the rules promise, on synthetic data: a true effect is seen, none is not made up, too little
data decides nothing."""

import numpy as np
import pytest

from dlfa.claims.rules import directional, equal, everywhere, inside, somewhere
from tests.unit.claims.quantities import measured, shares

QUICK_AND_SLOW = pytest.mark.parametrize("sets", [60, pytest.param(600, marks=pytest.mark.slow)])
SURE = 0.9


def wrong_at_most(sets):
    """Five in a hundred, and what chance adds to a share of so many sets."""
    return 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / sets)


def of_one(parts):
    return directional(parts["0"])


def of_all(parts):
    return everywhere(parts, 4)


def of_two(parts):
    return somewhere(parts, 4, 2, 0.0, 0.5)


def of_band(parts):
    return inside(parts, 4, 1.0, 3.0)


def of_change(parts):
    return equal(parts, 0.0, 0.5)


TRUE = [
    (of_one, [1.0], 0.2, "supported"),
    (of_one, [-1.0], 0.2, "contradicted"),
    (of_all, [1.0, 1.5, 1.0, 2.0], 0.2, "supported"),
    (of_all, [1.0, 1.0, 1.0, -1.0], 0.2, "contradicted"),
    (of_two, [1.0, 1.0, 0.0, 0.0], 0.2, "supported"),
    (of_two, [0.0, 0.0, -0.2, 0.1], 0.1, "contradicted"),
    (of_band, [2.0, 2.0, 1.8, 2.2], 0.15, "supported"),
    (of_band, [2.0, 2.0, 2.0, 0.0], 0.2, "contradicted"),
    (of_change, [1.0, 2.0], 0.2, "supported"),
    (of_change, [0.0, 0.0], 0.1, "contradicted"),
]


@pytest.mark.parametrize(("rule", "truths", "error", "verdict"), TRUE)
def test_what_is_clearly_so_is_found(rule, truths, error, verdict):
    assert shares(rule, truths, 40, error=error).get(verdict, 0) > SURE


@QUICK_AND_SLOW
@pytest.mark.parametrize(
    ("rule", "truths", "wrong"),
    [
        (of_one, [0.0], "supported"),
        (of_one, [0.0], "contradicted"),
        (of_all, [0.0, 3.0, 3.0, 3.0], "supported"),  # one part is just not enough
        (of_all, [0.0, 0.0, 0.0, 0.0], "contradicted"),  # every part is just enough
        (of_two, [3.0, 0.0, 0.0, 0.0], "supported"),  # one task is not two
        (of_two, [0.0, 0.0, 0.0, 0.0], "supported"),
        (of_two, [0.5, 0.5, -1.0, -1.0], "contradicted"),
        (of_band, [1.0, 2.0, 2.0, 2.0], "supported"),
        (of_band, [3.0, 2.0, 2.0, 2.0], "supported"),
        (of_band, [1.0, 1.0, 3.0, 3.0], "contradicted"),
        (of_change, [0.0, 3.0], "supported"),
        (of_change, [0.5, 0.5], "contradicted"),
    ],
)
@pytest.mark.parametrize("seeds", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_at_the_boundary_at_most_five_in_a_hundred_are_wrong(rule, truths, wrong, seeds, sets):
    about = {"error": 0.2, "seeds": seeds, "between": 0.15 if seeds > 1 else 0.0}
    assert shares(rule, truths, sets, **about).get(wrong, 0) <= wrong_at_most(sets)


@pytest.mark.parametrize("rule", [of_one, of_all, of_two, of_band, of_change])
def test_too_little_data_decides_nothing(rule):
    assert shares(rule, [0.6] * 4, 40, error=5.0).get("undecided", 0) >= 1 - 2 * wrong_at_most(40)


class TestMissingParts:
    def parts(self, *truths):
        generator = np.random.default_rng(0)
        return {str(at): measured(generator, truth, 0.1) for at, truth in enumerate(truths)}

    @pytest.mark.parametrize("rule", [of_all, of_band])
    def test_without_all_parts_nothing_is_supported(self, rule):
        assert rule(self.parts(2.0, 2.0, 2.0)).verdict == "undecided"
        assert rule(self.parts(2.0, 2.0, 2.0)).reason == "missing"
        assert rule(self.parts(2.0, 2.0, 2.0, 2.0)).verdict == "supported"

    @pytest.mark.parametrize("rule", [of_all, of_band])
    def test_one_part_that_fails_is_enough_to_contradict(self, rule):
        assert rule(self.parts(2.0, -2.0)).verdict == "contradicted"

    def test_absent_tasks_may_still_support_so_nothing_is_contradicted(self):
        assert of_two(self.parts(0.0, 0.0)).verdict == "undecided"
        assert of_two(self.parts(0.0, 0.0, 0.0, 0.0)).verdict == "contradicted"

    @pytest.mark.parametrize("rule", [of_all, of_two, of_band, of_change])
    def test_nothing_at_all_is_undecided(self, rule):
        assert rule({}).verdict == "undecided"


def test_an_effect_too_small_for_the_words_is_not_decided():
    generator = np.random.default_rng(0)
    parts = {str(at): measured(generator, 0.2, 0.02) for at in range(4)}
    assert of_two(parts).reason == of_change(parts).reason == "trifling"
    assert of_two(parts).verdict == of_change(parts).verdict == "undecided"


def test_what_decides_is_the_weakest_part():
    generator = np.random.default_rng(0)
    parts = {str(at): measured(generator, truth, 0.1) for at, truth in enumerate([3, 2, 1, 3])}
    assert of_all(parts).lead == "2"
    assert of_two(parts).lead == "3" or of_two(parts).lead == "0"


def of(**given):
    """Return parts by name, each ``(found, error)``, of one seed and exact bootstraps."""
    from statistics import NormalDist

    from dlfa.claims.quantities import Drawn

    ranks = (np.arange(2000) + 0.5) / 2000
    normal = np.array([NormalDist().inv_cdf(rank) for rank in ranks])
    return {
        name: Drawn(np.array([float(found)]), (found + error * normal)[None])
        for name, (found, error) in given.items()
    }


class TestTheShownPIsThatOfTheVerdict:
    """Of the part that is shown beside it, against the threshold that it is told with."""

    @pytest.mark.parametrize(
        ("rule", "parts"),
        [
            (of_all, of(a=(0.4, 0.1), b=(1.0, 0.45), c=(2, 0.1), d=(2, 0.1))),  # b: less sure
            (of_two, of(a=(1.0, 0.3), b=(0.5, 0.05), c=(0.0, 1), d=(0.0, 1))),
            (of_two, of(a=(0.2, 0.05), b=(0.0, 0.2), c=(0.0, 0.1), d=(0.0, 0.1))),
            (of_band, of(a=(1.3, 0.1), b=(2.0, 0.45), c=(2, 0.1), d=(2, 0.1))),
            (of_band, of(a=(4.0, 0.1), b=(2.0, 0.1), c=(2, 0.1), d=(2, 0.1))),
            (of_change, of(a=(0.2, 0.05), b=(-0.1, 0.19))),
        ],
    )
    def test_where_there_is_one(self, rule, parts):
        ruled = rule(parts)
        assert ruled.verdict != "undecided"
        lead = parts[ruled.lead]
        tries = len(parts) if ruled.reason == "outside" else 1
        own = ruled.corrected.get(ruled.lead, 0) if ruled.reason == "above" else 0
        assert ruled.p == pytest.approx(max(own, tries * lead.p(ruled.against)))

    @pytest.mark.parametrize("rule", [of_all, of_band])
    def test_what_is_open_is_not_called_unlikely(self, rule):
        """Two parts far on the wrong side of 0, the others missing: no small p of anything."""
        ruled = of_two(of(a=(-0.2, 0.05), b=(-0.2, 0.05)))
        assert (ruled.verdict, ruled.reason, ruled.p) == ("undecided", "missing", 1.0)
        ruled = rule(of(a=(0.9, 0.3), b=(0.9, 0.3), c=(0.4, 3), d=(0.4, 3)))
        assert ruled.verdict == "undecided"
        assert ruled.p > 0.05

    @pytest.mark.parametrize(
        ("rule", "parts"),
        [
            (of_all, of(a=(-0.22, 0.1), b=(2, 0.1), c=(2, 0.1), d=(2, 0.1))),
            (of_band, of(a=(0.78, 0.1), b=(2, 0.1), c=(2, 0.1), d=(2, 0.1))),
        ],
    )
    def test_a_part_that_fails_alone_is_not_said_to_lie_on_either_side(self, rule, parts):
        ruled = rule(parts)
        assert (ruled.verdict, ruled.reason, ruled.lead) == ("undecided", "one_of_many", "a")
        assert ruled.p > 0.05
