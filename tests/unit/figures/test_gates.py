"""One head's gate, beside its controls and token by token."""

import numpy as np
import pytest

from tests.unit.figures import samples

CASE = "duplicate tokens"


@pytest.fixture
def tokens():
    return samples.tokens(CASE)


@pytest.fixture
def gate(tokens):
    return samples.gate("D_8", len(tokens))


def scale(figure):
    colours = figure.layout.coloraxis
    return colours.cmin, colours.cmid, colours.cmax


def heatmap(gate, tokens, **options):
    from dlfa.figures import Look, attention_heatmap

    return attention_heatmap(gate, tokens, Look(), **options)


def control(gate, tokens, **options):
    from dlfa.figures import Look, gate_with_control

    return gate_with_control(gate, tokens, Look(), **options)


class TestAttentionHeatmap:
    @pytest.mark.parametrize("what", ["attention", "gate", "untrained", "noise"])
    def test_its_cells_are_the_results(self, gate, tokens, what):
        (trace,) = heatmap(gate, tokens, what=what).data
        assert np.array_equal(trace.z, getattr(gate, what))

    @pytest.mark.parametrize("order", ["mean", "variance"])
    def test_sorting_moves_whole_channels_and_still_tells_their_numbers(self, gate, tokens, order):
        figure = heatmap(gate, tokens, order=order)
        names = figure.layout.xaxis.labelalias
        channels = [int(names[str(at)]) for at in range(len(names))]
        assert sorted(channels) == list(range(gate.attention.shape[1]))
        assert np.array_equal(figure.data[0].z, gate.attention[:, channels])
        measure = np.mean if order == "mean" else np.var
        assert np.all(np.diff(measure(figure.data[0].z, axis=0)) <= 1e-7)

    def test_trained_and_controls_share_one_scale_around_a_half_that_holds_them_all(
        self, gate, tokens
    ):
        scales = {
            scale(heatmap(gate, tokens, what=what)) for what in ("attention", "untrained", "noise")
        }
        scales |= {scale(control(gate, tokens, control=one)) for one in ("untrained", "noise")}
        ((low, middle, high),) = scales
        assert middle == 0.5
        assert high - 0.5 == pytest.approx(0.5 - low)
        everything = np.stack([gate.attention, gate.untrained, gate.noise])
        assert low <= everything.min() <= everything.max() <= high

    def test_the_colour_bar_says_how_far_the_scale_reaches(self, gate, tokens):
        figure = heatmap(gate, tokens)
        reach = scale(figure)[2] - 0.5
        assert f"½ ± {reach:.2f}" in figure.layout.coloraxis.colorbar.title.text

    def test_its_own_scale_fits_a_quiet_gate_and_says_so(self, tokens):
        quiet = 0.5 + 0.015 * np.sin(np.arange(40.0))[None].repeat(len(tokens), 0)
        gate = samples.gate("D_8", len(tokens), attention=quiet)
        shared, own = heatmap(gate, tokens), heatmap(gate, tokens, scale="own")
        assert scale(own) == pytest.approx((0.48, 0.5, 0.52))
        assert scale(shared)[2] > 0.9
        titles = {figure.layout.coloraxis.colorbar.title.text for figure in (shared, own)}
        assert len(titles) == 2

    def test_a_gate_of_a_half_everywhere_still_has_a_scale(self, tokens):
        flat = np.full((len(tokens), 40), 0.5)
        gate = samples.gate("D_8", len(tokens), attention=flat, noise=flat)
        low, middle, high = scale(heatmap(gate, tokens))
        assert low < middle < high

    def test_the_printed_gate_is_centred_on_zero_and_one_huge_channel_does_not_drown_it(
        self, tokens
    ):
        cells = np.full((len(tokens), 400), 0.2)
        cells[:, 7] = 50
        gate = samples.gate("D_8", len(tokens), dim=400, gate=cells)
        low, middle, high = scale(heatmap(gate, tokens, what="gate", scale="own"))
        assert middle == 0
        assert high == -low == pytest.approx(0.2, abs=0.011)

    def test_the_aff_gate_is_drawn_as_the_attention_it_is(self, tokens):
        gate = samples.gate("D_8_aff", len(tokens))
        assert scale(heatmap(gate, tokens, what="gate")) == scale(heatmap(gate, tokens))

    def test_tokens_run_from_top_to_bottom_and_special_ones_are_set_off(self, gate, tokens):
        axis = heatmap(gate, tokens).layout.yaxis
        assert axis.range == (len(tokens) - 0.5, -0.5)
        assert axis.labelalias["0"].startswith("<i>")
        assert axis.labelalias["1"] == axis.labelalias["2"] == "\u2068▁the\u2069"

    def test_lines_part_premise_hypothesis_and_special_tokens(self, gate, tokens):
        edges = [shape.y0 for shape in heatmap(gate, tokens).layout.shapes]
        assert edges == [0.5, 3.5, 4.5, 6.5]

    def test_every_token_can_be_told_where_only_some_labels_have_room(self):
        tokens = samples.tokens("512 tokens")
        axis = heatmap(samples.gate("D_8", 512, dim=4), tokens).layout.yaxis
        assert len(axis.labelalias) == 512
        assert axis.dtick > 1

    def test_its_alt_text_has_the_range_and_the_extreme_tokens(self, tokens):
        from dlfa.figures import describe_attention_heatmap

        cells = np.full((len(tokens), 40), 0.5)
        cells[1], cells[-1] = 0.75, 0.25
        text = describe_attention_heatmap(samples.gate("D_8", len(tokens), attention=cells), tokens)
        assert "D_8" in text
        assert "from 0.250 to 0.750" in text
        assert "highest at “\u2068▁the\u2069 (position 1)” (0.750)" in text
        last = len(tokens) - 1
        assert f"lowest at “\u2068</s>\u2069 (position {last})” (0.250)" in text


