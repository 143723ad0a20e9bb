"""Bars per head, and the heat map over languages."""

import re

import numpy as np
import pytest

from tests.unit.figures import samples

LEANING = {"baseline": (0.7, 0.2, 0.1), "D_8": (0.05, 0.15, 0.8), "D_8_aff": (0.6, 0.3, 0.1)}


def leaning():
    return [samples.prediction(head, shares) for head, shares in LEANING.items()]


class TestProbabilityBars:
    @pytest.fixture
    def figure(self):
        from dlfa.figures import Look, probability_bars

        return probability_bars(leaning(), Look())

    def bars(self, figure):
        return [trace for trace in figure.data if trace.type == "bar"]

    def test_the_bars_are_the_probabilities(self, figure):
        drawn = np.array([bar.x for bar in self.bars(figure)]).T
        assert np.array_equal(drawn, np.array(list(LEANING.values()), dtype=np.float32))

    def test_heads_stand_in_the_papers_order_whatever_order_they_come_in(self):
        from dlfa.figures import Look, probability_bars

        answers = samples.predictions()
        figure = probability_bars(answers[::-1], Look())
        assert list(figure.layout.yaxis.ticktext) == [
            "baseline",
            *(f"D_{layer}" for layer in range(1, 12)),
            *(f"D_{layer} aff" for layer in range(1, 12)),
        ]
        assert figure.to_json() == probability_bars(answers, Look()).to_json()

    def test_each_kind_of_gate_begins_under_a_heading_of_its_own(self, figure):
        rows = list(figure.layout.yaxis.tickvals)
        assert rows == [0, 2, 4]
        assert [note.y for note in figure.layout.annotations] == [1, 3]

    def test_the_answer_stands_at_the_end_of_each_bar(self, figure):
        (answers,) = [trace for trace in figure.data if trace.type == "scatter"]
        assert [text.strip() for text in answers.text] == [
            "entailment",
            "contradiction",
            "entailment",
        ]

    def test_parts_tell_their_percentage_where_it_fits_and_the_answer_in_bold(self, figure):
        written = [[bar.text[row] for bar in self.bars(figure)] for row in range(3)]
        assert written == [
            ["<b>70</b>", "20", "10"],
            ["", "15", "<b>80</b>"],
            ["<b>60</b>", "30", "10"],
        ]

    def test_labels_differ_by_pattern_and_not_by_colour_alone(self, figure):
        patterns = [bar.marker.pattern.shape for bar in self.bars(figure)]
        assert len(set(patterns)) == 3

    def test_a_longer_list_makes_a_taller_figure_of_equal_rows(self):
        from dlfa.figures import Look, probability_bars

        one, all_heads = (
            probability_bars(samples.predictions(heads), Look()).layout.height
            for heads in (("baseline",), samples.ALL_HEADS)
        )
        assert all_heads - one == 24 * Look().row  # 22 more heads, two headings

    def test_a_sum_just_above_one_stays_within_the_axis(self):
        from dlfa.figures import Look, probability_bars

        above = samples.prediction("D_1", (0.2, 0.3, 0.5000004))
        figure = probability_bars([above], Look())
        assert sum(bar.x[0] for bar in self.bars(figure)) < figure.layout.xaxis.range[1]

    def test_another_tasks_labels_are_drawn_too_and_escaped(self):
        from dlfa.figures import Look, probability_bars

        labels = ("<b>same</b>", "not_same")
        answer = samples.prediction("D_1", (0.9, 0.1), labels)
        names = [bar.name for bar in self.bars(probability_bars([answer], Look()))]
        assert names[0].count("&lt;b&gt;same") == 1
        assert "not same" in names[1]

    def test_the_encoder_is_named(self, figure):
        assert "e5-small, tuned(xnli)" in figure.layout.title.text


class TestDescribeProbabilities:
    def test_says_the_baselines_answer_and_how_the_heads_divide(self):
        from dlfa.figures import describe_probabilities

        text = describe_probabilities(leaning()[::-1])
        assert text == (
            "baseline answers entailment (70 %). "
            "Answers of all 3 heads: entailment 2, contradiction 1."
        )

    def test_says_only_its_answer_of_a_single_head(self):
        from dlfa.figures import describe_probabilities

        assert describe_probabilities(leaning()[1:2]) == "D_8 answers contradiction (80 %)."


IN_SWAHILI = {"baseline": (0.1, 0.8, 0.1), "D_8": (0.3, 0.3, 0.4)}


class TestHeadLanguageHeatmap:
    @pytest.fixture
    def given(self):
        return {
            code: [samples.prediction(head, shares) for head, shares in heads.items()]
            for code, heads in {"en": LEANING, "sw": IN_SWAHILI}.items()
        }

    @pytest.fixture
    def figure(self, given):
        from dlfa.figures import Look, head_language_heatmap

        return head_language_heatmap(
            given, "entailment", Look(), {"en": "English", "sw": "Swahili"}
        )

    def test_the_colours_are_the_labels_probabilities_and_a_missing_head_is_a_gap(self, figure):
        drawn = np.hstack([trace.z for trace in figure.data])
        expected = np.array([[0.7, 0.05, 0.6], [0.1, 0.3, np.nan]], dtype=np.float32)
        assert np.array_equal(drawn, expected, equal_nan=True)

    def test_the_scale_is_always_from_zero_to_one(self, figure):
        assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0, 1)

    def test_each_cell_says_its_answer(self, figure):
        marks = [[re.sub("<.*?>", "", mark) for mark in row] for t in figure.data for row in t.text]
        assert marks == [["E"], ["N"], ["C"], ["C"], ["E"], [""]]

    def test_the_letters_read_on_every_colour(self, given):
        from plotly.colors import sample_colorscale, unlabel_rgb

        from dlfa.figures.languages import MIDDLE
        from dlfa.figures.palette import SEQUENTIAL, ink

        for share in np.linspace(0, 1, 41):
            rgb = unlabel_rgb(sample_colorscale(SEQUENTIAL, float(share))[0])
            ground = "#" + "".join(f"{round(part):02X}" for part in rgb)
            if abs(share - MIDDLE) > 0.05:  # around the turn both inks read alike
                assert ink(ground) == ("#FFFFFF" if share < MIDDLE else "#000000")

    def test_columns_of_one_kind_stand_together_with_a_gap_between_kinds(self, figure):
        places = list(figure.layout.xaxis.tickvals)
        assert all(step > 1 for step in np.diff(places))
        assert [trace.x0 for trace in figure.data] == places

    def test_languages_are_named_and_a_code_without_a_name_stands_for_itself(self, given):
        from dlfa.figures import Look, head_language_heatmap

        figure = head_language_heatmap(given, "neutral", Look(), {"en": "English"})
        assert [name.strip("\u2068\u2069") for name in figure.layout.yaxis.ticktext] == [
            "English",
            "sw",
        ]

    def test_refuses_a_label_that_the_task_does_not_have(self, given):
        from dlfa.figures import Look, head_language_heatmap

        with pytest.raises(ValueError, match="not in tuple"):
            head_language_heatmap(given, "paraphrase", Look(), {})

    def test_its_alt_text_names_the_extremes(self, given):
        from dlfa.figures import describe_head_language

        text = describe_head_language(given, "entailment", {"en": "English", "sw": "Swahili"})
        assert "highest in \u2068English\u2069 (45 %)" in text
        assert "lowest in \u2068Swahili\u2069 (20 %)" in text
        assert "entailment 2, contradiction 2, neutral 1" in text
