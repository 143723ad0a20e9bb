"""The statistics against other libraries and against formulas written out."""

import numpy as np
import pytest


@pytest.fixture
def premises():
    """Forty premises of one to four examples, shuffled."""
    generator = np.random.default_rng(0)
    names = np.repeat(np.arange(40), generator.integers(1, 5, 40)).astype(str)
    return generator.permutation(names)


class TestOtherLibrariesSayTheSame:
    def test_wilson(self):
        from scipy.stats import binomtest
        from statsmodels.stats.proportion import proportion_confint

        from dlfa.analysis.statistics import wilson

        count, n = np.array([0, 1, 7, 19, 20, 812]), np.array([1, 20, 20, 20, 20, 1000])
        found = wilson(count / n, n.astype(float))
        np.testing.assert_allclose(
            found, np.clip(proportion_confint(count, n, method="wilson"), 0, 1), atol=1e-7
        )
        for low, high, k, of in zip(*found, count, n, strict=True):
            interval = binomtest(k, of).proportion_ci(method="wilson")
            assert (low, high) == pytest.approx((interval.low, interval.high), abs=1e-7)

    def test_holm(self):
        from statsmodels.stats.multitest import multipletests

        from dlfa.analysis.statistics import holm

        for seed in range(2):  # it collects garbage each time
            p = np.round(np.random.default_rng(seed).random(22) ** 3, 3)  # with ties
            np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1])

    def test_mcnemar(self):
        from scipy.stats import binomtest
        from statsmodels.stats.contingency_tables import mcnemar as theirs

        from dlfa.analysis.statistics import mcnemar

        first, second = np.meshgrid([0, 1, 5, 30, 200], [0, 2, 5, 41])
        found = mcnemar(first, second)
        for p, a, b in zip(found.ravel(), first.ravel(), second.ravel(), strict=True):
            if a + b:
                assert p == pytest.approx(binomtest(a, a + b).pvalue)
                assert p == pytest.approx(theirs([[9, a], [b, 9]], exact=True).pvalue)
            else:
                assert p == 1


class TestDraws:
    def test_give_the_means_of_what_is_drawn(self, premises):
        from dlfa.analysis.statistics import Draws

        generator = np.random.default_rng(1)
        values = generator.integers(-1, 2, (len(premises), 3))
        groups = generator.integers(-1, 2, len(premises))
        draws = Draws(premises, 50)
        found = draws.means(values, groups)
        names = np.unique(premises)
        for counts, means in zip(draws.counts, found, strict=True):
            rows = np.concatenate(
                [
                    np.flatnonzero(premises == name)
                    for name, count in zip(names, counts, strict=True)
                    for _ in range(count)
                ]
            )
            for group in range(2):
                of_group = rows[groups[rows] == group]
                np.testing.assert_allclose(means[group], values[of_group].mean(0))

    @pytest.mark.parametrize("n", [24, 200])
    def test_vary_as_students_interval_is_wide(self, n):
        from scipy.stats import bootstrap, t

        from dlfa.analysis.statistics import Draws, Z

        values = np.random.default_rng(0).integers(0, 9, (n, 1))
        drawn = Draws(np.arange(n).astype(str), 4000).means(values, np.zeros(n, int))
        expected = values.std(ddof=1) / np.sqrt(n) * t.ppf(0.975, n - 1) / Z
        assert drawn.std() == pytest.approx(expected, rel=0.03)
        plain = Draws(np.arange(n).astype(str), 4000, size=n).means(values, np.zeros(n, int))
        theirs = bootstrap((values[:, 0],), np.mean, n_resamples=4000, rng=0).standard_error
        assert plain.std() == pytest.approx(theirs, rel=0.03)

    def test_are_the_same_in_any_order_and_however_much_fits_into_memory(
        self, premises, monkeypatch
    ):
        from dlfa.analysis import statistics

        values = np.random.default_rng(1).integers(0, 2, (len(premises), 3))
        groups = np.arange(len(premises)) % 2
        order = np.random.default_rng(2).permutation(len(premises))
        found = statistics.Draws(premises, 50).means(values, groups)
        turned = statistics.Draws(premises[order], 50).means(values[order], groups[order])
        np.testing.assert_array_equal(found, turned)
        monkeypatch.setattr(statistics, "CELLS", 90)
        pieces = statistics.Draws(premises, 50).means(values, groups)
        np.testing.assert_array_equal(found, pieces)

    def test_without_an_example_of_a_group_give_the_mean_of_all_of_them(self):
        from dlfa.analysis.statistics import Draws

        draws = Draws(np.array(["a", "b", "b"]), 200)
        found = draws.means(np.array([[1], [0], [1]]), np.array([0, 1, 1]))
        assert (draws.counts[:, 0] == 0).any()
        assert (found[:, 0] == 1).all()
        assert (found[:, 1] == 0.5).all()


