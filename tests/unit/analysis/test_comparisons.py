"""Shares with their intervals, and two heads on the same pairs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def proportion(count, n):
    from dlfa.analysis.comparisons import proportion

    return proportion(count, n)


def contest(first, second):
    from dlfa.analysis.comparisons import contest

    return contest(first, second)


class TestWilson:
    @pytest.mark.parametrize(
        ("count", "n", "low", "high"),
        # Newcombe 1998, Statistics in Medicine 17, table I, method 3
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)],
    )
    def test_gives_the_published_intervals(self, count, n, low, high):
        found = proportion(count, n)
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)
        assert found.share == count / n

    def test_of_nothing_says_nothing(self):
        found = proportion(0, 0)
        assert (found.low, found.high) == (0.0, 1.0)
        assert np.isnan(found.share)

    @settings(deadline=None)  # the first example imports
    @given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_holds_the_share_and_stays_a_share(self, drawn):
        count, n = drawn
        found = proportion(count, n)
        assert -1e-12 <= found.low <= count / n + 1e-12
        assert count / n - 1e-12 <= found.high <= 1 + 1e-12

    def test_more_than_all_is_a_mistake(self):
        with pytest.raises(ValueError, match="3 of 2"):
            proportion(3, 2)


class TestMcNemar:
    def test_is_the_binomial_test_of_those_that_are_right_alone(self):
        from scipy.stats import binomtest

        first = [True] * 30 + [True] * 9 + [False] * 2 + [False] * 7
        second = [True] * 30 + [False] * 9 + [True] * 2 + [False] * 7
        found = contest(first, second)
        counts = found.both, found.first_only, found.second_only, found.neither
        assert counts == (30, 9, 2, 7)
        assert found.n == 48
        assert found.p == pytest.approx(binomtest(2, 11, 0.5).pvalue)
        assert found.p == pytest.approx(2 * sum([1, 11, 55]) / 2**11)  # by hand

    @settings(deadline=None)  # the first example imports
    @given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
    def test_does_not_care_who_is_called_a(self, rows):
        first, second = zip(*rows, strict=True)
        assert contest(first, second).p == pytest.approx(contest(second, first).p)

    def test_two_that_are_never_right_alone_do_not_differ(self):
        assert contest([True, False], [True, False]).p == 1.0


class TestDuel:
    @pytest.fixture
    def answers(self):
        from dlfa.results import Prediction
        from tests.unit.figures.samples import provenance

        def make(head, labels):
            return [
                Prediction(
                    head=head,
                    probabilities=np.eye(3, dtype=np.float32)["enc".index(label)],
                    labels=("entailment", "neutral", "contradiction"),
                    tokens=9,
                    truncated=False,
                    provenance=provenance(),
                )
                for label in labels
            ]

        return make

    def test_counts_every_pair_once_and_lists_those_that_differ(self, answers):
        from dlfa.analysis.comparisons import duel

        found = duel(
            answers("baseline", "eenc"), answers("D_8", "encc"), [""] * 4, ("baseline", "D_8")
        )
        assert found.n == 4
        assert found.differ == (1, 2)
        assert found.counts.tolist() == [[1, 1, 0], [0, 0, 1], [0, 0, 1]]
        assert found.contest is None

    def test_only_pairs_with_a_known_label_enter_the_contest(self, answers):
        from dlfa.analysis.comparisons import duel

        gold = ["entailment", "", "neutral"]
        found = duel(answers("baseline", "een"), answers("D_8", "cen"), gold, ("a", "b"))
        assert found.contest is not None
        assert (found.contest.n, found.contest.first_only, found.contest.both) == (2, 1, 1)

    def test_needs_pairs_and_as_many_answers_of_each(self, answers):
        from dlfa.analysis.comparisons import duel

        for first, second in (("", ""), ("e", "en")):
            with pytest.raises(ValueError, match="one answer of each"):
                duel(answers("a", first), answers("b", second), [""] * len(first), ("a", "b"))
