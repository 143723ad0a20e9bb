"""Every fusion layer, small, and the lower layer's share by layer."""

import numpy as np
import pytest

from tests.unit.figures import samples


def multiples(sweep, kind="paper", **options):
    from dlfa.figures import Look, layer_multiples

    return layer_multiples(sweep, Look(), kind, **options)


class TestLayerMultiples:
    @pytest.mark.parametrize("kind", ["paper", "aff"])
    def test_shows_all_eleven_layers_of_one_kind_lowest_first(self, kind):
        sweep = samples.sweep(heads=samples.ALL_HEADS[::-1])
        figure = multiples(sweep, kind)
        gates = sorted((g for g in sweep.heads if g.kind == kind), key=lambda g: g.layer)
        assert len(figure.data) == len(gates) == 11
        for trace, gate in zip(figure.data, gates, strict=True):
            assert np.allclose(trace.z, gate.attention, atol=1e-7)  # 40 channels: not averaged

    @pytest.mark.parametrize(("dim", "columns"), [(1, 1), (96, 96), (97, 96), (384, 96), (768, 96)])
    def test_channels_are_averaged_into_at_most_96_columns_and_it_says_so(self, dim, columns):
        figure = multiples(samples.sweep(heads=("D_8",), dim=dim))
        assert figure.data[0].z.shape[1] == columns
        assert ("averaged" in figure.layout.title.text) == (dim > 96)

    def test_a_column_is_the_mean_of_the_channels_it_names(self):
        sweep = samples.sweep(heads=("D_8",), dim=100)
        figure = multiples(sweep)
        names = figure.layout.xaxis.labelalias
        seen = []
        for at in range(96):
            first, _dash, last = names[str(at)].partition("–")
            channels = range(int(first), int(last or first) + 1)
            seen += channels
            expected = sweep.heads[0].attention[:, list(channels)].mean(1)
            assert np.allclose(figure.data[0].z[:, at], expected, atol=1e-6)
        assert seen == list(range(100))

    def test_all_pictures_share_one_scale_that_holds_them_and_their_controls(self):
        sweep = samples.sweep()
        figure = multiples(sweep)
        colours = figure.layout.coloraxis
        assert {trace.coloraxis for trace in figure.data} == {"coloraxis"}
        for gate in sweep.heads[:11]:
            assert colours.cmin <= gate.noise.min()
            assert gate.noise.max() <= colours.cmax
        assert colours.cmid == 0.5

    def test_their_own_scale_is_the_pictures_alone(self):
        sweep = samples.sweep()
        own = multiples(sweep, scale="own").layout.coloraxis
        assert own.cmax == pytest.approx(0.6, abs=0.011)
        assert own.cmax < multiples(sweep).layout.coloraxis.cmax

    def test_each_picture_is_named_and_tells_its_deviation(self):
        sweep = samples.sweep(heads=("D_2", "D_10"))
        notes = " ".join(note.text for note in multiples(sweep).layout.annotations)
        for gate in sweep.heads:
            trained, twin = (f"{one.std():.2f}"[1:] for one in (gate.attention, gate.noise))
            assert f"{gate.head} {trained} ({twin})" in notes

    def test_names_the_encoder_and_how_its_gates_began(self):
        figure = multiples(samples.sweep(heads=("D_8",), gate_init="standard"))
        assert "e5-small, tuned(xnli), gate start: standard" in figure.layout.title.text

    def test_says_that_there_is_nothing_to_show_where_no_head_has_this_gate(self):
        from dlfa.figures import describe_layer_multiples

        sweep = samples.sweep(heads=("D_8",))
        figure = multiples(sweep, "aff")
        assert not figure.data
        assert describe_layer_multiples(sweep, "aff") in figure.layout.annotations[0].text

    def test_its_alt_text_names_the_layers_that_vary_most_and_least(self):
        from dataclasses import replace

        from dlfa.figures import describe_layer_multiples

        sweep = samples.sweep(heads=("D_1", "D_2", "D_3"))
        flat = np.full_like(sweep.heads[1].attention, 0.5)
        wild = (np.arange(flat.size).reshape(flat.shape) % 2).astype(np.float32)
        heads = (
            sweep.heads[0],
            replace(sweep.heads[1], attention=flat),
            replace(sweep.heads[2], attention=wild),
        )
        text = describe_layer_multiples(replace(sweep, heads=heads))
        assert "most in D_3 (standard deviation 0.500)" in text
        assert "least in D_2 (0.000)" in text


class TestShareByLayer:
    def drawn(self, sweep, **options):
        from dlfa.figures import Look, share_by_layer

        return share_by_layer(sweep, Look(), **options)

    def test_one_tokens_own_curve_is_its_share_in_every_layer(self):
        sweep = samples.sweep()
        figure = self.drawn(sweep, token=2)
        for trace, kind in zip(figure.data[-2:], ("paper", "aff"), strict=True):
            shares = [gate.share[2] for gate in sweep.heads if gate.kind == kind]
            assert np.array_equal(trace.y, shares)
        assert "★</span> \u2068▁the" in figure.layout.title.text

    def test_the_points_are_means_over_tokens_and_the_bars_one_deviation(self):
        sweep = samples.sweep()
        *twins, paper, aff = self.drawn(sweep).data
        for twin, trace, kind in zip(twins, (paper, aff), ("paper", "aff"), strict=True):
            gates = [gate for gate in sweep.heads if gate.kind == kind]
            assert np.allclose(trace.y, [gate.share.mean() for gate in gates])
            assert np.allclose(twin.y, [gate.noise_share.mean() for gate in gates])
            assert np.allclose(trace.error_y.array, [gate.share.std() for gate in gates])
            assert np.array_equal(np.round(trace.x), [gate.layer for gate in gates])

    def test_the_two_gates_differ_by_shape_and_line(self):
        *twins, paper, aff = self.drawn(samples.sweep()).data
        assert {twin.marker.symbol for twin in twins} == {"x-thin-open"}
        assert paper.marker.symbol != aff.marker.symbol
        assert paper.line.dash != aff.line.dash

    def test_only_the_kinds_that_were_asked_for_are_shown(self):
        figure = self.drawn(samples.sweep(heads=("baseline", "D_3_aff")))
        assert len(figure.data) == 2  # its curve and its twin's
        assert list(figure.layout.xaxis.tickvals) == [3]

    def test_its_alt_text_names_the_layers_with_most_and_least(self):
        from dlfa.figures import describe_share_by_layer

        sweep = samples.sweep(heads=("D_1", "D_2", "D_1_aff"))
        means = {gate.head: gate.share.mean() for gate in sweep.heads}
        low, high = sorted(("D_1", "D_2"), key=means.__getitem__)
        text = describe_share_by_layer(sweep)
        assert (
            f"from {100 * means[low]:.1f} % ({low}) to {100 * means[high]:.1f} % ({high})" in text
        )
        assert f"{100 * means['D_1_aff']:.1f} % (D_1 aff)" in text
