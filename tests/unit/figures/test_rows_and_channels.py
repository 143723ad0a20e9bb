"""Rows of tokens or words, columns of channels."""

import numpy as np
import pytest

from tests.unit.figures import samples


class TestRows:
    def test_a_row_is_a_token_and_averages_nothing(self):
        from dlfa.figures.rows import token_rows

        tokens = samples.tokens("words in pieces")
        cells = np.arange(2.0 * len(tokens)).reshape(-1, 2)
        rows = token_rows(tokens)
        assert rows.average(cells) is cells
        places = {5: " (position 5)", 8: " (position 8)"}  # of </s>, which is there twice
        names = [f"\u2068{one}\u2069{places.get(at, '')}" for at, one in enumerate(tokens.pieces)]
        assert list(rows.names) == names

    def test_merged_sub_words_are_averaged_and_special_tokens_stay(self):
        from dlfa.figures.rows import token_rows

        tokens = samples.tokens("words in pieces")  # <s> Un|believ|able news </s> no|thing </s>
        rows = token_rows(tokens, merged=True)
        plain = [label[1:].replace("\u2069", "") for label in rows.names]
        ends = [f"</s> (position {at})" for at in (5, 8)]
        assert plain == ["<s>", "Unbelievable", "news", ends[0], "nothing", ends[1]]
        assert [label.startswith("<i>") for label in rows.labels] == [1, 0, 0, 1, 0, 1]
        cells = np.arange(float(len(tokens)))
        assert rows.average(cells).tolist() == [0, 2, 4, 5, 6.5, 8]
        assert rows.segment == ("special", "premise", "premise", "special", "hypothesis", "special")

    def test_a_word_that_begins_in_no_sub_word_has_no_mean(self):
        from dlfa.figures.rows import word_means

        tokens = samples.tokens("words in pieces")
        from dataclasses import replace

        longer = replace(tokens, words=(*tokens.words, "lost"))
        means = word_means(np.arange(float(len(tokens))), longer)
        assert means[:3].tolist() == [2, 4, 6.5]
        assert np.isnan(means[3])


class TestColumns:
    cells = np.array([[0.1, 0.9, 0.5, 0.2], [0.1, 0.7, 0.6, 0.9]])

    def columns(self, *options, **more):
        from dlfa.figures.channels import channel_columns

        return channel_columns(self.cells, *options, **more)

    @pytest.mark.parametrize(
        ("order", "expected"),
        [("index", [0, 1, 2, 3]), ("mean", [1, 2, 3, 0]), ("variance", [3, 1, 2, 0])],
    )
    def test_are_sorted_as_asked(self, order, expected):
        assert self.columns(order).channels.tolist() == expected

    def test_are_sorted_by_how_far_their_means_are_from_anothers(self):
        other = np.array([[0.1, 0.8, 0.0, 0.5]])
        assert self.columns("difference", against=other).channels.tolist() == [2, 3, 0, 1]

    def test_cannot_be_sorted_by_a_difference_from_nothing(self):
        with pytest.raises(ValueError, match="another gate"):
            self.columns("difference")

    @pytest.mark.parametrize("groups", [1, 2, 3, 4, 99])
    def test_groups_are_means_of_neighbours_in_this_order(self, groups):
        columns = self.columns("mean", groups)
        drawn = columns.of(self.cells)
        assert drawn.shape == (2, min(groups, 4))
        parts = np.array_split(np.array([1, 2, 3, 0]), min(groups, 4))
        if groups in (1, 2, 4, 99):  # else numpy divides unevenly in another way
            assert np.allclose(drawn, np.stack([self.cells[:, p].mean(1) for p in parts], 1))

    def test_an_axis_says_how_channels_are_sorted_and_grouped_and_names_them(self):
        axis = self.columns("mean", 2).axis()
        assert "largest mean first" in axis["title"]
        assert "2 groups" in axis["title"]
        assert axis["labelalias"] == {"0": "1–2", "1": "3, 0"}

    def test_many_channels_of_a_group_are_counted(self):
        from dlfa.figures.channels import channel_columns

        cells = np.random.default_rng(0).uniform(0, 1, (3, 80))
        (name,) = channel_columns(cells, "mean", 1).axis()["labelalias"].values()
        assert name.endswith("… (80)")
