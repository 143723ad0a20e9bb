"""A pair and its translation: links, correlation, gates word by word."""

import numpy as np
import pytest

from tests.unit.figures import samples


def aligned(**options):
    from dlfa.figures import Look, alignment_map

    comparison = samples.comparison(**options)
    return comparison, alignment_map(comparison, Look(), head="D_8")


class TestAlignmentMap:
    def test_a_line_runs_between_the_words_of_each_link(self):
        comparison, figure = aligned()
        links = [trace for trace in figure.data if trace.mode == "lines"]
        assert sum(np.isfinite(trace.x).sum() for trace in links) == 2 * len(comparison.alignment)
        for trace in links:
            assert np.array_equal(trace.y[~np.isnan(trace.y)].reshape(-1, 2)[:, 0], trace.y[::3])

    def test_words_run_in_the_direction_in_which_they_are_written(self):
        _comparison, figure = aligned()
        english = figure.layout.xaxis2.tickvals  # premise above
        arabic = figure.layout.xaxis.tickvals
        assert np.all(np.diff(english) > 0)
        assert np.all(np.diff(arabic) < 0)

    def test_words_without_a_partner_differ_by_their_sign(self):
        comparison, figure = aligned(links="one link")
        first = figure.data[4]  # three widths of lines, their middles, then the upper words
        linked = [word in comparison.alignment.first for word in range(len(first.x))]
        assert list(first.marker.symbol) == ["circle" if one else "diamond" for one in linked]

    def test_points_are_the_words_mean_share(self):
        from dlfa.figures.rows import word_means

        comparison, figure = aligned()
        tokens, gate = comparison.first.tokens, comparison.first["D_8"]
        assert np.allclose(figure.data[4].marker.color, word_means(gate.share, tokens)[:2])

    def test_the_alt_text_names_the_closest_pair_or_says_that_there_is_none(self):
        from dlfa.figures import describe_alignment_map

        text = describe_alignment_map(samples.comparison(), head="D_8")
        assert "cosine 0.97" in text
        none = describe_alignment_map(samples.comparison(links="no links"), head="D_8")
        assert none.startswith("No links")

    def test_a_head_that_was_not_compared_is_an_error(self):
        with pytest.raises(KeyError):
            aligned(heads=("D_3",))


class TestGateCorrelation:
    def drawn(self, comparison):
        from dlfa.figures import Look, gate_correlation

        return gate_correlation(comparison, Look())

    def test_shows_r_its_interval_the_random_band_and_the_twin(self):
        comparison = samples.comparison()
        band, r, twin = self.drawn(comparison).data
        assert np.array_equal(r.x, comparison.correlation, equal_nan=True)
        assert np.allclose(r.x + r.error_x.array, comparison.high, equal_nan=True)
        assert np.allclose(r.x - r.error_x.arrayminus, comparison.low, equal_nan=True)
        assert np.allclose(np.array(band.base, float), comparison.chance_low, equal_nan=True)
        assert np.allclose(
            np.array(band.base, float) + band.x, comparison.chance_high, equal_nan=True
        )
        assert np.array_equal(twin.x, comparison.noise_correlation, equal_nan=True)

    @pytest.mark.parametrize("links", ["no links", "one link"])
    def test_says_that_too_few_links_give_no_correlation(self, links):
        from dlfa.figures import describe_gate_correlation

        comparison = samples.comparison(links=links)
        figure = self.drawn(comparison)
        assert not figure.data
        assert "fewer than eight words" in figure.layout.annotations[0].text
        assert describe_gate_correlation(comparison).startswith("No correlation: fewer than eight")

    def test_counts_the_heads_that_exceed_chance_and_the_twin(self):
        from dlfa.figures import describe_gate_correlation

        comparison = samples.comparison()
        above, more = comparison.beyond_chance.sum(), comparison.beyond_twin.sum()
        text = describe_gate_correlation(comparison)
        assert f"{above} of 22 heads exceed random alignments; in {more} the interval" in text

    def test_pointing_at_a_head_tells_how_far_it_is_above_its_twin(self):
        comparison = samples.comparison()
        hovered = self.drawn(comparison).data[1].customdata[3]
        gain = comparison.correlation[3] - comparison.noise_correlation[3]
        ends = comparison.gain_low[3], comparison.gain_high[3]
        assert list(hovered[7:]) == [f"{one:+.2f}".replace("-", "−") for one in (gain, *ends)]

    def test_says_which_layers_vectors_linked_the_words(self):
        assert "links from layer 7" in self.drawn(samples.comparison()).layout.title.text


class TestGateSideBySide:
    def drawn(self, comparison, **options):
        from dlfa.figures import Look, gate_side_by_side

        return gate_side_by_side(comparison, Look(), head="D_8", **options)

    def test_aligned_words_share_a_row_and_the_others_stand_below_alone(self):
        from dlfa.figures.rows import word_means

        comparison = samples.comparison(links="one link")
        left, right = self.drawn(comparison).data[:2]
        first = word_means(comparison.first["D_8"].attention, comparison.first.tokens)
        second = word_means(comparison.second["D_8"].attention, comparison.second.tokens)
        link = comparison.alignment
        assert np.allclose(left.z[0], first[link.first[0]])
        assert np.allclose(right.z[0], second[link.second[0]])
        there = np.isfinite(np.stack([left.z[:, 0], right.z[:, 0]]))
        assert there[:, 0].all()
        assert not (there[0] & there[1])[1:].any()
        assert there.sum() == len(first) + len(second)

    def test_the_twins_stand_below_on_the_same_scale(self):
        figure = self.drawn(samples.comparison())
        assert len(figure.data) == 4
        assert {trace.coloraxis for trace in figure.data} == {"coloraxis"}
        assert "twin" in figure.layout.annotations[3].text

    def test_channels_may_be_sorted_by_how_far_the_languages_differ(self):
        comparison = samples.comparison()
        figure = self.drawn(comparison, order="difference")
        apart = np.abs(
            comparison.first["D_8"].attention.mean(0) - comparison.second["D_8"].attention.mean(0)
        )
        assert figure.layout.xaxis.labelalias["0"] == str(apart.argmax())
