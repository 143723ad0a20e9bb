"""The figures of a report show its numbers, and nothing else."""

import time
from dataclasses import replace

import numpy as np
import pytest

from dlfa.messages import _
from tests.unit.figures import report_samples as made

EFFECTS = (("D_8", 0.03), ("D_2_aff", -0.04))


@pytest.fixture
def look():
    from dlfa.figures import Look

    return Look()


def row_of(figure, row: int, trace: int = 0) -> list[str]:
    return list(figure.data[trace].text[row])


class TestAccuracyHeatmap:
    def drawn(self, found, look, **options):
        from dlfa.figures import accuracy_heatmap

        return accuracy_heatmap(found, look, names=made.NAMES, **options)

    def test_cells_are_shares_english_first_then_by_the_baseline(self, look):
        found = made.accuracies(("baseline", "D_8"), ("sw", "ar", "en"))
        figure = self.drawn(found, look)
        ease = found.right[0] / found.n
        order = [2, *sorted((0, 1), key=lambda at: -ease[at])]
        assert np.allclose(figure.data[0].z[0], ease[order])
        assert np.allclose(figure.data[1].z[[0, 2], 0], found.average)
        assert row_of(figure, 0) == [f"{100 * share:.0f}" for share in ease[order]]

    def test_the_alphabet_is_another_order(self, look):
        found = made.accuracies(("baseline",), ("sw", "zh", "en", "ar"))
        names = list(self.drawn(found, look, order="alphabet").layout.xaxis.ticktext)
        assert [name.strip("\u2068\u2069") for name in names[:4]] == [
            *("English", "&lt;b&gt;Arabic&lt;/b&gt;", "Swahili", "zh")
        ]

    def test_each_cell_tells_its_interval_and_its_counts_when_pointed_at(self, look):
        found = made.accuracies(("baseline", "D_8"), ("en", "sw"))
        told = self.drawn(found, look).data[0].customdata
        expected = [found.low[1, 1], found.high[1, 1], found.right[1, 1], found.n[1]]
        assert told[2][1][1:] == expected  # row 1 is the heading of the gate's kind
        assert told[1] == [[""], [""]]

    def test_one_language_has_no_average_of_its_own(self, look):
        assert len(self.drawn(made.accuracies(("baseline", "D_8"), ("en",)), look).data) == 1

    def test_published_numbers_stand_apart_and_not_on_our_scale(self, look):
        found = made.accuracies(("baseline", "D_8", "D_8_aff"), ("en", "sw"))
        ours, average, theirs = self.drawn(found, look, published=made.PUBLISHED).data
        assert ours.coloraxis == average.coloraxis == "coloraxis"
        assert theirs.coloraxis is None
        assert len({colour for _at, colour in theirs.colorscale}) == 1
        assert [text for (text,) in theirs.text] == ["65.40", "", "66.90", "", ""]
        assert theirs.x0 - theirs.dx / 2 > average.x0 + average.dx / 2 > ours.x0 + 1.5
        without = self.drawn(found, look)
        assert np.array_equal(without.data[1].z, average.z, equal_nan=True)
        assert (
            without.layout.coloraxis
            == self.drawn(found, look, published={"D_8": 1.0}).layout["coloraxis"]
        )

    def test_a_language_without_examples_yet_is_an_empty_cell(self, look):
        found = made.accuracies(("baseline",), ("en", "sw"))
        found = replace(found, n=np.array([100, 0]), right=np.array([[70, 0]]))
        assert row_of(self.drawn(found, look), 0) == ["70", ""]

    def test_its_title_says_how_far_it_is(self, look):
        found = made.accuracies(("baseline",), ("en", "sw"))
        title = self.drawn(found, look, partial=(640, 1500)).layout.title.text
        assert "640" in title
        assert "1,500" in title

    def test_differences_are_in_points_and_a_star_is_holms(self, look):
        report = made.report(effects=EFFECTS)
        options = {"subject": "difference", "differences": report.differences}
        figure = self.drawn(report.accuracies, look, **options)
        average = [text for (text,) in figure.data[1].text if text]
        starred = [text for text in average if text.endswith("*")]
        assert len(average) == 22
        assert len(starred) == 2
        assert (
            np.nanmax(np.abs(figure.data[0].z))
            == 100 * np.abs(report.differences.by_language).max()
        )

    def test_differences_have_a_decimal_only_where_there_are_examples_for_it(self, look):
        for n, decimals in ((100, False), (101, True)):
            report = made.report(("baseline", "D_8"), ("en", "sw"), n)
            differences = replace(report.differences, by_language=np.array([[0.014, -0.006]]))
            options = {"subject": "difference", "differences": differences}
            figure = self.drawn(report.accuracies, look, **options)
            assert row_of(figure, 1) == (["+1.4", "−.6"] if decimals else ["+1", "−1"])

    def test_accuracies_have_a_decimal_where_there_are_pairs_and_room_for_it(self, look):
        for n, wide, decimal in ((500, True, True), (499, True, False), (500, False, False)):
            found = made.accuracies(("baseline", "D_8"), ("en", "sw"), n)
            figure = self.drawn(found, look, wide=wide)
            assert all(("." in text) == decimal for text in row_of(figure, 0))
            if wide:
                assert len({trace.textfont.size for trace in figure.data}) == 1

    @pytest.mark.parametrize(
        ("languages", "wide", "told"), [(16, False, False), (16, True, True), (15, False, True)]
    )
    def test_cells_too_narrow_for_letters_have_none(self, look, languages, wide, told):
        codes = tuple(f"q{chr(97 + at)}" for at in range(languages))
        figure = self.drawn(made.accuracies(("baseline", "D_8"), codes, 90), look, wide=wide)
        assert bool(figure.data[0].texttemplate) == told
        assert figure.data[1].texttemplate  # the averages, which have room

    def test_an_average_of_nearly_nothing_has_no_minus(self, look):
        report = made.report(("baseline", "D_8"), ("en", "sw"))
        nothing = replace(report.differences, average=np.array([-0.00004]))
        options = {"subject": "difference", "differences": nothing}
        figure = self.drawn(report.accuracies, look, **options)
        assert [text for (text,) in figure.data[1].text if text] == ["+0.00"]

    def test_no_differences_are_an_error(self, look):
        with pytest.raises(ValueError, match="differences"):
            self.drawn(made.accuracies(("D_8",), ("en",)), look, subject="difference")

    def test_a_live_picture_is_quick(self, look):
        found = made.report(n=200).accuracies
        times = []
        for _attempt in range(7):
            start = time.perf_counter()
            self.drawn(found, look, partial=(1, 2))
            times.append(time.perf_counter() - start)
        assert min(times) < 0.1  # about 0.01 where types are not checked on every call

    def test_text_reads_on_all_its_colours(self):
        from dlfa.figures import Look
        from dlfa.figures.numbered import fewer_to_more, rising, worse_to_better

        for look in (Look(), Look(dark=True)):
            for colour in {*rising(look), *worse_to_better(look), *fewer_to_more(look)}:
                assert contrast(colour, look.text) >= 4.5, (look, colour)


