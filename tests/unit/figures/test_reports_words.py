"""What is said about a report: never more than it bears."""

from dataclasses import replace

import numpy as np
import pytest

from dlfa.messages import _, catalogue
from tests.unit.figures import report_samples as made


@pytest.fixture(params=["en", "de"], autouse=True)
def language(request, monkeypatch):
    monkeypatch.setattr("dlfa.messages._asked", [lambda: request.param])
    return request.param


def says(text: str, key: str) -> bool:
    """Return whether a text is this message, up to the first thing that is filled in."""
    from dlfa.messages import spoken

    beginning = catalogue(spoken())[key].partition("{")
    return (beginning[0] or beginning[2].partition("}")[2].partition("{")[0]) in text


class TestReportVerdict:
    def test_noise_is_told_as_no_difference_with_the_highest_head_and_its_interval(self):
        from dlfa.figures import report_verdict

        report = made.report()
        text = report_verdict(report)
        assert says(text, "figure.verdict.report.none")
        best = report.differences.average.max()
        assert f"{100 * best:+.2f}".replace("-", "−") in text
        baseline = 100 * report.accuracies.average[0]
        assert says(text, "figure.verdict.report.baseline")
        assert f" {baseline:.1f} %" in text
        assert text.endswith(_("figure.verdict.scope"))

    def test_the_best_and_the_worst_language_are_named(self):
        from dlfa.figures import report_verdict

        text = report_verdict(made.report(languages=("en", "sw")), names=made.NAMES)
        assert text.index("English") < text.index("Swahili")

    def test_heads_that_are_equally_high_are_named_together(self):
        from dlfa.figures import report_verdict

        report = made.report(("baseline", "D_6", "D_7", "D_8"))
        found = replace(report.differences, average=np.array([0.001, -0.01, 0.001]))
        text = report_verdict(replace(report, differences=found))
        assert "D_6, +0.10" in text
        assert "D_8, +0.10" in text
        assert "D_7" not in text

    def test_what_only_holm_does_not_let_stand_is_told_so(self):
        from dlfa.figures import report_verdict

        report = made.report(("baseline", "D_7", "D_8"))
        ends = {"low": np.array([-0.05, 0.001]), "high": np.array([-0.01, 0.02])}
        found = replace(report.differences, average=np.array([-0.03, 0.01]), **ends)
        text = report_verdict(replace(report, differences=found))
        message = _("figure.verdict.report.highest.holm", told="#", heads=2)
        assert message.partition("#")[2] in text

    def test_a_difference_is_claimed_only_after_holm(self):
        from dlfa.figures import report_verdict

        report = made.report(("baseline", "D_7", "D_8"), effects=(("D_8", 0.08),))
        assert says(report_verdict(report), "figure.verdict.report.above.one")
        raw = replace(report.differences, p_holm=np.array([0.2, 0.2]))
        text = report_verdict(replace(report, differences=raw))
        assert not says(text, "figure.verdict.report.above.one")
        assert says(text, "figure.verdict.report.none")

    def test_the_highest_is_no_gain_where_only_losses_stand(self):
        from dlfa.figures import report_verdict

        report = made.report(("baseline", "D_7", "D_8"), effects=(("D_8", -0.08),))
        text = report_verdict(report)
        assert _("figure.verdict.report.below.one", count=1, heads=2) in text
        falls = _("figure.verdict.report.highest.falls", told="#", heads=2).partition("#")[2]
        assert falls in text

    @pytest.mark.parametrize(("effect", "key"), [(0.05, "above"), (-0.05, "below"), (0.0, "none")])
    def test_one_head_is_told_by_itself(self, effect, key):
        from dlfa.figures import report_verdict

        report = made.report(("baseline", "D_8"), effects=(("D_8", effect),))
        assert says(report_verdict(report), f"figure.verdict.report.one.{key}")

    def test_without_the_baseline_there_is_no_difference(self):
        from dlfa.figures import report_verdict

        assert says(report_verdict(made.report(("D_7", "D_8"))), "figure.verdict.report.without")
        assert says(report_verdict(made.report(("D_8",))), "figure.verdict.report.alone")

    def test_heads_that_answer_as_the_baseline_are_told_so(self):
        from dlfa.figures import report_verdict

        report = made.report(("baseline", "D_8"))
        none = np.zeros_like(report.differences.only_head)
        same = replace(report.differences, only_head=none, only_reference=none)
        text = report_verdict(replace(report, differences=same))
        assert says(text, "figure.verdict.report.same")

    def test_a_part_says_that_it_is_one_and_that_looking_often_finds_something(self):
        from dlfa.figures import report_verdict

        heads = ("baseline", "D_7", "D_8")
        text = report_verdict(made.report(heads, total=9000, effects=(("D_8", 0.08),)))
        assert text.startswith(_("figure.report.partial", done="1,500", total="9,000"))
        assert _("figure.verdict.early") in text
        assert _("figure.verdict.early") not in report_verdict(made.report(heads, total=9000))


