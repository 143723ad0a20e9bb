"""Gates, as a visitor meets them."""

import re

import pytest

from tests.pages.visitor import Open, alt_texts, everything_said, figures, messages, word

FIGURES = {"gate", "tokens", "layers", "shares"}


class TestFirstSight:
    def test_shows_a_layer_and_all_layers_without_a_click(self, open_app: Open):
        app = open_app("gates")
        assert messages(app) == []
        assert [title.value for title in app.title] == [word("gates.title")]
        assert set(figures(app)) == FIGURES
        assert all(len(alt) > 40 for alt in alt_texts(app).values())

    def test_says_that_all_layers_took_one_pass(self, open_app: Open):
        said = everything_said(open_app("gates"))
        wanted = re.escape(word("gates.layers.passes", passes=1, ms="N", heads=22))
        assert re.search(wanted.replace("N", r"\d+", 1), said)

    def test_names_the_reading_of_the_gate_and_how_it_began(self, open_app: Open):
        app = open_app("gates")
        said = everything_said(app)
        assert word("ui.gate.paper.note") in said
        assert word("ui.gate_init.neutral") in said
        app.segmented_control(key="gate").set_value("aff").run()
        assert word("ui.gate.aff.note") in everything_said(app)


class TestChoices:
    def test_another_layer_is_another_figure(self, open_app: Open):
        app = open_app("gates")
        before = figures(app)
        app.select_slider(key="layer").set_value(3).run()
        after = figures(app)
        assert after["gate"] != before["gate"]
        assert after["tokens"] != before["tokens"]
        assert after["layers"] == before["layers"]
        assert "D_3" in alt_texts(app)["gate"]

    def test_another_reading_is_another_figure(self, open_app: Open):
        app = open_app("gates")
        before = figures(app)
        app.segmented_control(key="gate").set_value("aff").run()
        assert figures(app)["layers"] != before["layers"]

    def test_the_gate_as_used_can_be_seen(self, open_app: Open):
        app = open_app("gates")
        before = alt_texts(app)["gate"]
        app.segmented_control(key="show").set_value("gate").run()
        assert messages(app) == []
        assert alt_texts(app)["gate"] != before

    def test_a_link_opens_the_same_view(self, open_app: Open):
        app = open_app("gates", layer="3", gate="aff", show="gate", example="pnli-02", lang="ar")
        assert app.select_slider(key="layer").value == 3
        assert app.segmented_control(key="gate").value == "aff"
        assert app.segmented_control(key="show").value == "gate"
        assert app.selectbox(key="lang").value == "ar"
        assert not app.toast


class TestVerdict:
    """The page must say so where a trained gate varies no more than its control."""

    @pytest.mark.parametrize(
        ("trained", "untrained", "noise", "keys"),
        [
            (0.09, 0.0, 0.28, {"clear", "chance"}),
            (0.09, 0.0, 0.05, {"clear"}),
            (0.02, 0.0, 0.28, {"faint", "chance"}),
            (0.0, 0.0, 0.28, {"unclear", "chance"}),
            (0.29, 0.28, 0.28, {"unclear"}),
        ],
    )
    def test_follows_the_numbers(self, trained, untrained, noise, keys):
        from dlfa.ui.verdicts import gate_verdict

        cells = {"trained": trained, "untrained": untrained, "noise": noise}
        said = gate_verdict({state: {"cells": value} for state, value in cells.items()})
        for key in ("clear", "faint", "unclear", "chance"):
            assert (word(f"gates.verdict.{key}") in said) == (key in keys)

    def test_is_on_the_page(self, open_app: Open):
        said = everything_said(open_app("gates"))
        assert any(word(f"gates.verdict.{key}") in said for key in ("clear", "faint", "unclear"))