def contrast(one: str, other: str) -> float:
    """Return the ratio of WCAG 2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares]
    return float(np.dot((0.2126, 0.7152, 0.0722), linear))


class TestDifferenceForest:
    def test_only_what_holm_leaves_standing_is_filled(self, look):
        from dlfa.figures import difference_forest

        report = made.report(effects=EFFECTS)
        marks = difference_forest(report.differences, look).data[0]
        filled = [
            head
            for head, symbol in zip(report.differences.heads, marks.marker.symbol, strict=True)
            if not symbol.endswith("-open")
        ]
        assert sorted(filled) == sorted(report.differences.claimed())
        assert np.allclose(marks.x, report.differences.average)
        assert np.allclose(marks.x + marks.error_x.array, report.differences.high)

    def test_languages_stay_hollow_and_english_leads(self, look):
        from dlfa.figures import difference_forest

        report = made.report(languages=("sw", "en"), effects=EFFECTS)
        figure = difference_forest(report.differences, look, head="D_8", names=made.NAMES)
        marks = figure.data[0]
        assert set(marks.marker.symbol) == {"circle-open"}  # Holm's correction is over heads
        at = report.differences.heads.index("D_8")
        assert np.allclose(marks.x[1:], report.differences.by_language[at, [1, 0]])

    def test_zero_is_in_the_middle_and_everything_is_inside(self, look):
        from dlfa.figures import difference_forest

        found = made.report(effects=EFFECTS).differences
        low, high = difference_forest(found, look).layout.xaxis.range
        assert low == -high
        assert high > max(np.abs(found.low).max(), np.abs(found.high).max())

    def test_runs_may_differ_in_the_baseline_too(self, look):
        from dlfa.figures import difference_forest

        figure = difference_forest(made.comparison().differences, look, runs=True)
        assert "A − B" in figure.layout.title.text
        marks = figure.data[0]
        assert marks.marker.symbol[0] == "square-open"


class TestStabilityBars:
    def test_bars_are_shares_and_the_line_is_the_even_share(self, look):
        from dlfa.figures import stability_bars

        found = made.stability("aff", ("D_1_aff", "D_4_aff"), firm=True)
        figure = stability_bars(found, look)
        assert list(figure.data[0].x) == [1, 4]
        assert np.allclose(figure.data[0].y, found.share)
        assert figure.layout.shapes[0].y0 == 0.5


class TestAgreementBars:
    def test_means_over_pairs_stand_beside_their_control(self, look):
        from dlfa.figures import agreement_bars

        far = made.agreement(("baseline", "D_8"), ("en", "sw", "ar"))
        found = replace(far, expected=far.pairwise_low - 0.01)
        control, pairs = agreement_bars(found, look).data
        assert np.allclose(control.x, found.expected)
        assert np.allclose(pairs.x, found.pairwise)

    def test_a_control_far_from_every_head_is_told_and_takes_no_width(self, look):
        from dlfa.figures import agreement_bars
        from dlfa.figures.words import tenths

        found = made.agreement(("baseline", "D_8"), ("en", "sw", "ar"))
        figure = agreement_bars(found, look)
        (pairs,) = figure.data
        assert np.allclose(pairs.x, found.pairwise)
        assert tenths(float(found.expected.min())) in figure.layout.title.text
        assert figure.layout.xaxis.range[0] > found.expected.max()

    def test_a_head_is_held_against_the_reference_language(self, look):
        from dlfa.figures import agreement_bars

        found = made.agreement(("baseline", "D_8"), ("en", "sw", "ar"))
        control, points = agreement_bars(found, look, head="D_8").data
        assert np.allclose(points.x, [found.pairwise[1], *found.with_reference[1, 1:]])
        assert np.allclose(control.x, found.expected[1])

    def test_a_head_that_is_not_there_is_an_error(self, look):
        from dlfa.figures import agreement_bars

        with pytest.raises(ValueError, match="not in tuple"):
            agreement_bars(made.agreement(("D_8",), ("en", "sw")), look, head="D_9")


class TestConfusionMatrices:
    def test_rows_are_shares_of_the_right_label_the_baseline_at_the_left(self, look):
        from dlfa.figures import confusion_matrices

        found = made.confusions(("baseline", "D_8"), ("en", "sw"))
        left, right = confusion_matrices(found, look, head="D_8").data
        for trace, at in ((left, 0), (right, 1)):
            counts = found.counts[at].sum(0)
            assert np.allclose(trace.z, counts / counts.sum(1, keepdims=True))
            assert np.allclose(trace.z.sum(1), 1)
            assert trace.text[0][0].endswith(f"<br>{counts[0, 0]}")

    def test_a_difference_sums_to_nothing_in_every_row(self, look):
        from dlfa.figures import confusion_matrices

        found = made.confusions(("baseline", "D_8"), ("en", "sw"))
        options = {"head": "D_8", "language": "sw", "difference": True}
        (trace,) = confusion_matrices(found, look, **options).data
        assert np.allclose(trace.z.sum(1), 0)
        assert trace.zmin == -trace.zmax

    def test_a_label_without_examples_is_an_empty_row(self, look):
        from dlfa.figures import confusion_matrices

        found = made.confusions(("D_8",), ("en",))
        counts = found.counts.copy()
        counts[:, :, 1] = 0
        (trace,) = confusion_matrices(replace(found, counts=counts), look, head="D_8").data
        assert list(trace.text[1]) == ["", "", ""]

    def test_a_difference_needs_another_head(self, look):
        from dlfa.figures import confusion_matrices

        found = made.confusions(("D_8",), ("en",))
        with pytest.raises(ValueError, match="another head"):
            confusion_matrices(found, look, head="D_8", difference=True)


class TestSlicesPlot:
    def test_points_are_accuracies_and_counts_stand_under_the_kinds(self, look):
        from dlfa.figures import slices_plot

        found = made.slices("tokens", ("1-20", "61+"), ("baseline", "D_8"))
        figure = slices_plot(found, look, heads=("baseline", "D_8", "D_9"))
        assert len(figure.data) == 2
        assert np.allclose(figure.data[1].x, found.right[1] / found.n)
        for label, n in zip(figure.layout.yaxis.ticktext, found.n, strict=True):
            assert f"{n:,}" in label

    def test_the_difference_to_the_baseline_is_told_but_not_of_the_baseline(self, look):
        from dlfa.figures import slices_plot

        found = made.slices("negation", ("no", "yes"), ("baseline", "D_8"))
        base, head = slices_plot(found, look, heads=("baseline", "D_8")).data
        assert base.customdata[0][4] == ""
        assert f"{100 * found.difference[1, 0]:+.1f}".replace("-", "−") in head.customdata[0][4]

    def test_says_that_none_of_the_heads_is_there(self, look):
        from dlfa.figures import describe_slices, slices_plot
        from dlfa.messages import _

        found = made.slices("negation", ("no", "yes"), ("D_8",))
        assert not slices_plot(found, look, heads=("baseline",)).data
        assert describe_slices(found, heads=("baseline",)) == _("figure.slices.none")


class TestRunHeatmap:
    def test_columns_are_both_runs_and_their_difference(self, look):
        from dlfa.figures import run_heatmap

        found = made.comparison(("baseline", "D_8"), ("sw", "en"), effects=(("D_8", 0.05),))
        sides, minus = run_heatmap(found, look, head="D_8", names=made.NAMES).data
        first, second = found.first, found.second
        assert np.allclose(sides.z[0], [first.average[1], second.average[1]])
        assert np.allclose(sides.z[1], [first.right[1, 1] / 90, second.right[1, 1] / 91])
        expected = [found.differences.average[1], *found.differences.by_language[1, [1, 0]]]
        assert np.allclose(minus.z[:, 0], expected)
        assert minus.text[0][0].endswith("*")
        assert minus.customdata[0][0][2] == "6"

    def test_tags_are_shown_by_their_measure(self, look):
        from dlfa.figures import run_heatmap

        pairs = made.comparison(("baseline", "D_8"), ("sw", "en"))
        measured = np.array([[0.1, 0.2], [0.3, 0.4]])
        tags = replace(
            pairs,
            first=replace(pairs.first, metric="f1", measured=measured),
            differences=replace(pairs.differences, metric="f1"),
        )
        sides, minus = run_heatmap(tags, look, head="D_8", names=made.NAMES).data
        assert np.allclose(sides.z[1:, 0], [0.4, 0.3])  # English first
        assert minus.hovertemplate == _("figure.runs.hover.difference.words")


def test_figures_speak_german(look, monkeypatch):
    from dlfa.figures import stability_bars
    from dlfa.messages import catalogue

    monkeypatch.setattr("dlfa.messages._asked", [lambda: "de"])
    figure = stability_bars(made.stability("paper", ("D_1", "D_2")), look)
    assert catalogue("de")["figure.stability.title"] in figure.layout.title.text
