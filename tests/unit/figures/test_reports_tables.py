"""The numbers of a report as rows."""

import numpy as np
import pytest

from tests.unit.figures import report_samples as made
from tests.unit.figures import samples


def table(name: str):
    from dlfa import figures

    report = made.report(("baseline", "D_8", "D_9"), ("en", "sw"), effects=(("D_8", 0.05),))
    parts = {
        "accuracy": report.accuracies,
        "differences": report.differences,
        "stability": report.stability[0],
        "agreement": report.agreement,
        "confusions": report.confusions,
        "slices": report.slices[0],
    }
    return parts[name], getattr(figures, f"{name}_table")(parts[name], samples.provenance())


NAMES = ("accuracy", "differences", "stability", "agreement", "confusions", "slices")


@pytest.mark.parametrize("name", NAMES)
class TestEveryTable:
    def test_rows_have_the_same_columns_plain_values_and_their_source(self, name):
        _found, rows = table(name)
        assert len({tuple(row) for row in rows}) == 1
        assert {type(cell) for row in rows for cell in row.values()} <= {str, int, float, bool}
        assert {row["backbone"] for row in rows} == {"e5-small"}

    def test_is_written_as_csv_and_latex(self, name):
        from dlfa.ui.formats import latex, safe_csv

        _found, rows = table(name)
        assert len(safe_csv(rows).splitlines()) == 1 + len(rows)
        assert b"\\toprule" in latex(rows)


def test_accuracies_multiply_out_and_averages_are_of_languages():
    found, rows = table("accuracy")
    assert len(rows) == 3 * (1 + 2)
    for row in rows:
        if row["language"] != "average":
            assert np.isclose(row["accuracy"], row["right"] / row["n"])
            assert row["low"] < row["accuracy"] < row["high"]
    averages = [row["accuracy"] for row in rows if row["language"] == "average"]
    assert np.allclose(averages, found.average)


def test_holm_is_for_averages_and_mcnemar_for_languages():
    found, rows = table("differences")
    for row in rows:
        whole = row["language"] == "average"
        assert (row["p_holm"] == "") is not whole
        assert (row["p_mcnemar"] == "") is whole
    (row,) = (row for row in rows if (row["head"], row["language"]) == ("D_8", "sw"))
    assert row["difference"] == found.by_language[0, 1]
    assert row["only_head"] == found.only_head[0, 1]


def test_agreement_has_its_control_beside_the_mean_over_pairs():
    found, rows = table("agreement")
    controls = [row["expected"] for row in rows if row["measure"] == "pairwise"]
    assert np.allclose(controls, found.expected)
    assert all(row["expected"] == "" for row in rows if row["measure"] != "pairwise")
    assert len(rows) == 3 * (2 + 2)


def test_confusions_hold_every_example():
    found, rows = table("confusions")
    assert sum(row["n"] for row in rows) == found.counts.sum()


def test_slices_have_no_difference_where_there_is_no_baseline():
    from dlfa.figures import slices_table

    rows = slices_table(made.slices("genre", made.GENRES, ("D_8",)))
    assert [row["bin"] for row in rows] == list(made.GENRES)
    assert {row["difference"] for row in rows} == {""}


def test_the_shares_of_a_layers_draws_sum_to_one():
    _found, rows = table("stability")
    assert np.isclose(sum(row["share_of_draws"] for row in rows), 1)
    assert sum(row["best_on_all"] for row in rows) == 1
