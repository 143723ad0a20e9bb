"""Agreement of translations, kinds of examples, and two runs held against each other."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.analysis.synthetic import LABELS, assert_no_gaps, evaluation, take, varied


def report(run, draws=300):
    from dlfa.analysis.reports import report

    return report(run, draws=draws)


def compare(first, second):
    from dlfa.analysis.reports import compare

    return compare(first, second, ("one", "other"))


@pytest.fixture(scope="module")
def run():
    return varied()


@pytest.fixture(scope="module")
def made(run):
    return report(run)


class TestAgreement:
    def test_counts_equal_answers_of_translations(self, run, made):
        found = made.agreement
        assert (found.languages, found.reference, found.items) == (("de", "en", "sw"), "en", 120)
        order = [np.flatnonzero(run.languages == code) for code in found.languages]
        de, en, sw = (run.answers[rows[np.argsort(run.ids[rows])]] for rows in order)
        np.testing.assert_allclose(found.unanimous, ((de == en) & (en == sw)).mean(0))
        equal = np.array([(de == en).mean(0), (de == sw).mean(0), (en == sw).mean(0)])
        np.testing.assert_allclose(found.pairwise, equal.mean(0))
        ones = np.ones(5)
        np.testing.assert_allclose(found.with_reference, np.array([equal[0], ones, equal[2]]).T)
        assert_no_gaps(found)

    def test_of_independent_answers_is_what_the_control_expects(self):
        draw = np.random.default_rng(0)
        languages = np.repeat(["de", "en", "sw", "th"], 3000)
        gold = np.tile(np.arange(3000) % 3, 4)
        p = draw.dirichlet([1, 1, 1], (4, 3))  # each language confuses in its own way
        of = {code: at for at, code in enumerate("de en sw th".split())}
        answers = np.array(
            [
                draw.choice(3, p=p[of[code], label])
                for code, label in zip(languages, gold, strict=True)
            ]
        )
        ids = np.tile(np.arange(3000), 4)
        run = evaluation(
            np.zeros((12000, 1), bool), ids, ids, languages, gold=gold, answers=answers[:, None]
        )
        found = report(run, 10).agreement
        assert found.pairwise_low[0] <= found.expected[0] <= found.pairwise_high[0]
        twice = replace(run, answers=np.tile(answers[:3000], 4)[:, None])
        assert report(twice, 10).agreement.pairwise[0] == 1

    def test_leaves_out_a_language_without_the_items(self, run):
        rest = (run.languages != "sw") | np.isin(run.ids, ["0", "1", "2"])
        found = report(take(run, rest)).agreement
        assert (found.languages, found.items) == (("de", "en"), 120)

    def test_is_none_without_translations(self, run):
        assert report(take(run, run.languages == "en")).agreement is None
        alone = replace(run, ids=np.arange(len(run.ids)).astype(str))
        assert report(alone).agreement is None

    def test_two_missing_answers_are_not_the_same(self, run):
        missing = replace(run, answers=np.full_like(run.answers, -1))
        found = report(missing).agreement
        assert not found.unanimous.any()
        assert not found.pairwise.any()


class TestSlices:
    def test_sort_every_example_with_a_known_kind(self, run, made):
        tokens, overlap, negation, genre = made.slices
        assert [one.by for one in made.slices] == ["tokens", "overlap", "negation", "genre"]
        assert tokens.bins == ("1-20", "21-30", "31-40", "41-60", "61+")
        assert tokens.n[1] == ((run.tokens >= 21) & (run.tokens <= 30)).sum()
        assert overlap.bins == ("0-25", "25-50", "50-75", "75-100")
        assert overlap.n[3] == (run.overlap >= 0.75).sum()
        assert overlap.n.sum() == (~np.isnan(run.overlap)).sum()
        assert negation.bins == ("no", "yes")
        assert negation.right[2, 1] == run.right[run.negation == 1, 2].sum()
        assert genre.bins == ("fiction", "travel")
        for one in made.slices:
            assert (one.low <= one.share).all()
            assert (one.share <= one.high).all()
            np.testing.assert_allclose(one.difference, one.share - one.share[0])
            assert not one.difference_low[0].any()
            assert_no_gaps(one)

    def test_are_left_out_where_all_examples_are_of_one_kind(self, run):
        uniform = replace(
            run,
            tokens=np.full(360, 12),
            overlap=np.full(360, np.nan),
            negation=np.full(360, -1),
            genres=np.full(360, "news"),
        )
        assert report(uniform).slices == ()

    def test_of_a_thousand_genres_the_most_frequent_are_kept(self, run):
        own = np.where(np.arange(360) % 2, "often", np.char.add("g", np.arange(360).astype(str)))
        genre = report(replace(run, genres=own)).slices[-1]
        assert len(genre.bins) == 20
        assert genre.n[genre.bins.index("often")] == 180

    def test_of_one_example_say_next_to_nothing(self, run):
        tokens = np.where(np.arange(360) == 5, 70, 12)
        answers = np.where(np.arange(5) > 0, run.gold[:, None], 2 - run.gold[:, None])
        answers[5] = [(run.gold[5] + 1) % 3, *[run.gold[5]] * 4]
        found = report(replace(run, tokens=tokens, answers=answers)).slices[0]
        assert found.n.tolist() == [359, 1]
        assert (found.difference[1:, 1] == 1).all()
        assert (found.difference_low[1:, 1] < -0.5).all()

    def test_say_nothing_about_a_baseline_that_was_not_evaluated(self, run):
        alone = replace(run, heads=run.heads[1:], answers=run.answers[:, 1:])
        found = report(alone)
        assert found.differences is None
        assert np.isnan(found.slices[0].difference).all()


class TestCompare:
    @pytest.fixture
    def other(self, run):
        worse = run.answers.copy()
        worse[::4] = (run.gold[::4, None] + 2) % 3
        order = np.random.default_rng(0).permutation(len(run.ids))
        return take(replace(run, answers=worse), order)

    def test_holds_the_same_examples_against_each_other(self, run, other):
        found = compare(run, other)
        assert found.n == 360
        assert found.names == ("one", "other")
        assert found.differences.reference == "other"
        assert found.differences.heads == run.heads
        np.testing.assert_allclose(
            found.differences.by_language, found.first.share - found.second.share
        )
        assert (found.differences.low > 0).all()
        assert set(found.differences.claimed()) == set(run.heads)
        each = take(other, np.lexsort((other.languages, other.ids))).answers
        ours = take(run, np.lexsort((run.languages, run.ids))).answers
        assert found.turned.sum() == (each != ours).sum()

    def test_is_the_opposite_the_other_way_round(self, run, other):
        there, back = compare(run, other), compare(other, run)
        np.testing.assert_allclose(there.differences.average, -back.differences.average)
        np.testing.assert_allclose(there.differences.low, -back.differences.high)
        assert there.differences.p.tolist() == back.differences.p.tolist()

    def test_takes_what_both_have(self, run, other):
        some = take(other, other.languages != "sw")
        some = replace(some, heads=some.heads[:3], answers=some.answers[:, :3])
        found = compare(run, some)
        assert found.n == 240
        assert found.first.languages == ("de", "en")
        assert found.differences.heads == run.heads[:3]

    def test_reads_labels_by_name(self, run):
        turned = replace(
            run,
            labels=(*LABELS[1:], LABELS[0]),
            gold=(run.gold + 2) % 3,
            answers=(run.answers + 2) % 3,
        )
        found = compare(run, turned)
        assert not found.turned.any()
        assert not found.differences.average.any()

    def test_keeps_missing_answers_missing(self, run):
        missing = np.where(np.arange(360)[:, None] < 9, -1, run.answers)
        found = compare(run, replace(run, answers=missing))
        assert found.turned.sum() == 9 * 5

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda run: replace(run, ids=np.char.add("x", run.ids)),
            lambda run: replace(run, heads=tuple(f"D_{at}_aff" for at in (5, 6, 7, 9, 10))),
            lambda run: replace(run, labels=("a", "b", "c")),
            lambda run: replace(run, settings={"task": "xnli", "split": "validation"}),
        ],
        ids=["ids", "heads", "labels", "split"],
    )
    def test_refuses_what_has_nothing_in_common(self, run, spoil):
        from dlfa.errors import RunError

        with pytest.raises(RunError, match="in common"):
            compare(run, spoil(run))

    def test_takes_no_other_file_for_the_same(self, run):
        """Rows of own files are called 1, 2, 3 in each of them."""
        from dlfa.errors import RunError

        def own(**settings):
            return replace(run, settings={"task": "xnli", "split": "own"} | settings)

        assert compare(own(data="a1"), own(data="a1")).n == 360
        for first, second in ((own(data="a1"), own(data="b2")), (own(), own())):
            with pytest.raises(RunError, match="not on the same examples"):
                compare(first, second)

    @pytest.mark.parametrize(("others", "refused"), [(7, False), (8, True), (360, True)])
    def test_leaves_out_examples_with_another_label_if_they_are_few(self, run, others, refused):
        from dlfa.errors import RunError

        other = replace(run, gold=np.where(np.arange(360) < others, (run.gold + 1) % 3, run.gold))
        if refused:
            with pytest.raises(RunError, match="not on the same examples"):
                compare(run, other)
        else:
            assert compare(run, other).n == 360 - others
