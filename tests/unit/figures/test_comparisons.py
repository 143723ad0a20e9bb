"""Two heads side by side: the numbers drawn are the numbers given."""

import numpy as np
import pytest

from tests.unit.figures.samples import LABELS, duel, prediction

NAMES = ("baseline", "D_8")


@pytest.fixture
def two():
    return prediction("baseline", [0.7, 0.2, 0.1]), prediction("D_8", [0.25, 0.15, 0.6])


class TestAnswerDifference:
    def test_draws_both_probabilities_of_every_label(self, two):
        from dlfa.figures import Look, answer_difference

        _lines, first, second, steps = answer_difference(*two, Look(), names=NAMES).data
        assert np.allclose(first.x, two[0].probabilities)
        assert np.allclose(second.x, two[1].probabilities)
        assert first.marker.symbol != second.marker.symbol  # never told by colour alone
        assert [text.split()[0] for text in steps.text] == ["−45", "−5", "+50"]

    def test_a_and_b_never_hide_each_other(self, two):
        from dlfa.figures import Look, answer_difference

        _lines, first, second, _steps = answer_difference(two[0], two[0], Look(), names=NAMES).data
        assert not set(first.y) & set(second.y)

    def test_its_words_name_both_answers_and_the_widest_step(self, two):
        from dlfa.figures import describe_answer_difference

        words = describe_answer_difference(*two, names=NAMES)
        assert "70 %" in words
        assert "60 %" in words
        assert "+50" in words

    def test_models_of_two_tasks_have_all_labels_between_them(self, two):
        from dlfa.figures import Look, answer_difference

        other = prediction("D_8", [0.9, 0.1], labels=("entailment", "not_entailment"))
        drawn = answer_difference(two[0], other, Look(), names=NAMES)
        assert len(drawn.layout.yaxis.ticktext) == 4


class TestAnswersCrossed:
    def test_writes_every_count_and_marks_agreement_with_a_sign(self):
        from dlfa.figures import Look, answers_crossed

        found = duel(("a", "b"))
        grounds, counts = answers_crossed(found, Look()).data
        numbers = [int(text.strip("<b>/=≠ ")) for text in counts.text]
        assert numbers == found.counts.ravel().tolist()
        assert ["=" in text for text in counts.text] == np.eye(3, dtype=bool).ravel().tolist()
        assert np.isnan(grounds.z[0][2])  # where nobody differs, nothing is coloured

    def test_its_words_count_the_differences(self):
        from dlfa.figures import describe_answers_crossed

        assert "7 of 24" in describe_answers_crossed(duel(("a", "b")))


class TestTables:
    def test_a_table_of_pairs_has_a_row_per_pair_and_columns_per_head(self, two):
        from dlfa.figures import pairs_table
        from dlfa.results.comparisons import AnsweredPair

        pair = AnsweredPair(number=3, premise="=1+1", hypothesis="H", gold="neutral", answers=two)
        (row,) = pairs_table([pair])
        assert (row["row"], row["premise"], row["gold"]) == (3, "=1+1", "neutral")
        assert row["baseline_answer"] == "entailment"
        assert row["D_8_p_contradiction"] == pytest.approx(0.6)
        assert row["heads_in_majority"] == 1
        assert pair.right is False
        assert not pair.agreed

    def test_two_sides_of_the_same_head_keep_their_own_columns(self, two):
        from dlfa.figures import sides_table
        from dlfa.results.comparisons import AnsweredPair

        pair = AnsweredPair(number=1, premise="P", hypothesis="H", gold="", answers=two)
        (row,) = sides_table([pair], ("D_8 · one", "D_8 · two"))
        assert (row["first_answer"], row["second_answer"]) == ("entailment", "contradiction")
        assert pair.right is None

    def test_a_duel_has_a_row_for_every_combination(self):
        from dlfa.figures import duel_table

        found = duel_table(duel(("a", "b")))
        assert len(found) == len(LABELS) ** 2
        assert sum(row["pairs"] for row in found) == 24
