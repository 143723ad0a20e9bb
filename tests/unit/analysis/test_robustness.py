"""Robustness: known drops are found exactly, no change is no loss, and a kill costs nothing."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.analysis.synthetic import varied

HEADS = ("baseline", "D_3", "D_8")
SOME = ("typos", "upper", "negated", "swapped", "shuffled")


def perturbed(clean, answers=None, **given):
    """The run over perturbed examples in which some answers are others."""
    return replace(clean, answers=clean.answers if answers is None else answers, **given)


def effects(clean, **runs):
    from dlfa.analysis.robust_effects import robustness_of

    return robustness_of(clean, runs, {}, draws=200)


def broken(clean, column: int, every: int = 4):
    """Every fourth right answer of one head is wrong; return the answers and which ones."""
    answers = clean.answers.copy()
    hit = clean.right[:, column] & (np.arange(len(clean.ids)) % every == 0)
    answers[hit, column] = (clean.gold[hit] + 1) % 3
    return answers, hit


class TestEffects:
    def test_a_model_that_ignores_a_perturbation_shows_no_drop_and_no_flip(self):
        clean = varied()
        found = effects(clean, typos=perturbed(clean), identity=perturbed(clean))
        for effect in (found.drop, found.flips):
            assert (effect.average == 0).all()
            assert (effect.by_language == 0).all()
        assert found.control == 0
        assert not (found.drop.p_holm[0] < 0.05).any()
        assert np.isnan(found.drop.p_holm[1]).all()  # the control is no test

    def test_one_that_breaks_shows_exactly_the_known_drop(self):
        clean = varied()
        answers, hit = broken(clean, 2)
        found = effects(clean, typos=perturbed(clean, answers))
        for at, code in enumerate(found.languages):
            known = hit[clean.languages == code].mean()
            assert found.drop.by_language[0, 2, at] == pytest.approx(known)
            assert found.flips.by_language[0, 2, at] == pytest.approx(known)
        assert found.drop.average[0, 2] == pytest.approx(found.drop.by_language[0, 2].mean())
        assert found.drop.low[0, 2] <= found.drop.average[0, 2] <= found.drop.high[0, 2]
        assert found.drop.low[0, 2] > 0
        assert found.drop.p_holm[0, 2] < 0.05
        others = [0, 1, 3, 4]
        assert (found.drop.average[0, others] == 0).all()

    def test_a_heads_loss_beyond_the_baselines_is_the_difference_of_their_drops(self):
        clean = varied()
        answers, _hit = broken(clean, 2)
        answers[:, 0] = broken(clean, 0, every=3)[0][:, 0]
        found = effects(clean, typos=perturbed(clean, answers))
        known = found.drop.average[0] - found.drop.average[0, 0]
        np.testing.assert_allclose(found.extra.average[0, 1:], known[1:], atol=1e-12)
        assert np.isnan(found.extra.average[0, 0])
        assert (found.extra.low[0, 1:] <= known[1:]).all()
        assert (known[1:] <= found.extra.high[0, 1:]).all()

    def test_of_many_tests_a_clear_effect_still_stands(self):
        clean = varied()
        answers = np.repeat(((clean.gold + 1) % 3)[:, None], 5, axis=1)
        names = ("typos", "keys", "upper", "lower", "marked", "names", "numbers", "switched")
        found = effects(clean, **{name: perturbed(clean, answers) for name in names})
        assert (found.drop.p_holm < 0.05).all()  # 40 tests of which 200 draws know p = 0.005

    def test_only_examples_that_were_perturbed_count_before_and_after(self):
        clean = varied()
        rows = np.flatnonzero(clean.languages != "sw")[::3]
        found = effects(clean, typos=perturbed(clean).part(rows))
        at = found.languages.index("sw")
        assert found.handled[0, at] == 0
        assert np.isnan(found.drop.by_language[0, :, at]).all()
        other = found.languages.index("en")
        mine = clean.part(rows)
        known = mine.right[mine.languages == "en"].mean(0)
        np.testing.assert_allclose(found.clean.by_language[0, :, other], known)
        assert np.isfinite(found.drop.average).all()  # over the languages that have some

    def test_the_order_of_the_examples_is_nothing(self):
        clean = varied()
        answers, _hit = broken(clean, 1)
        after = perturbed(clean, answers)
        order = np.random.default_rng(5).permutation(len(clean.ids))
        one, other = effects(clean, typos=after), effects(clean, typos=after.part(order))
        np.testing.assert_array_equal(one.drop.by_language, other.drop.by_language)
        np.testing.assert_allclose(one.drop.low, other.drop.low)


class TestBehaviour:
    def test_a_head_that_turns_as_it_should_passes_and_one_that_does_not_fails(self):
        clean = varied()
        turned = np.array([2, 1, 0])[clean.gold]  # entailment and contradiction change places
        answers = np.repeat(clean.gold[:, None], 5, axis=1)
        answers[:, 1] = turned
        found = effects(clean, negated=perturbed(clean, answers))
        neutral = [(clean.gold[clean.languages == code] == 1).mean() for code in found.languages]
        assert (found.after.by_language[0, 1] == 1).all()
        np.testing.assert_allclose(found.after.by_language[0, 0], neutral)
        assert 0 < found.after.low[0, 1] < 1 == found.after.high[0, 1]  # never certain

    def test_two_answers_may_be_right(self):
        clean = varied()
        answers = np.tile([0, 1, 2, 0, 1], (len(clean.ids), 1))
        found = effects(clean, parted=perturbed(clean, answers))
        assert found.judged.sum() == (clean.gold == 0).sum()
        np.testing.assert_array_equal(found.after.average[0], [0, 1, 1, 0, 1])

    def test_where_nobody_can_tell_only_flips_are_told(self):
        clean = varied()
        answers, _hit = broken(clean, 1)
        found = effects(clean, shuffled=perturbed(clean, answers))
        assert np.isnan(found.drop.average).all()
        assert np.isnan(found.after.average).all()
        assert found.flips.average[0, 1] > 0
        assert found.judged.sum() == 0
        assert found.handled.sum() == len(clean.ids)

    def test_an_answer_without_numbers_is_never_right(self):
        clean = varied()
        found = effects(clean, typos=perturbed(clean, np.full_like(clean.answers, -1)))
        assert (found.after.average == 0).all()


class TestFlips:
    def test_the_surest_wrong_turn_comes_first(self):
        from dlfa.analysis.robust_examples import flips_of

        clean = varied()
        draw = np.random.default_rng(2)

        def sure(answers):
            shares = draw.dirichlet([1, 1, 1], answers.shape)
            shares = np.sort(shares, axis=-1)[..., ::-1]
            found = np.empty_like(shares)
            for place in range(3):
                np.put_along_axis(
                    found, ((answers + place) % 3)[..., None], shares[..., [place]], axis=-1
                )
            return found

        answers, hit = broken(clean, 1)
        before = replace(clean, probabilities=sure(clean.answers))
        after = replace(clean, answers=answers, probabilities=sure(answers))
        found = flips_of(before, after, "typos", clean.heads[1])
        assert len(found) == hit.sum()
        shares = [flip.sure_after for flip in found]
        assert shares == sorted(shares, reverse=True)
        assert all(flip.before == flip.gold != flip.after for flip in found)
        assert flips_of(before, before, "typos", clean.heads[1]) == ()


@pytest.fixture
def suite(tiny_predictor, monkeypatch, tmp_path):
    """Suites on our own sentences that keep their chunks in a folder of this test's own."""
    from dlfa.analysis import runs
    from dlfa.analysis.robustness import begin_suite

    monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(runs, "FIRST", 6)
    monkeypatch.setattr(runs, "LARGEST_ELSEWHERE", 8)

    def begin(**options: object):
        about = {"split": "built-in", "limit": 6, "heads": ("baseline", "D_1")} | options
        names = about.pop("perturbations", SOME)
        return begin_suite(tiny_predictor, names, about.pop("languages", ("en", "zh")), **about)

    return begin


