"""A training run as a figure: what was logged is what is drawn."""

import pytest

from tests.unit.figures import report_samples as made


def drawn(curve):
    from dlfa import figures

    return figures.training_curves(curve, figures.Look())


def test_every_logged_number_is_drawn_over_the_examples_seen():
    curve = made.training()
    loss, baseline, mean = drawn(curve).data
    assert list(loss.x) == curve.seen.tolist()
    assert list(loss.y) == curve.losses.tolist()
    assert list(baseline.y) == curve.baseline.tolist()
    assert list(mean.y) == curve.mean.tolist()
    assert drawn(curve).layout.xaxis.range[1] >= curve.total


def test_only_the_look_that_decides_is_ringed():
    _loss, baseline, mean = drawn(made.training()).data
    assert [width > 0 for width in mean.marker.line.width] == [False, False, True]
    assert not any(baseline.marker.line.width)
    assert baseline.marker.symbol != mean.marker.symbol


def test_error_bars_reach_to_the_intervals_and_are_left_out_where_there_are_none():
    curve = made.training()
    _loss, baseline, _mean = drawn(curve).data
    assert list(baseline.error_y.array) == pytest.approx([0.03] * 3)
    assert list(baseline.error_y.arrayminus) == pytest.approx([0.03] * 3)
    assert drawn(made.training(metric="f1")).data[1].error_y.array is None


def test_before_the_first_look_the_scale_of_scores_is_that_of_shares():
    from dataclasses import replace

    curve = made.training()
    none = dict.fromkeys(("looked", "baseline", "mean"), curve.looked[:0])
    early = replace(curve, **none, intervals=None)
    assert drawn(early).layout.yaxis2.range == (0, 1)
    assert drawn(curve).layout.yaxis2.range is None


def test_its_words_say_how_far_it_is_and_which_look_was_best():
    from dataclasses import replace

    from dlfa import figures
    from dlfa.messages import _

    curve = made.training()
    words = figures.describe_training_curves(curve)
    assert "70.0" in words
    assert "65.0" in words
    nothing = replace(
        curve,
        **dict.fromkeys(("seen", "losses", "looked", "baseline", "mean"), curve.seen[:0]),
        intervals=None,
    )
    assert figures.describe_training_curves(nothing) == _("figure.training.alt.nothing")


def test_its_table_has_a_row_for_every_point():
    from dlfa import figures

    curve = made.training()
    rows = figures.training_table(curve)
    assert len(rows) == len(curve.seen) + len(curve.looked)