class TestGateWithControl:
    @pytest.mark.parametrize("which", ["untrained", "noise"])
    def test_the_left_side_is_trained_and_the_right_the_control(self, gate, tokens, which):
        left, right = control(gate, tokens, control=which).data
        assert np.array_equal(left.z, gate.attention)
        assert np.array_equal(right.z, getattr(gate, which))

    def test_both_sides_use_one_colour_axis_and_one_order_of_channels(self, gate, tokens):
        figure = control(gate, tokens, order="variance")
        left, right = figure.data
        assert left.coloraxis == right.coloraxis == "coloraxis"
        assert figure.layout.xaxis.labelalias == figure.layout.xaxis2.labelalias
        channels = [int(figure.layout.xaxis.labelalias[str(at)]) for at in range(40)]
        assert np.array_equal(right.z, gate.noise[:, channels])

    def test_the_headings_and_the_alt_text_tell_both_deviations(self, gate, tokens):
        from dlfa.figures import describe_gate_with_control

        numbers = [f"{cells.std():.3f}" for cells in (gate.attention, gate.noise)]
        _channels, *notes = control(gate, tokens).layout.annotations
        headings = [note.text for note in notes]
        text = describe_gate_with_control(gate, tokens)
        for number, heading in zip(numbers, headings, strict=True):
            assert number in heading
            assert number in text

    def test_a_saved_picture_says_which_checkpoint_it_is_from(self, gate, tokens):
        made = samples.provenance()
        assert "e5-small, tuned(xnli) · 0123" in control(gate, tokens, made=made).layout.title.text
        assert "e5-small" not in control(gate, tokens).layout.title.text

    def test_says_what_channels_are_compared_with_and_how_they_are_grouped(self, gate, tokens):
        other = samples.gate("D_3", 4)
        options = {"order": "difference", "against": other}
        title = control(gate, tokens, groups=7, **options).layout.title.text
        assert "Channels by their difference to D_3 · means of 7 groups" in title
        title = control(gate, tokens, against_word="de", **options).layout.title.text
        assert "difference to \u2068de\u2069" in title

    def test_the_alt_text_follows_scale_order_groups_and_merging(self, gate, tokens):
        from dlfa.figures import describe_gate_with_control

        plain = describe_gate_with_control(gate, tokens)
        assert f"{len(tokens)} tokens and 40 channels in the model’s order, on one scale" in plain
        text = describe_gate_with_control(
            gate, tokens, scale="own", order="variance", groups=7, merged=True
        )
        assert "words and special tokens and 40 channels, largest variance first" in text
        assert "(means of 7 groups), on the trained gate’s own scale" in text
        other = {"order": "difference", "against": gate, "against_word": "a & b"}
        assert "to \u2068a & b\u2069 first" in describe_gate_with_control(gate, tokens, **other)