class TestOtherVerdicts:
    def test_a_layer_is_settled_only_where_nearly_all_draws_choose_it(self):
        from dlfa.figures import stability_verdict

        heads = ("D_1", "D_2", "D_3")
        firm = made.stability("paper", heads, firm=True)
        assert says(stability_verdict(firm), "figure.verdict.stability.settled")
        assert says(
            stability_verdict(made.stability("paper", heads)), "figure.verdict.stability.open"
        )

    def test_a_layer_that_is_settled_is_not_called_better_than_the_baseline(self):
        from dlfa.figures import stability_verdict

        firm = made.stability("paper", ("D_7", "D_8"), firm=True)
        found = made.report(("baseline", "D_7", "D_8")).differences
        text = stability_verdict(firm, found, split="test")
        assert f"{100 * found.average[1]:+.2f}".replace("-", "−") in text
        assert text.endswith(_("figure.verdict.stability.test"))
        assert not stability_verdict(firm, found, split="validation").endswith(
            _("figure.verdict.stability.test")
        )

    @pytest.mark.parametrize(("gain", "key"), [(0.1, "more"), (0.01, "no"), (-0.1, "no")])
    def test_agreement_is_more_than_labels_explain_only_beyond_its_interval(self, gain, key):
        from dlfa.figures import agreement_verdict

        found = made.agreement(("D_8",), ("en", "sw"), gain)
        assert says(agreement_verdict(found, head="D_8"), f"figure.verdict.agreement.{key}")

    def test_the_most_frequent_mistake_is_told_with_the_baselines(self):
        from dlfa.figures import confusion_verdict

        found = made.confusions(("baseline", "D_8"), ("en",))
        counts = found.counts.copy()
        counts[1, 0, 2] = (300, 60, 40)
        counts[0, 0, 2] = (100, 0, 300)
        text = confusion_verdict(replace(found, counts=counts), head="D_8", language="en")
        told = _("label.contradiction"), _("label.entailment"), "75.0", "300", "400", "25.0"
        assert all(word in text for word in told)

    def test_no_mistake_is_told_so(self):
        from dlfa.figures import confusion_verdict

        found = made.confusions(("D_8",), ("en",))
        right = np.eye(3, dtype=int)[None, None] * 5
        text = confusion_verdict(replace(found, counts=right), head="D_8")
        told = {"head": "D_8", "place": _("figure.confusions.all")}
        assert text == _("figure.verdict.confusion.none", **told)

    def test_two_runs_differ_nowhere_by_chance_or_beyond_it(self):
        from dlfa.figures import comparison_verdict

        heads, codes = ("baseline", "D_8"), ("en", "sw")
        same = made.comparison(heads, codes, turned=0)
        assert says(comparison_verdict(same), "figure.verdict.runs.same")
        noise = comparison_verdict(made.comparison(heads, codes))
        assert says(noise, "figure.verdict.runs.none")
        assert says(noise, "figure.verdict.runs.most")
        effect = made.comparison(heads, codes, effects=(("D_8", 0.05),))
        assert says(comparison_verdict(effect), "figure.verdict.runs.some")
        tags = replace(effect, differences=replace(effect.differences, metric="f1"))
        assert says(comparison_verdict(tags), "figure.verdict.runs.some.words")
        assert _("metric.f1") in comparison_verdict(tags)


def test_p_values_are_never_zero():
    from dlfa.figures.scores import p_word

    assert p_word(0.0) == _("figure.report.p.small", p=0.001)
    assert p_word(0.0344) == _("figure.report.p", p="0.034")
