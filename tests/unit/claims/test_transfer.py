"""Claims 2, 3, 5, 6 and 7 on records whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from dlfa.claims.best_layers import candidates
from dlfa.claims.curve import _bent, equilibrium, quadratic
from dlfa.claims.gains import gains, of_part, with_seeds
from dlfa.claims.layer_sets import different_layers
from dlfa.claims.transfer import best_gain, every_task, supplement
from tests.unit.claims.evaluations import FLAT, bent, evidence, four, run, runs_of

BETTER = (0.3, *(0.9,) * 11)
WORSE = (0.6, *(0.2,) * 11)
ONE_BETTER = (0.3, *(0.3,) * 7, 1.2, *(0.3,) * 3)  # D_8
OTHER_BETTER = (0.3, 0.3, 1.2, *(0.3,) * 9)  # D_2


class TestATrueEffect:
    @pytest.mark.parametrize("judge", [supplement, every_task])
    def test_is_supported(self, judge, tmp_path):
        assert judge(four(BETTER, tmp_path)).verdict == "supported"

    @pytest.mark.parametrize("judge", [supplement, every_task, best_gain])
    def test_that_goes_the_other_way_is_contradicted(self, judge, tmp_path):
        assert judge(four(WORSE, tmp_path)).verdict == "contradicted"

    def test_in_one_task_is_not_in_two(self, tmp_path):
        levels = {"xnli": BETTER, "paws-x": FLAT, "ner": FLAT, "pos": FLAT}
        assert supplement(four(levels, tmp_path)).verdict == "undecided"

    def test_of_a_curve_with_a_top_inside(self, tmp_path):
        assert equilibrium(four(bent(), tmp_path, premises=200)).verdict == "supported"

    def test_of_a_curve_that_is_hollow(self, tmp_path):
        assert equilibrium(four(bent(0.5, -0.6), tmp_path)).verdict == "contradicted"

    def test_of_a_curve_that_only_climbs(self, tmp_path):
        levels = (0.0, *np.linspace(-1.5, 2.0, 11))
        found = equilibrium(four(levels, tmp_path))
        assert found.verdict == "contradicted"
        assert found.why[0].key == "claims.why.edge"

    def test_of_different_best_layers(self, tmp_path):
        levels = {"xnli": ONE_BETTER, "paws-x": OTHER_BETTER, "ner": FLAT, "pos": FLAT}
        assert different_layers(four(levels, tmp_path)).verdict == "supported"

    def test_of_one_same_best_layer(self, tmp_path):
        found = different_layers(four(ONE_BETTER, tmp_path))
        assert found.verdict == "contradicted"
        assert found.p > 0

    def test_in_several_seeds_is_supported_too(self, tmp_path):
        found = supplement(four(BETTER, tmp_path, seeds=(0, 1, 2)))
        assert found.verdict == "supported"
        assert "claims.why.one_seed" not in {why.key for why in found.why}


class TestNoEffect:
    @pytest.mark.parametrize("judge", [supplement, every_task, equilibrium, different_layers])
    def test_is_not_supported(self, judge, tmp_path):
        assert judge(four(FLAT, tmp_path)).verdict != "supported"

    @pytest.mark.parametrize("sets", [12, pytest.param(150, marks=pytest.mark.slow)])
    def test_the_best_of_eleven_gains_nothing_on_the_other_half(self, sets):
        """Where all layers are the baseline's equals, the winner's curse would show some points."""
        from dlfa.claims.choosing import crossed

        found = [crossed([run(FLAT, seed=at)], english=False, draws=100) for at in range(sets)]
        gain = np.array([one.gain.value for one in found])
        best = [gains([run(FLAT, seed=at)], 2).found.max() for at in range(sets)]
        assert abs(gain.mean()) < 3 * gain.std(ddof=1) / np.sqrt(sets)
        assert np.mean(best) > 2

    @pytest.mark.slow
    def test_two_tasks_of_equal_layers_have_different_best_ones_in_five_of_a_hundred(self):
        from dlfa.claims.layer_sets import _different

        wrong = 0
        for at in range(200):
            sets = {
                name: candidates(gains([run(FLAT, seed=1000 * place + at, premises=80)], 400))
                for place, name in enumerate(("xnli", "paws-x"))
            }
            wrong += _different(sets, list(range(1, 12)), whole=True).verdict == "supported"
        assert wrong / 200 <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 200)


class TestWhatIsMissing:
    @pytest.mark.parametrize("judge", [every_task, best_gain])
    def test_a_task_leaves_it_open_and_is_named(self, judge, tmp_path):
        whole = four(BETTER if judge is every_task else FLAT, tmp_path)
        less = replace(whole, runs={name: whole.runs[name] for name in ("xnli", "ner")})
        found = judge(less)
        if judge is every_task:
            assert found.verdict == "undecided"
        (said,) = [why for why in found.why if why.key == "claims.why.tasks"]
        assert said.params["tasks"] == "PAWS-X, POS"
        assert "PAWS-X, POS" in str(said)

    @pytest.mark.parametrize(
        "judge", [supplement, equilibrium, every_task, best_gain, different_layers]
    )
    def test_everything_leaves_it_open(self, judge):
        found = judge(evidence({}))
        assert found.verdict == "undecided"
        assert all(str(why) for why in found.why)

    def test_layers_leave_the_curve_open(self, tmp_path):
        few = evidence({"xnli": runs_of([run(FLAT[:4])], tmp_path)})
        found = equilibrium(few)
        assert found.verdict == "undecided"
        assert found.why[1].params == {"found": 3, "least": 5}

    def test_one_seed_and_one_language_are_said(self, tmp_path):
        found = supplement(evidence({"xnli": runs_of([run(BETTER, languages=("en",))], tmp_path)}))
        assert {"claims.why.one_seed", "claims.why.one_language"} <= {why.key for why in found.why}

    def test_heads_that_hardly_differ_are_not_judged(self, tmp_path):
        one = run(FLAT)
        same = replace(one, answers=np.repeat(one.answers[:, :1], 12, axis=1))
        found = supplement(evidence({"xnli": runs_of([same], tmp_path)}))
        assert found.verdict == "undecided"
        assert "claims.why.few" in {why.key for why in found.why}


class TestALayerThatNobodyTrained:
    """A store of D_1 to D_4 alone, as of a sweep of a few heads."""

    @pytest.mark.parametrize("judge", [supplement, every_task, best_gain])
    def test_may_be_the_one_that_helps_so_nothing_is_contradicted(self, judge, tmp_path):
        found = judge(four((1.5, *(0.2,) * 4), tmp_path))
        assert (found.verdict, found.why[0].key) == ("undecided", "claims.why.missing")
        assert not np.isfinite(found.p)
        (said,) = [why for why in found.why if why.key == "claims.why.some_layers"]
        assert "D_1, D_2, D_3, D_4 of D_1 to D_11" in str(said)

    def test_is_not_needed_where_the_others_help(self, tmp_path):
        assert supplement(four(BETTER[:5], tmp_path)).verdict == "supported"

    @pytest.mark.parametrize("others", [OTHER_BETTER[:9], ONE_BETTER[:9]])
    def test_may_be_the_best_in_all_tasks(self, others, tmp_path):
        levels = {"xnli": ONE_BETTER[:9], "paws-x": others, "ner": others, "pos": others}
        found = different_layers(four(levels, tmp_path))
        assert (found.verdict, found.why[0].key) == ("undecided", "claims.why.subset")

    def test_of_one_task_is_left_out_in_the_other(self, tmp_path):
        """D_8 is the best of one task; that the other has no D_8 does not make them differ."""
        levels = {"xnli": ONE_BETTER, "paws-x": FLAT[:8], "ner": FLAT[:8], "pos": FLAT[:8]}
        found = different_layers(four(levels, tmp_path))
        assert found.why[0].key == "claims.why.overlap"
        assert found.parts[0].estimate < 0.95

    def test_may_be_the_top_of_a_curve_without_its_end(self, tmp_path):
        climbing = (0.0, *np.linspace(-1.5, 2.0, 11))
        found = equilibrium(four(climbing[:8], tmp_path))
        assert (found.verdict, found.why[0].key) == ("undecided", "claims.why.missing")


class TestATaskThatNothingLearned:
    def runs(self, tmp_path, share):
        """Heads that guess at random, or see the gold label in this share of the pairs."""
        one, draw = run(FLAT), np.random.default_rng(0)
        guessed = draw.integers(0, 3, one.answers.shape)
        seen = draw.random(one.answers.shape) < share
        answers = np.where(seen, one.gold[:, None], guessed)
        return evidence({"xnli": runs_of([replace(one, answers=answers)], tmp_path)})

    def test_is_not_compared(self, tmp_path):
        found = supplement(self.runs(tmp_path, 0.0))
        assert not found.parts
        assert "claims.why.untaught" in {why.key for why in found.why}

    def test_is_compared_once_it_is_learned(self, tmp_path):
        found = supplement(self.runs(tmp_path, 0.4))
        assert found.parts
        assert "claims.why.untaught" not in {why.key for why in found.why}


class TestTheTopOfACurve:
    def bend(self):
        from dlfa.claims.quantities import Drawn

        draws = -2 + 0.1 * np.random.default_rng(0).normal(size=(1, 2000))
        return Drawn(np.array([-2.0]), draws)  # surely down

    def test_is_no_surer_than_that_it_is_inside(self):
        ruled = _bent(self.bend(), 0.96, 0.04)
        assert (ruled.verdict, ruled.p) == ("supported", pytest.approx(0.04))

    def test_an_end_has_to_be_surer_for_there_are_two_ways_to_contradict(self):
        assert _bent(self.bend(), 0.04, 0.96).verdict == "undecided"
        ruled = _bent(self.bend(), 0.01, 0.99)
        assert (ruled.verdict, ruled.p) == ("contradicted", pytest.approx(0.02))

    def test_no_share_of_draws_has_a_p_of_zero(self):
        assert _bent(self.bend(), 1.0, 0.0).p > 0


class TestParts:
    def test_a_part_of_tagged_sentences_is_theirs(self):
        from tests.unit.analysis.tagger import guessed

        whole = guessed(0)
        rows = np.arange(len(whole.ids)) % 2 == 0
        some = of_part(whole, rows)
        assert len(some.gold) == some.sizes.sum() == whole.sizes[rows].sum()
        ends = np.cumsum(whole.sizes)
        first = whole.gold[: ends[0]]
        np.testing.assert_array_equal(some.gold[: len(first)], first)

    def test_languages_count_alike(self):
        one = run((0.3, 0.9), languages=("en", "sw"))
        rows = (one.languages == "en") | (np.arange(len(one.ids)) % 4 == 1)
        uneven = gains([of_part(one, rows)], 2).found[0, 0]
        right = of_part(one, rows).right.astype(float)
        languages = of_part(one, rows).languages
        each = [np.diff(right[languages == code].mean(0))[0] for code in ("en", "sw")]
        assert uneven == pytest.approx(100 * np.mean(each))


class TestSeeds:
    @pytest.mark.parametrize("seeds", [2, 3])
    def test_of_few_the_set_misses_the_best_layer_five_times_in_a_hundred(self, seeds):
        """Eleven layers, all the same, that training seeds move far more than examples do."""
        from dlfa.claims.gains import Gains

        draw, missed = np.random.default_rng(0), 0
        for _set in range(300):
            found = 2 * draw.normal(size=(seeds, 11))
            drawn = found[:, None] + 0.3 * draw.normal(size=(1, 50, 11))
            one = Gains(tuple(range(1, 12)), found, drawn, 100, "premises", 100)
            missed += 1 not in candidates(one).likely(0.05)
        assert missed / 300 <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 300)

    @pytest.mark.parametrize("how", ["validation", "halves"])
    def test_a_layer_whose_trainings_went_well_is_not_too_good(self, how, monkeypatch):
        """Seeds move every layer by 4 points, on validation and test alike; no layer is better."""
        from dlfa.claims import choosing
        from dlfa.claims.gains import Gains

        draw, found, curse = np.random.default_rng(0), [], []
        for _set in range(200):
            seeds = 4 * draw.normal(size=(3, 11))
            still = np.repeat(seeds[:, None], 5, axis=1)
            one = Gains(tuple(range(1, 12)), seeds, still, 100, "premises", 100)
            if how == "validation":
                chosen = choosing.by_validation(
                    one, dict(zip(one.layers, seeds.T.tolist(), strict=True))
                )
            else:
                monkeypatch.setattr(choosing, "gains", lambda runs, draws, one=one: one)
                chosen = choosing.crossed([run(FLAT, premises=4)] * 3, english=False, draws=5)
            found.append(chosen.gain.value)
            curse.append(seeds.mean(axis=0).max())
        assert abs(np.mean(found)) < 3 * np.std(found) / np.sqrt(200)
        assert np.mean(curse) > 3

    def test_draws_are_as_wide_as_the_seeds_are_apart(self):
        one = gains([run((0.3, 0.9, 0.5), seed=0)], 2000)
        spread = np.array([-4.0, 0.0, 4.0])[:, None] * np.array([1.0, 2.0])
        several = replace(one, found=one.found + spread, drawn=one.drawn + spread[:, None])
        wide = with_seeds(several, np.random.default_rng(0)).std(axis=0)
        assert (wide > one.drawn[0].std(axis=0) + np.array([1, 3])).all()

    def test_the_bend_of_a_line_is_nothing(self):
        layers = tuple(range(1, 12))
        assert quadratic(layers) @ np.arange(11.0) == pytest.approx(0, abs=1e-9)
        assert quadratic(layers) @ -((np.arange(11) - 5.0) ** 2) < 0
