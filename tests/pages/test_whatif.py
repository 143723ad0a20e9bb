"""What if, as a visitor meets it."""

import re

import pytest

from tests.pages.visitor import (
    Open,
    alt_texts,
    everything_said,
    figures,
    messages,
    word,
    write,
)


class TestFirstSight:
    def test_shows_every_head_before_and_after_beside_the_control(self, open_app: Open):
        app = open_app("whatif")
        assert messages(app) == []
        assert not app.toast
        assert [title.value for title in app.title] == [word("whatif.title")]
        assert set(figures(app)) == {"whatif"}
        signs = {
            trace["marker"]["symbol"]
            for trace in figures(app)["whatif"]["data"]
            if trace["mode"] == "markers"
        }
        assert signs == {"circle", "circle-open", "x-thin-open"}

    def test_tells_error_cost_and_command(self, open_app: Open):
        app = open_app("whatif")
        cost = re.escape(word("whatif.cost", variants="N", ms="N", encoder="N", error="N"))
        assert re.search(cost.replace("N", r"[\de.,+-]+"), everything_said(app))
        assert "python -m dlfa intervene" in app.code[0].value
        assert "--change one" in app.code[0].value

    def test_the_pair_comes_along_from_predict(self, open_app: Open):
        app = write(open_app(), "A child plays.", "Nobody plays.")
        app.button(key="further-whatif").click().run()
        assert [title.value for title in app.title] == [word("whatif.title")]
        assert app.text_area(key="premise").value == "A child plays."
        assert "A child plays." in app.code[0].value

    def test_a_set_asks_for_no_pair_and_all_layers_for_no_layer(self, open_app: Open):
        app = open_app("whatif", if_view="set", if_change="edit")
        assert messages(app) == []
        assert not app.text_area
        assert "if_words" not in {one.key for one in app.multiselect}
        app = open_app("whatif", if_view="layers")
        assert messages(app) == []
        assert "layer" not in {one.key for one in app.select_slider}


class TestChanges:
    @pytest.mark.parametrize("change", ["one", "mean-tokens", "no-global", "swap"])
    def test_each_is_another_figure(self, open_app: Open, change):
        app = open_app("whatif", if_change=change)
        assert messages(app) == []
        assert not app.toast
        assert app.selectbox(key="if_change").value == change
        assert f"--change {change}" in app.code[0].value
        if change == "swap":
            assert "--translation" in app.code[0].value

    def test_a_slider_scales_the_gate_with_its_curve(self, open_app: Open):
        app = open_app("whatif", if_change="scale", if_factor="150")
        assert set(figures(app)) == {"whatif", "scale"}
        assert "--change scale:1.5" in app.code[0].value
        before = figures(app)
        app.slider(key="if_factor").set_value(20).run()
        assert figures(app)["whatif"] != before["whatif"]
        assert figures(app)["scale"]["data"] == before["scale"]["data"]
        assert app.query_params["if_factor"] in ("20", ["20"])
        assert len(alt_texts(app)["scale"]) > 40

    def test_words_and_channels_can_be_edited(self, open_app: Open):
        app = open_app("whatif", if_change="edit", if_words=["1", "2"], if_last="5")
        assert messages(app) == []
        assert app.multiselect(key="if_words").value == ["1", "2"]
        assert re.search(r"set:0@tokens=[\d,-]+@channels=0-5", app.code[0].value)
        assert word("whatif.control.random") in everything_said(app)
        app.multiselect(key="if_words").set_value([]).run()
        assert "@tokens" not in app.code[0].value

    def test_own_sentences_are_asked_for_their_translation(self, open_app: Open):
        app = open_app("whatif", if_change="swap", example="own")
        assert word("whatif.swap.own") in everything_said(app)
        assert not figures(app)


class TestLayers:
    def test_shows_the_pair_and_its_translations(self, open_app: Open):
        app = open_app("whatif", if_view="layers", if_change="half")
        assert messages(app) == []
        spec = figures(app)["layers"]
        dashes = [
            trace["line"].get("dash", "solid") for trace in spec["data"] if trace["mode"] == "lines"
        ]
        assert dashes[-3:] == ["solid", "dash", "dot"]
        assert len(dashes) == 14 + 3
        assert "layer_answers" in app.code[0].value

    def test_what_belongs_to_one_pair_leaves_the_gates_as_trained(self, open_app: Open):
        app = open_app("whatif", if_view="layers", if_change="swap")
        assert word("whatif.layers.trained") in everything_said(app)


class TestSet:
    def test_what_belongs_to_one_pair_is_told_kindly(self, open_app: Open):
        app = open_app("whatif", if_view="set", if_change="swap")
        assert messages(app) == []
        assert word("whatif.set.one_pair") in everything_said(app)

    @pytest.mark.slow
    def test_is_made_in_the_background_and_then_shown(self, open_app: Open):
        import time

        app = open_app("whatif", if_view="set", if_change="one")
        assert "python -m dlfa intervene --task xnli" in app.code[-1].value
        for _look in range(240):
            if "effects" in figures(app):
                break
            time.sleep(1)
            app.run()
        assert messages(app) == []
        assert len(alt_texts(app)["effects"]) > 40
        assert "--change one" in app.code[-1].value


def test_a_model_that_tags_words_is_answered_with_the_ways_over(open_app: Open):
    app = open_app("whatif", model="e5-small-ner")
    assert messages(app) == []
