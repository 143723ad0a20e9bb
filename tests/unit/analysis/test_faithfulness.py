"""Deletion, insertion, and attributions of translations: known answers."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

PAIR = ("a man runs in the house", "no one sleeps")
OTHER = ("the dog eats", "a cat sleeps not")


@pytest.fixture(scope="module")
def found(tiny_predictor):
    from dlfa.analysis.attribution import attribute

    return attribute(tiny_predictor, PAIR, "D_2")


class TestFaithfulness:
    @pytest.mark.parametrize("words", [*range(1, 26), 101])
    def test_the_points_of_a_curve_are_the_same_from_both_ends(self, words):
        from dlfa.analysis.faithfulness import counts

        taken = counts(words)
        assert (taken[0], taken[-1]) == (0, words)
        assert (np.diff(taken) > 0).all()
        assert (taken + taken[::-1] == words).all()
        assert len(taken) <= 11

    def test_curves_run_from_the_pair_to_the_baseline_and_back(self, tiny_predictor, found):
        from dlfa.analysis.faithfulness import faithfulness

        curves = faithfulness(tiny_predictor, PAIR, found, draws=3)
        for taken, put in (
            (curves.deletion, curves.insertion),
            *zip(curves.random_deletion, curves.random_insertion, strict=True),
        ):
            assert (taken[0], put[-1]) == pytest.approx((found.probability,) * 2, abs=1e-5)
            assert (taken[-1], put[0]) == pytest.approx((found.start_probability,) * 2, abs=1e-5)
        assert curves.words == 9
        assert curves.draws == 3

    def test_each_point_is_the_answer_to_the_pair_without_those_words(self, tiny_predictor, found):
        from dlfa.analysis.faithfulness import faithfulness

        curves = faithfulness(tiny_predictor, PAIR, found, draws=1)
        words = [*PAIR[0].split(), *PAIR[1].split()]
        best = np.argsort(-found.words, kind="stable")
        for gone, expected in ((best[:2], curves.deletion[2]), (best[2:], curves.insertion[2])):
            left = ["[MASK]" if at in gone else word for at, word in enumerate(words)]
            pair = " ".join(left[:6]), " ".join(left[6:])
            ((answer,),) = tiny_predictor.predict([pair], ["D_2"])
            at = answer.labels.index(found.label)
            assert answer.probabilities[at] == pytest.approx(expected, abs=0.01)

    def test_the_best_order_beats_chance_and_the_worst_is_beaten(self, tiny_predictor, found):
        """Words judged by what their absence does, where words hardly meet each other."""
        from dlfa.analysis.faithfulness import faithfulness

        right = faithfulness(tiny_predictor, PAIR, found)
        wrong = faithfulness(tiny_predictor, PAIR, replace(found, scores=-found.scores))
        assert right.areas[0] < right.random_areas[0].mean() < wrong.areas[0]
        assert right.areas[1] > right.random_areas[1].mean() > wrong.areas[1]
        assert right.ranks[0] < right.draws / 4
        assert wrong.ranks[0] > wrong.draws / 2

    def test_the_same_seed_draws_the_same_orders(self, tiny_predictor, found):
        from dlfa.analysis.faithfulness import faithfulness

        one, again, other = (
            faithfulness(tiny_predictor, PAIR, found, draws=4, seed=seed) for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(one.random_deletion, again.random_deletion)
        assert (one.random_deletion != other.random_deletion).any()

    def test_it_can_be_ended_midway(self, tiny_predictor, found):
        from dlfa.analysis.faithfulness import faithfulness

        class Over(BaseException): ...

        def tell(*_: int) -> None:
            raise Over

        with pytest.raises(Over):
            faithfulness(tiny_predictor, PAIR, found, tell=tell)


ORDERS = """
import numpy as np
from dlfa.analysis.alignment import random_orders
parts = np.array(["premise"] * 7 + ["hypothesis"] * 5)
orders = random_orders(parts, np.random.default_rng(0))
assert (np.sort(orders[:, :7]) == np.arange(7)).all() and (orders[:, :7] != np.arange(7)).any()
print(orders[:20].tolist())
"""


def test_random_orders_keep_to_their_part_and_are_the_same_in_every_process():
    said = {
        subprocess.run(
            [sys.executable, "-c", ORDERS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(said) == 1


class TestTranslations:
    def test_a_pair_and_itself_agree_word_by_word(self, tiny_predictor):
        from dlfa.analysis.attributed_translations import compare_attributions

        same = compare_attributions(tiny_predictor, (PAIR, PAIR), "D_2", languages=("en", "xx"))
        assert same.correlation == pytest.approx(1)
        assert same.low == pytest.approx(1)
        assert same.chance_high < 1
        assert same.first.label == same.second.label

    def test_the_translation_is_asked_for_the_first_pairs_answer(self, tiny_predictor):
        from dlfa.analysis.attributed_translations import compare_attributions

        told: list[tuple[int, int]] = []
        two = compare_attributions(
            tiny_predictor, (PAIR, OTHER), "D_2", tell=lambda *far: told.append(far)
        )
        assert two.second.label == two.first.label
        assert {total for _, total in told} == {3}
        assert [done for done, _ in told] == sorted(done for done, _ in told)

    def test_few_links_have_no_correlation(self, tiny_predictor):
        from dlfa.analysis.attributed_translations import compare_attributions

        few = compare_attributions(tiny_predictor, (("a man", "a dog"), ("a man", "a cat")), "D_1")
        assert len(few.alignment) < 8
        assert np.isnan(few.correlation)
        assert np.isnan(few.chance_high)
