"""Curves of measures, probes and quality, and what is said of them."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.figures import embedding_samples as made


@pytest.fixture
def look():
    from dlfa.figures import Look

    return Look()


class TestCurves:
    def test_layers_are_joined_and_fused_spaces_stand_apart(self, look):
        from dlfa.figures import measure_curves

        found = made.measure()
        figure = measure_curves(found, look)
        curve, apart = figure.data[-2:]
        assert np.array_equal(curve.x, np.arange(13))
        assert np.array_equal(curve.y, found.average[:13])
        assert apart.mode == "markers"
        assert min(apart.x) > 13
        assert np.allclose(apart.error_y.array, found.average_high[13:] - found.average[13:])

    def test_the_band_is_the_interval(self, look):
        from dlfa.figures import measure_curves

        found = made.measure(spaces=made.LAYERS)
        area = next(trace for trace in measure_curves(found, look).data if trace.fill)
        assert np.array_equal(area.y, [*found.average_high, *found.average_low[::-1]])

    def test_the_control_is_always_drawn(self, look):
        from dlfa.figures import measure_curves, probe_curves

        for figure in (measure_curves(made.measure(), look), probe_curves(made.probe(), look)):
            dotted = [trace for trace in figure.data if trace.line.dash == "dot"]
            assert [set(trace.y) for trace in dotted] == [{0.05}]
        assert {0.2} in [set(trace.y) for trace in figure.data if trace.line.dash == "dash"]

    def test_a_pair_takes_the_place_of_the_average(self, look):
        from dlfa.figures import measure_curves

        found = made.measure()
        figure = measure_curves(found, look, pair=("sw", "en"), names=made.NAMES)
        assert np.array_equal(figure.data[-2].y, found.values[1, :13])
        assert "Swahili" in figure.layout.title.text
        with pytest.raises(ValueError, match="not in list"):
            measure_curves(found, look, pair=("sw", "ar"))

    def test_every_pair_has_a_thin_line_and_the_ends_are_named(self, look):
        from dlfa.figures import measure_curves

        found = made.measure(codes=made.CODES, spaces=made.LAYERS)
        figure = measure_curves(found, look, names=made.NAMES)
        thin = next(trace for trace in figure.data if trace.line.width == 0.8)
        assert np.isnan(np.array(thin.x, dtype=float)).sum() == len(found.pairs)
        told = [note.text for note in figure.layout.annotations]
        assert any("tr" in text for text in told)  # the last pair is the highest
        assert any("Arabic" in text for text in told)

    def test_several_measures_stand_below_each_other_on_their_own_axes(self, look):
        from dlfa.figures import measure_curves

        figure = measure_curves([made.measure(), made.measure("cka", lift=0.1)], look)
        assert figure.layout.yaxis.range[1] > 2 * figure.layout.yaxis2.range[1]
        assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]
        assert figure.layout.yaxis.tickformat == ".0%" != figure.layout.yaxis2.tickformat

    def test_quality_has_a_curve_each_and_chance(self, look):
        from dlfa.figures import quality_curves

        mapped = made.layer_map()
        figure = quality_curves(mapped, look)
        curves = [trace.y for trace in figure.data if trace.mode == "lines+markers"]
        parts = (mapped.trustworthiness, mapped.overlap, mapped.stability)
        assert all(np.array_equal(one, part[:13]) for one, part in zip(curves, parts, strict=True))
        assert figure.layout.shapes[0].y0 == mapped.chance
        assert len(quality_curves(made.layer_map(method="pca"), look).data) == 4


class TestVerdict:
    def test_names_the_highest_layer_its_control_and_its_rivals(self):
        from dlfa.figures import measure_verdict

        text = measure_verdict(made.measure(spaces=made.LAYERS))
        assert "layer 6, 71.0 % (67.0 to 75.0" in text
        assert "beyond the shuffled control (5.0 %)" in text
        assert "layers 4, 5, 7, 8" in text

    def test_a_measure_within_its_control_claims_nothing(self):
        from dlfa.figures import measure_verdict

        flat = replace(made.measure(lift=0.0), control=np.full(15, 0.1))
        assert "not beyond the shuffled control" in measure_verdict(flat)

    def test_overlapping_intervals_settle_nothing(self):
        from dlfa.figures import measure_verdict

        wide = measure_verdict(made.measure(width=0.4))
        assert "a difference is not shown" in wide
        assert "neither is shown to be better" in wide
        narrow = measure_verdict(made.measure(width=0.001))
        assert "The last layer has less" in narrow
        assert "lies below the last layer" in narrow

    def test_a_probe_is_held_against_the_commonest_label(self):
        from dlfa.figures import probe_verdict

        assert "does not beat" not in probe_verdict(made.probe())
        assert "does not beat that" in probe_verdict(made.probe(majority=0.9))

    def test_values_that_are_no_shares_have_no_percent(self):
        from dlfa.figures import measure_verdict

        text = measure_verdict(made.measure("cka"))
        assert "0.71 (0.67 to 0.75" in text
        assert "%" not in text


class TestTables:
    def test_a_row_per_pair_and_space_and_the_average(self):
        from dlfa.figures import measure_table

        found = made.measure()
        rows = measure_table([found, made.measure("cka")])
        assert len(rows) == 2 * 3 * 15
        row = next(one for one in rows if (one["languages"], one["space"]) == ("en-sw", "4"))
        assert row["value"] == found.values[1, 4]
        assert row["control"] == found.control[4]
        average = next(one for one in rows if (one["languages"], one["space"]) == ("average", "4"))
        assert average["low"] == found.average_low[4]

    def test_a_probe_tells_its_majority(self):
        from dlfa.figures import probe_table

        assert {row["majority"] for row in probe_table(made.probe())} == {0.2}