class TestSpread:
    def test_is_the_deviation_over_cells_between_tokens_and_between_channels(self, gate):
        from dlfa.figures import spread

        found = spread(gate)
        assert set(found) == {"trained", "untrained", "noise"}
        assert found["trained"] == pytest.approx(
            {
                "cells": gate.attention.std(),
                "tokens": gate.attention.mean(axis=1).std(),
                "channels": gate.attention.mean(axis=0).std(),
            }
        )

    def test_is_zero_for_a_neutral_gate_before_training(self, gate):
        from dlfa.figures import spread

        assert spread(gate)["untrained"] == {"cells": 0, "tokens": 0, "channels": 0}


class TestTokenSummary:
    def summary(self, gate, tokens, **options):
        from dlfa.figures import Look, token_summary

        return token_summary(gate, tokens, Look(), **options)

    def test_the_markers_are_the_means_and_the_bars_one_deviation(self, gate, tokens):
        *means, _shares, _twins = self.summary(gate, tokens).data
        for trace, cells in zip(means, (gate.attention, gate.untrained, gate.noise), strict=True):
            assert np.array_equal(trace.x, cells.mean(1))
            assert np.array_equal(trace.error_x.array, cells.std(1))

    def test_the_second_panel_is_the_lower_layers_share_and_the_twins(self, gate, tokens):
        figure = self.summary(gate, tokens)
        assert np.array_equal(figure.data[-2].x, gate.share)
        assert np.array_equal(figure.data[-1].x, gate.noise_share)
        assert figure.layout.xaxis2.range == (0, 1)
        assert "8" in figure.layout.xaxis2.title.text

    def test_trained_and_controls_differ_by_shape(self, gate, tokens):
        *means, _shares, _twins = self.summary(gate, tokens).data
        assert len({trace.marker.symbol for trace in means}) == 3

    def test_the_shared_axis_holds_every_bar_and_its_own_the_trained_ones(self, gate, tokens):
        shared, own = self.summary(gate, tokens), self.summary(gate, tokens, scale="own")
        for figure, states in ((shared, (gate.attention, gate.noise)), (own, (gate.attention,))):
            low, high = figure.layout.xaxis.range
            for cells in states:
                assert low <= (cells.mean(1) - cells.std(1)).min()
                assert high >= (cells.mean(1) + cells.std(1)).max()
        assert own.layout.xaxis.range[1] < shared.layout.xaxis.range[1]
        assert own.layout.xaxis.title.text != shared.layout.xaxis.title.text

    def test_its_alt_text_names_the_tokens_with_most_and_least_of_the_lower_layer(self, tokens):
        from dlfa.figures import describe_token_summary

        share = np.full(len(tokens), 0.5)
        share[0], share[-2] = 0.1, 0.9
        text = describe_token_summary(samples.gate("D_3", len(tokens), share=share), tokens)
        assert (
            f"Layer 3 gives most to “\u2068▁the\u2069 (position {len(tokens) - 2})” (90 %)" in text
        )
        assert "least to “\u2068<s>\u2069” (10 %)" in text
