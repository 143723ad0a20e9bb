"""The paper's tables out of records: known answers, and what is said where something is missing."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.analysis import grids
from tests.unit.analysis.tagger import guessed

DRAWS = 300


def tabled(*evaluations, kind="paper", records=None):
    from dlfa.analysis.tables import tabled

    return tabled(records or grids.sources(*evaluations), evaluations, kind, draws=DRAWS)


def accuracy(evaluation, head, *languages):
    """The mean over languages, counted here."""
    right = evaluation.right[:, evaluation.heads.index(head)]
    each = [right[evaluation.languages == code].mean() for code in languages or grids.LANGUAGES]
    return float(np.mean(each))


class TestKnownAnswers:
    def test_values_and_differences_are_means_over_seeds_and_languages(self):
        runs = [grids.run(seed) for seed in range(3)]
        found = tabled(*runs)
        for head in ("D_1", "D_2", "D_3"):
            cell = found.at("average", head)
            own = [accuracy(run, head) - accuracy(run, "baseline") for run in runs]
            assert found.value[cell] == pytest.approx(
                np.mean([accuracy(run, head) for run in runs])
            )
            assert found.difference[cell] == pytest.approx(np.mean(own))
            assert found.between[cell] == pytest.approx(np.std(own, ddof=1))
            assert found.low[cell] < found.difference[cell] < found.high[cell]

    def test_a_large_effect_stands_a_small_one_does_not_and_the_baseline_has_none(self):
        found = tabled(*[grids.run(seed) for seed in range(6)])
        assert found.claimed() == ("D_1", "D_3")
        assert np.isnan(found.difference[:, 0]).all()
        assert found.fused == ("D_1", "D_2", "D_3")

    def test_what_a_seed_adds_to_all_its_heads_changes_no_difference(self):
        """The difference is to the own baseline."""
        run = grids.run()
        same = replace(run, settings={**run.settings, "seed": 1})
        found = tabled(run, same)
        one = tabled(run)
        np.testing.assert_allclose(found.difference, one.difference)
        np.testing.assert_allclose(found.between[:, 1:], 0, atol=1e-12)

    def test_holm_corrects_over_the_heads_of_each_group(self):
        from statsmodels.stats.multitest import multipletests

        found = tabled(grids.run(), grids.run(1))
        for row in range(len(found.groups)):
            expected = multipletests(found.p[row, 1:], method="holm")[1]
            np.testing.assert_allclose(found.p_holm[row, 1:], expected)
        assert np.isnan(found.p_holm[:, 0]).all()

    def test_one_seed_says_what_the_page_evaluate_says(self):
        from dlfa.analysis.reports import report

        run = grids.run()
        found, said = tabled(run), report(run, draws=DRAWS).differences
        row = found.groups.index("average")
        assert said is not None
        for ours, theirs in (("difference", "average"), ("low", "low"), ("high", "high")):
            np.testing.assert_allclose(getattr(found, ours)[row, 1:], getattr(said, theirs))
        np.testing.assert_allclose(found.p[row, 1:], said.p)
        np.testing.assert_allclose(found.p_holm[row, 1:], said.p_holm)
        at = [found.groups.index(code) for code in said.languages]
        np.testing.assert_allclose(found.difference[at][:, 1:].T, said.by_language)
        np.testing.assert_allclose(found.low[at][:, 1:].T, said.language_low)

    def test_tagged_words_too(self):
        from dlfa.analysis.reports import report

        run = guessed(0)
        record = grids.source(run.heads, task="ner", split="validation")
        found, said = tabled(run, records=[record]), report(run, draws=DRAWS).differences
        assert said is not None
        assert (found.metric, found.split) == ("f1", "validation")
        np.testing.assert_allclose(found.difference[0, 1:], said.average)
        np.testing.assert_allclose([found.low[0, 1:], found.high[0, 1:]], [said.low, said.high])
        np.testing.assert_allclose(found.p[0, 1:], said.p)

    def test_more_seeds_say_the_same_whatever_their_order(self):
        runs = [grids.run(seed) for seed in range(3)]
        one, other = tabled(*runs), tabled(*runs[::-1])
        np.testing.assert_array_equal(one.difference, other.difference)
        np.testing.assert_array_equal(one.p, other.p)
        assert [source.seed for source in other.sources] == [0, 1, 2]


class TestGroups:
    def test_are_english_with_german_and_all_others(self):
        run = grids.run()
        found = tabled(run)
        for group, codes in {"enf": ("en", "de"), "noenf": grids.LANGUAGES[2:]}.items():
            cell = found.at(group, "D_1")
            own = accuracy(run, "D_1", *codes) - accuracy(run, "baseline", *codes)
            assert found.difference[cell] == pytest.approx(own)
            assert found.value[cell] == pytest.approx(accuracy(run, "D_1", *codes))

    def test_one_of_which_a_language_is_missing_is_not_guessed(self):
        run = grids.only(grids.run(), "en", "es", "fr", "ja", "ko", "zh")
        found = tabled(run)
        assert "enf" not in found.groups
        assert found.at("enf", "D_1") is None
        assert found.absent == ("de",)
        assert found.at("noenf", "D_1") is not None

    def test_one_language_is_enough(self):
        found = tabled(grids.only(grids.run(), "sw", "en"))
        assert found.groups == ("average", "en")
        np.testing.assert_array_equal(found.difference[0], found.difference[1])
        assert len(found.absent) == len(grids.LANGUAGES) - 1


class TestMissingCells:
    def test_a_head_without_a_seed_stands_on_the_others_and_is_named(self):
        runs = grids.run(0), grids.without(grids.run(1), "D_2"), grids.run(2)
        found = tabled(*runs)
        assert ("D_2", 1) in found.missing
        assert dict(zip(found.heads, found.seeds.tolist(), strict=True))["D_2"] == 2
        cell = found.at("average", "D_2")
        alone = tabled(runs[0], runs[2])
        other = alone.at("average", "D_2")
        assert found.difference[cell] == pytest.approx(alone.difference[other])
        assert found.low[cell] == pytest.approx(alone.low[other])

    def test_a_head_that_no_seed_has_is_no_column_but_named(self):
        found = tabled(grids.without(grids.run(), "D_2"))
        assert found.at("average", "D_2") is None
        assert {head for head, _seed in found.missing} == {
            "D_2",
            *(f"D_{layer}" for layer in range(4, 12)),
        }

    def test_a_baseline_alone_has_a_value_and_no_difference(self):
        run = grids.run(levels=(0.4,))
        found = tabled(run)
        assert found.heads == ("baseline",)
        assert found.fused == found.claimed() == ()
        assert found.value[0, 0] == pytest.approx(accuracy(run, "baseline"))
        assert found.choice is None

    def test_without_any_baseline_it_says_what_to_do(self):
        from dlfa.errors import RunError

        with pytest.raises(RunError, match="--heads all"):
            tabled(grids.without(grids.run(), "baseline"))

    def test_a_seed_with_other_examples_is_left_out_and_named(self):
        other = replace(grids.run(1), ids=np.char.add(grids.run(1).ids, "x"))
        found = tabled(grids.run(0), other)
        assert found.unlike == (1,)
        assert [source.seed for source in found.sources] == [0]
        np.testing.assert_array_equal(found.difference, tabled(grids.run(0)).difference)

    def test_the_other_reading_of_the_gate_is_apart(self):
        run = grids.run()
        both = replace(run, heads=("baseline", "D_1", "D_1_aff", "D_2_aff"))
        assert tabled(both).heads == ("baseline", "D_1")
        assert tabled(both, kind="aff").heads == ("baseline", "D_1_aff", "D_2_aff")


class TestChoice:
    def test_validation_chooses_one_and_the_test_another(self):
        runs = grids.run(0), grids.run(1)
        records = [
            grids.validated(one, D_3=0.9, D_1=0.6 + 0.35 * (one.seed == 1))
            for one in grids.sources(*runs)
        ]
        taken = tabled(*runs, records=records).choice
        assert taken is not None
        assert taken.chosen == ("D_3", "D_1")
        assert taken.chosen_by_mean == "D_3"  # 0.9 against 0.775
        assert taken.best == "D_1"
        assert taken.best_by_seed == ("D_1", "D_1")
        assert taken.heads == ("D_1", "D_2", "D_3")

    def test_shares_of_draws_and_of_seeds_sum_to_one_and_a_clear_best_has_most(self):
        taken = tabled(*[grids.run(seed) for seed in range(3)]).choice
        assert taken is not None
        assert taken.draws.sum() == pytest.approx(1)
        assert taken.shares.tolist() == [1, 0, 0]
        assert taken.draws[0] > 0.95

    def test_equal_layers_share(self):
        run = grids.run()
        answers = run.answers.copy()
        answers[:, 2] = answers[:, 3] = answers[:, 1]
        taken = tabled(replace(run, answers=answers)).choice
        assert taken is not None
        np.testing.assert_allclose(taken.draws, 1 / 3)
        np.testing.assert_allclose(taken.shares, 1 / 3)
        assert taken.best == "D_1"  # of equals the lowest layer

    def test_what_validation_says_is_not_guessed(self):
        runs = grids.run(0), grids.run(1)
        first, second = grids.sources(*runs)
        taken = tabled(*runs, records=[grids.validated(first, D_2=0.9), second]).choice
        assert taken is not None
        assert taken.chosen == ("D_2", "")
        assert taken.chosen_by_mean == ""
        assert np.isnan(taken.validation[1]).all()

    def test_a_head_that_a_seed_lacks_is_no_choice(self):
        taken = tabled(grids.run(0), grids.without(grids.run(1), "D_1")).choice
        assert taken is not None
        assert taken.heads == ("D_2", "D_3")
