"""The paper's tables as figures, words and rows: nothing is shown that the numbers do not bear."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.figures.table_samples import APART, measured, source, trained, way

HEADS = ("D_1", "D_2", "D_8", "D_11")
LANGUAGES = ("en", "de", "sw")


@pytest.fixture
def found():
    return measured(HEADS, LANGUAGES)


def drawn(name, *results, **options):
    from dlfa import figures

    return json.loads(getattr(figures, name)(*results, figures.Look(), **options).to_json())


class TestHeatMap:
    def test_what_cannot_be_told_from_0_has_no_colour(self, found):
        coloured, plain = drawn("layer_heatmap", found, names={})["data"]
        assert coloured["coloraxis"] == "coloraxis"
        assert "coloraxis" not in plain
        for texts, bearing in ((coloured["text"], True), (plain["text"], False)):
            rows = [row for row, head in enumerate(found.fused) if (head in APART) is bearing]
            written = [row for row, line in enumerate(texts) if any(line)]
            assert written == rows

    def test_its_colours_are_centred_on_0(self, found):
        axis = drawn("layer_heatmap", found, names={})["layout"]["coloraxis"]
        assert axis["cmin"] == -axis["cmax"]

    def test_its_words_count_what_stands_out(self, found):
        from dlfa import figures

        told = figures.describe_layer_heatmap(found, names={})
        assert f" {len(LANGUAGES)} " in told  # D_8 in every language, D_1 below in as many
        assert f"{len(HEADS) * len(LANGUAGES)}" in told

    @pytest.mark.parametrize(("heads", "languages"), [(("D_3",), ("en",)), (HEADS, ("sw",))])
    def test_takes_one_head_and_one_language(self, heads, languages):
        found = measured(heads, languages, seeds=1)
        assert drawn("layer_heatmap", found, names={})["data"]
        assert drawn("average_forest", found)["data"]


def test_only_what_stands_after_holm_is_filled(found):
    points = drawn("average_forest", found)["data"][0]
    filled = [not symbol.endswith("open") for symbol in points["marker"]["symbol"]]
    assert filled == [head in APART for head in found.fused]


class TestChoice:
    def test_one_seed_has_no_bars_of_seeds(self):
        kinds = [
            [trace["type"] for trace in drawn("choice_bars", measured(HEADS, LANGUAGES, n))["data"]]
            for n in (1, 3)
        ]
        assert [one.count("bar") for one in kinds] == [1, 2]

    def test_chosen_and_best_are_marked_apart(self, found):
        signs = drawn("choice_bars", found)["data"][-1]["text"]
        assert (signs[0], signs[-1]) == ("✓", "★")

    def test_words_tell_when_validation_is_not_known(self, found):
        from dlfa import figures
        from dlfa.messages import _

        assert found.choice is not None
        unknown = replace(found, choice=replace(found.choice, chosen_by_mean=""))
        assert _("results.choice.unknown") in figures.choice_verdict(unknown)
        assert _("results.choice.unknown") not in figures.choice_verdict(found)

    def test_nothing_to_choose_from_is_said(self):
        from dlfa import figures
        from dlfa.messages import _

        assert figures.choice_verdict(measured((), ("en",))) == _("results.choice.none")


class TestWords:
    @pytest.mark.parametrize(
        ("heads", "key", "counts"),
        [
            (("D_2", "D_3"), "none", (0, 0)),
            (("D_8", "D_2"), "above", (1, 0)),
            (("D_1", "D_2"), "below", (0, 1)),
            (("D_1", "D_8"), "both", (1, 1)),
        ],
    )
    def test_the_verdict_counts_what_stands(self, heads, key, counts):
        from dlfa import figures
        from dlfa.messages import _

        found = measured(heads, LANGUAGES)
        above, below = counts
        assert figures.stands(found) == counts
        said = _(f"results.verdict.{key}", heads=2, above=above, below=below)
        assert figures.table_verdict(found).startswith(said)

    def test_a_baseline_alone_claims_nothing(self):
        from dlfa import figures
        from dlfa.messages import _

        found = measured((), LANGUAGES)
        percent = f"{100 * found.value[0, 0]:.1f}"
        assert figures.table_verdict(found) == _("results.verdict.alone", percent=percent)

    def test_one_seed_is_said_to_be_one(self):
        from dlfa import figures
        from dlfa.messages import _

        found = measured(HEADS, LANGUAGES, seeds=1)
        assert figures.seeds_word(found) == _("results.seeds.one", seed=0)
        assert _("results.behind.one_seed") in figures.behind_words(found, "average", "D_8")

    def test_cells_that_are_not_there_are_empty(self, found):
        from dlfa import figures

        for cell in (("average", "D_5"), ("fr", "D_8")):
            assert figures.value_word(found, *cell) == figures.difference_word(found, *cell) == ""
        assert figures.difference_word(found, "average", "baseline") == ""
        assert figures.value_word(found, "average", "baseline")

    def test_a_difference_stands_with_its_interval_and_its_star(self, found):
        from dlfa import figures

        assert figures.difference_word(found, "average", "D_8") == "+2.00* [+1.00, +3.00]"
        assert "*" not in figures.difference_word(found, "average", "D_2")

    def test_gaps_are_named(self, found):
        from dlfa import figures

        holes = replace(found, missing=(("D_5", 0), ("D_8", 1)), absent=("fr", "zh"), unlike=(4,))
        told = " ".join(figures.gaps_words(holes))
        for name in ("D_5", "D_8", "fr, zh", "4"):
            assert name in told
        assert figures.gaps_words(found) == []


class TestRows:
    def test_published_and_measured_never_share_a_column(self, found):
        from dlfa import figures

        ours = figures.measured_rows(found, ["average", "sw"], list(found.heads))
        theirs = figures.published_rows("xnli", "accuracy", "mBERT", "average", {"D_8": 66.9})
        assert list(ours[0]) == list(theirs[0])
        assert all(row["published"] == "" and row["measured"] != "" for row in ours)
        assert all(row["published"] == 0.669 and row["measured"] == "" for row in theirs)
        assert len(ours) == 2 * len(found.heads)

    def test_costs_are_one_row_a_training(self):
        from dlfa import figures

        apart = source(("baseline", "D_8"))
        together = replace(apart, way=way(together=True))
        assert [row["heads"] for row in figures.cost_rows([apart])] == ["baseline", "D_8"]
        (row,) = figures.cost_rows([together])
        assert (row["heads"], row["tokens_per_second"]) == (2, 100)

    def test_a_cost_that_nobody_wrote_down_is_empty(self):
        from dlfa import figures

        told = {"D_8": trained(tokens=None, seconds=None)}
        (row,) = figures.cost_rows([source(("D_8",), trained=told)])
        assert row["tokens"] == row["seconds"] == row["tokens_per_second"] == ""


def test_ways_are_called_by_all_that_tells_them_apart():
    from dlfa import figures

    names = {
        figures.way_word(way(**given))
        for given in ({}, {"max_tokens": 2_000}, {"limit": 90}, {"recipe": ""}, {"together": True})
    }
    assert len(names) == 5


def test_the_sample_bears_what_the_tests_say(found):
    assert found.claimed() == ("D_1", "D_8")
    assert np.isfinite(found.value).all()
