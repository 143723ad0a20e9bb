"""Figures of a changed gate: nothing stands without its control."""

import html
import json
import re

import numpy as np
import pytest

from tests.unit.figures import samples
from tests.unit.figures import whatif_drawings as made

OURS = re.compile(r"</?(b|i|span|br|extra)( style=\"[^\"<>]*\")?/?>")


def look(**options: bool):
    from dlfa.figures import Look

    return Look(**options)


@pytest.mark.parametrize("name", made.FIGURES)
class TestEveryFigure:
    @pytest.mark.parametrize("options", [{}, {"dark": True}, {"large": True}], ids=str)
    def test_is_drawn_in_every_look_on_transparent_paper(self, name, options):
        figure = made.drawings(look(**options))[name][0]()
        assert json.loads(figure.to_json())["data"]
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
        assert 100 < figure.layout.height < 3000

    def test_its_alt_text_is_plain_and_its_title_fits_a_phone(self, name):
        draw, tell = made.drawings(look())[name]
        assert 20 < len(tell()) < 500
        assert tell().endswith(".")
        assert not {"*", "figure."} & set(tell().split())
        lines = [
            html.unescape(OURS.sub("", line)) for line in draw().layout.title.text.split("<br>")
        ]
        assert len(lines[0]) <= 45
        assert all(len(line) <= 62 for line in lines), lines

    def test_no_text_of_a_visitor_is_taken_for_markup(self, name):
        for text in samples.texts(made.drawings(look())[name][0]()):
            assert "<" not in OURS.sub("", text)
            assert "$" not in text


def test_every_answer_stands_beside_its_control_and_the_baseline():
    from dlfa.figures import answers_changed

    found = made.what_if("one")
    figure = answers_changed(found, look(), kind="paper")
    by_sign = {}
    for trace in figure.data:
        if trace.mode == "markers":
            by_sign.setdefault(trace.marker.symbol, []).append(list(trace.x))
    for sign, shares in (
        ("circle-open", found.probabilities[0]),
        ("circle", found.probabilities[1]),
        ("x-thin-open", found.controls[1]),
    ):
        np.testing.assert_allclose(by_sign[sign], shares[:2].T, rtol=1e-6)
    assert [shape.x0 for shape in figure.layout.shapes] == pytest.approx(found.baseline.tolist())


@pytest.mark.parametrize(("control", "said"), [(0.9, "within"), (0.0, "beyond")])
def test_the_verdict_follows_the_control(control, said):
    from dlfa.figures.whatif_words import whatif_verdict
    from dlfa.messages import _

    before = np.array([0.5, 0.3, 0.2])
    after, other = before + np.array([-0.2, 0.2, 0]), before + control * np.array([-0.5, 0.5, 0])
    found = made.what_if(
        "one",
        heads=("D_1",),
        probabilities=np.array([[before], [after]]),
        controls=np.array([[before], [other]]),
        control_deviations=np.zeros((2, 1, 3)),
    )
    told = whatif_verdict(found, "D_1", 1)
    tail = _(f"whatif.verdict.{said}", control="C", points="N").partition("N")[2]
    assert tail in told
    assert _("whatif.verdict.flips", before="entailment", after="neutral", percent="50") in told


def test_a_control_that_moves_less_is_never_said_to_move_no_less():
    from dlfa.figures.whatif_words import whatif_verdict

    before, after = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.4, 0.2])  # 10 points
    other = np.array([0.44, 0.36, 0.2])  # 6 points, and 6 more within its draws
    found = made.what_if(
        "one",
        heads=("D_1",),
        probabilities=np.array([[before], [after]]),
        controls=np.array([[before], [other]]),
        control_deviations=np.array([[[0, 0, 0]], [[0.03, 0.03, 0]]]),
    )
    told = whatif_verdict(found, "D_1", 1)
    assert "moves 6.0, and up to 12.0" in told
    assert "does not stand out from chance" in told


class TestLayers:
    def test_the_gate_as_trained_has_neither_change_nor_control(self):
        from dlfa.figures import layer_curves

        plain = layer_curves(made.layer_answers("trained", ("ar",)), look(), label="neutral")
        assert len([trace for trace in plain.data if trace.mode == "lines"]) == 1
        changed = layer_curves(made.layer_answers("half", ("ar",)), look(), label="neutral")
        assert len([trace for trace in changed.data if trace.mode == "lines"]) == 3


class TestTrial:
    @pytest.mark.parametrize(("p", "symbol"), [(0.01, "circle"), (0.5, "circle-open")])
    def test_only_a_mean_that_stands_after_holm_is_filled(self, p, symbol):
        from dlfa.figures import intervention_effects

        figure = intervention_effects(made.trial(p=p), look(), head="D_1")
        assert figure.data[0].marker.symbol[0] == symbol
        assert set(figure.data[0].marker.symbol[1:]) == {"circle-open"}

    def test_agreement_leaves_out_the_language_it_is_with(self):
        from dlfa.figures import intervention_effects

        figure = intervention_effects(made.trial(), look(), head="D_1")
        sizes = [len(trace.x) for trace in figure.data]
        assert sizes == [3, 3, 2, 2]  # the mean, English and Swahili; the mean and Swahili

    def test_one_language_has_accuracy_alone(self):
        from dlfa.figures import intervention_effects, trial_effects_table

        alone = made.trial(agreement=False, languages=("ur",))
        assert len(intervention_effects(alone, look(), head="D_1_aff").data) == 2
        assert {row["measure"] for row in trial_effects_table(alone)} == {"accuracy"}

    def test_the_table_holds_every_mean_and_every_language(self):
        from dlfa.figures import trial_effects_table

        rows = trial_effects_table(made.trial())
        assert len(rows) == 2 * 2 * (3 + 2)


def test_tables_hold_every_number():
    from dlfa.figures import layers_table, whatif_table

    assert len(whatif_table(made.what_if("one"))) == 2 * 3 * 3
    assert len(layers_table(made.layer_answers())) == 3 * 3 * 3
