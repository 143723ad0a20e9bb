"""A claim's numbers as people see them: the rule is on the picture, nothing is made up."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.figures.report_samples import finding

NAN = float("nan")


def drawn(found):
    from dlfa.figures import Look, claim_parts

    return claim_parts(found, Look())


def test_the_rule_and_every_interval_are_within_the_axis():
    figure = drawn(finding(4, 1.0, 3.0))
    low, high = figure.layout.xaxis.range
    assert low < -0.5
    assert high > 3.0
    assert {shape.type for shape in figure.layout.shapes} == {"line", "rect"}


def test_one_threshold_is_a_line_and_no_band():
    (line,) = drawn(finding(4, 0.5)).layout.shapes
    assert (line.type, line.x0, line.x1) == ("line", 0.5, 0.5)


def test_only_parts_that_pass_by_themselves_are_filled():
    points = drawn(finding(3)).data[0]
    assert list(points.marker.symbol) == ["circle-open", "circle", "circle-open"]


def test_a_part_without_an_interval_has_no_whiskers():
    points = drawn(finding(3)).data[0]
    assert points.error_x.array[1] == points.error_x.arrayminus[1] == 0
    np.testing.assert_allclose([points.error_x.array[0], points.error_x.arrayminus[0]], [0.4, 0.3])


def test_parts_without_numbers_are_left_out():
    found = finding(3)
    without = replace(found, parts=(replace(found.parts[0], estimate=NAN), *found.parts[1:]))
    assert len(drawn(without).data[0].x) == 2


@pytest.mark.parametrize(("unit", "estimate"), [("checks", 1.0), ("points", NAN)])
def test_a_finding_without_numbers_has_none_in_words(unit, estimate):
    from dlfa.figures import claim_numbers

    assert claim_numbers(replace(finding(2), unit=unit, estimate=estimate)) == ""


def test_numbers_in_words_carry_interval_and_unit_and_p_is_the_corrected_one():
    from dlfa.figures import claim_numbers, claim_p

    assert claim_numbers(finding(2)) == "−0.20 (−0.50 to 0.20) points"
    assert claim_p(finding(2)) == "p = 0.400"
    assert claim_p(replace(finding(2), p_holm=NAN)) == ""


def test_the_verdicts_are_counted():
    from dlfa.figures import claims_verdict

    found = [replace(finding(2), verdict=one) for one in ("structural", "undecided", "structural")]
    assert "1 cannot decide, 2 structural" in claims_verdict(found)


def test_tables_hold_what_the_page_shows():
    from dlfa.figures import claim_parts_table, claims_table

    rows = claim_parts_table(finding(2))
    assert [row["estimate"] for row in rows] == [-0.2, -0.1]
    assert rows[1]["low"] == ""
    (row,) = claims_table([finding(2)])
    assert (row["claim"], row["p_holm"], row["n"]) == (3, 0.4, 100)