def whole(suite):
    for _progress in suite.go(tokens=64):
        pass
    return suite.tested()


def same(one, other) -> None:
    runs = {"clean": one.clean, **one.perturbed}
    others = {"clean": other.clean, **other.perturbed}
    assert runs.keys() == others.keys()
    for name, run in runs.items():
        for field in ("ids", "languages", "gold", "answers", "probabilities", "tokens"):
            np.testing.assert_array_equal(getattr(run, field), getattr(others[name], field))
    for field in ("average", "low", "high", "p_holm"):
        np.testing.assert_array_equal(
            getattr(one.robustness.drop, field), getattr(other.robustness.drop, field)
        )


class TestSuite:
    def test_nothing_changed_is_nothing_lost(self, suite):
        found = whole(suite()).robustness
        at = found.perturbations.index("identity")
        assert found.control == 0
        assert (found.drop.by_language[at] == 0).all()
        assert (found.handled[at] == found.asked).all()

    def test_counts_what_it_cannot_handle_and_so_do_the_records(self, suite):
        tested = whole(suite())
        assert tested.robustness.left_out["upper"] == {"script": 6}
        assert tested.perturbed["upper"].settings["left_out"] == {"zh": {"script": 6}}
        assert set(tested.perturbed["upper"].languages) == {"en"}
        assert tested.perturbed["negated"].settings["expects"] == "negated"

    def test_a_perturbation_is_part_of_a_runs_name(self, suite):
        found = suite()
        digests = [run.digest for run in (found.clean, *found.runs.values())]
        assert len(set(digests)) == len(digests)
        other = suite(seed=1)
        assert not set(digests) & {run.digest for run in other.runs.values()}

    def test_the_clean_run_is_an_ordinary_evaluation(self, suite, tiny_predictor):
        from dlfa.analysis.evaluation import begin

        about = {"split": "built-in", "limit": 6, "heads": ("baseline", "D_1")}
        assert begin(tiny_predictor, ("en", "zh"), **about).digest == suite().clean.digest

    def test_perturbed_runs_are_not_offered_as_evaluations(self, suite):
        from dlfa.analysis.store import stored

        whole(suite())
        own = [run for run in stored() if not run.shipped]
        assert [run.settings.get("perturbation") for run in own] == [None]

    def test_one_that_was_stopped_goes_on_and_ends_the_same(self, suite, monkeypatch, tmp_path):
        begun = suite()
        for progress in begun.go(tokens=64):
            if progress.done > begun.total / 2:
                break
        again = suite()
        assert 0 < again.done < again.total
        kept = whole(again)
        monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path / "other"))
        same(kept, whole(suite()))

    def test_progress_never_goes_back(self, suite):
        begun = suite()
        steps = [(one.answered, one.total) for one in begun.go(tokens=64)]
        assert steps == sorted(steps)
        assert steps[-1] == (begun.total, begun.total)

    def test_says_which_perturbation_has_nothing_to_do(self, suite):
        from dlfa.errors import InputError

        with pytest.raises(InputError, match="upper"):
            suite(perturbations=("upper",), languages=("zh",))


