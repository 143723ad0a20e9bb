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
    figure = drawn(replace(finding(4, 1.0, 3.0), claim=6))
    low, high = figure.layout.xaxis.range
    assert low < -0.5
    assert high > 3.0
    assert {shape.type for shape in figure.layout.shapes} == {"line", "rect"}


def test_one_threshold_is_a_line_and_no_band():
    (line,) = drawn(finding(4, 0.5)).layout.shapes
    assert (line.type, line.x0, line.x1) == ("line", 0.5, 0.5)


def test_thresholds_of_two_verdicts_are_lines_and_no_band_to_be_in():
    found = replace(finding(4, 0.0, 0.5), claim=2)
    assert [shape.type for shape in drawn(found).layout.shapes] == ["line", "line"]


def test_only_parts_that_pass_by_themselves_are_filled_and_those_beside_the_rule_look_otherwise():
    points = drawn(finding(3)).data[0]
    assert list(points.marker.symbol) == ["diamond-open", "circle", "circle-open"]


def test_signs_that_are_not_on_the_picture_are_not_in_its_key():
    from dlfa.messages import _

    found = finding(3)
    apart = replace(found, parts=tuple(replace(one, passes=None) for one in found.parts))
    told = drawn(apart).layout.title.text
    assert _("figure.claim.beside") in told
    assert _("figure.claim.passes") not in told


def test_a_long_name_of_a_part_is_broken_into_lines():
    from dlfa.results.claims import Saying

    found = finding(2)
    long = replace(found.parts[0], title=Saying(key="claims.part.retrieval"))
    figure = drawn(replace(found, parts=(long, found.parts[1])))
    assert all(len(line) <= 24 for line in figure.layout.yaxis.ticktext[0].split("<br>"))
    assert figure.layout.height > drawn(found).layout.height


def test_numbers_are_said_to_be_of_the_part_that_decides():
    from dlfa.figures import claim_lead

    assert claim_lead(replace(finding(2), lead="D_1")) == str(finding(2).parts[1].title)
    assert claim_lead(replace(finding(1), lead="D_0")) == ""
    assert claim_lead(finding(2)) == ""


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
    from dlfa.figures import claim_numbers, claim_p, claim_p_cell

    assert claim_p_cell(finding(2)) == "0.400"
    assert claim_p_cell(replace(finding(2), p_holm=1e-9)) == "< 0.001"
    assert claim_p_cell(replace(finding(2), p_holm=NAN)) == ""
    assert claim_numbers(finding(2)) == "−0.20 (−0.50 to +0.20) points"
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