class TestWorth:
    def test_of_independent_examples_is_their_number(self):
        from dlfa.analysis.statistics import worth

        hits = np.array([[1, 1], [0, 1], [1, 1], [0, 1]])
        assert worth(hits, np.array(list("abcd"))).tolist() == [4, 4]

    @pytest.mark.parametrize("hard", ["1", ""])
    def test_of_copies_is_that_of_one(self, hard, premises):
        """Where premises that begin so are hard; and where all answers are right."""
        from dlfa.analysis.statistics import worth

        hits = (~np.strings.startswith(premises, hard or "x")).astype(int)[:, None]
        alone = worth(hits, premises)
        assert alone < len(premises)
        np.testing.assert_allclose(worth(np.tile(hits, (3, 1)), np.tile(premises, 3)), alone)
        np.testing.assert_allclose(worth(3 * hits, premises, tries=3), alone)

    def test_of_one_premise_is_one(self):
        from dlfa.analysis.statistics import worth

        hits = np.array([[1, 1], [0, 1], [1, 1]])
        np.testing.assert_allclose(worth(hits, np.array(["a", "a", "a"])), 1)


class TestTango:
    @pytest.mark.parametrize(
        ("b", "c", "n"),
        [(12, 2, 50), (2, 12, 50), (3, 0, 24), (5, 5, 5000), (20, 9, 30)],
    )
    def test_ends_where_the_score_test_rejects(self, b, c, n):
        """With the likeliest table of that difference found by search instead of by formula."""
        from scipy.optimize import minimize_scalar
        from scipy.special import xlogy

        from dlfa.analysis.paired import tango
        from dlfa.analysis.statistics import Z

        for end in tango(*np.array([[b / n], [c / n], [float(n)]]))[:, 0]:

            def unlikely(lost, end=end):
                return -(
                    xlogy(b, lost + end) + xlogy(c, lost) + xlogy(n - b - c, 1 - 2 * lost - end)
                )

            least, most = max(0, -end), (1 - end) / 2
            lost = minimize_scalar(
                unlikely, bounds=(least, most), method="bounded", options={"xatol": 1e-12}
            ).x
            score = (b / n - c / n - end) / np.sqrt((2 * lost + end - end**2) / n)
            assert abs(score) == pytest.approx(Z, abs=1e-3)

    def test_of_one_pair_says_next_to_nothing_and_of_none_that_differs_no_certainty(self):
        from dlfa.analysis.paired import tango

        won, lost, n = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 100]], float)
        low, high = tango(won, lost, n)
        assert low == pytest.approx([-0.587, -1, -0.037], abs=1e-3)
        assert high == pytest.approx([1, 0.587, 0.037], abs=1e-3)


class TestPValues:
    def test_are_never_nought_and_of_no_difference_are_one(self):
        from dlfa.analysis.statistics import p_values

        drawn = np.tile([0.5, 0.0], (999, 1))
        found = p_values(
            drawn + [[0], [1e-3], [-1e-3]] * 333, np.array([0.5, 0]), np.array([90, 0])
        )
        assert found.tolist() == [1 / 1000, 1.0]

    @pytest.mark.parametrize(("differing", "least"), [(1, 1.0), (3, 0.25), (5, 0.0625)])
    def test_of_few_premises_say_no_more_than_their_signs(self, differing, least):
        from scipy.stats import binomtest

        from dlfa.analysis.statistics import p_values

        drawn = np.full((1999, 1), 0.5)
        assert p_values(drawn, np.array([0.5]), np.array([differing])) == least
        assert least == binomtest(0, differing).pvalue


def test_ties_share_the_first_place():
    from dlfa.analysis.statistics import best

    found = best(np.array([[0.5, 0.5, 0.1], [0.1 + 0.2, 0.3, 0.3], [0.0, 0.1, 0.2], [1, 0, 0]]))
    np.testing.assert_allclose(found, np.array([1 / 2 + 1 / 3 + 1, 1 / 2 + 1 / 3, 1 / 3 + 1]) / 4)