def test_one_pair_has_every_heads_answer_before_and_after(tiny_predictor):
    from dlfa.analysis.robust_examples import perturbed_pairs

    pair = ("Elena saw 12 boats today.", "Elena saw 12 boats.")
    told = perturbed_pairs(tiny_predictor, pair, "en", gold="entailment")
    by_name = {one.perturbation: one for one in told}
    same_pair = by_name["identity"]
    np.testing.assert_allclose(same_pair.before, same_pair.after, atol=1e-6)
    assert by_name["negated"].expected == ("contradiction",)
    assert by_name["parted"].expected == ("neutral", "contradiction")
    assert by_name["shuffled"].expected == ()
    assert by_name["accents"].pair is None
    assert by_name["accents"].reason == "nothing"
    assert np.isnan(by_name["accents"].after).all()
    (answers,) = tiny_predictor.predict([by_name["upper"].pair])
    np.testing.assert_allclose(
        by_name["upper"].after, [one.probabilities for one in answers], atol=1e-5
    )


KILLED = """
import os, signal, sys
from dlfa.analysis import runs
from dlfa.analysis.predict import load
from dlfa.analysis.robustness import begin_suite

runs.FIRST, runs.LARGEST_ELSEWHERE = 6, 8
about = dict(split="built-in", limit=6, heads=("baseline", "D_1"))
suite = begin_suite(load(sys.argv[1]), sys.argv[2:], ("en", "zh"), **about)
for progress in suite.go(tokens=64):
    if progress.done > suite.total / 2:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_one_that_was_killed_goes_on_and_ends_the_same(
    suite, tiny_checkpoint: Path, monkeypatch, tmp_path
):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tiny_checkpoint), *SOME],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    again = suite()
    assert 0 < again.done < again.total
    kept = whole(again)
    monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path / "other"))
    same(kept, whole(suite()))
