"""Gates, as a visitor meets them."""

import re

import numpy as np
import pytest

from tests.pages.visitor import Open, alt_texts, everything_said, figures, messages, word

VIEWS = {
    "layer": {"gate", "tokens", "cell"},
    "source": {"balance", "branches"},
    "layers": {"shares", "layers"},
    "translation": {"alignment", "correlation", "side"},
    "effect": {"effects", "trial"},
    "set": {"distribution", "explained", "drift"},
}


class TestFirstSight:
    def test_shows_a_layer_beside_its_control_without_a_click(self, open_app: Open):
        app = open_app("gates")
        assert messages(app) == []
        assert [title.value for title in app.title] == [word("gates.title")]
        assert set(figures(app)) == VIEWS["layer"]

    def test_names_the_reading_of_the_gate_and_how_it_began(self, open_app: Open):
        app = open_app("gates")
        said = everything_said(app)
        assert word("ui.gate.paper.note") in said
        assert word("ui.gate_init.neutral") in said
        app.segmented_control(key="gate").set_value("aff").run()
        assert word("ui.gate.aff.note") in everything_said(app)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_a_link_with_its_figures_and_their_cost(open_app: Open, view):
    app = open_app("gates", view=view)
    assert messages(app) == []
    assert not app.toast
    assert set(figures(app)) == VIEWS[view]
    assert all(len(alt) > 40 for alt in alt_texts(app).values())
    cost = re.escape(word("gates.cost", passes="N", ms="N")).replace("N", r"[\d,]+")
    assert re.search(cost, everything_said(app))


@pytest.mark.parametrize("view", [*VIEWS])
def test_the_lines_that_make_a_views_numbers_run(open_app: Open, view, monkeypatch):
    import dlfa
    from dlfa.ui import loading

    app = open_app("gates", view=view)
    lines = app.code[-1].value
    monkeypatch.setattr(dlfa, "load", loading.fetch)  # loaded already
    if view == "set":  # all 360 pairs take long: two languages are enough
        lines = lines.replace('("all",)', '("en", "sw")')
    made: dict[str, object] = {}
    exec(compile(lines, view, "exec"), made)
    check_made(view, made)


def check_made(view, made):
    """What the lines made is what the page shows."""
    from dlfa.data.parallel import own_items
    from dlfa.ui import cache, studies

    pair = own_items("xnli")[0].text["en"]
    if view == "effect":
        shown = studies.effects("e5-small-xnli", pair)
        at = shown.heads.index("D_8")
        np.testing.assert_allclose(
            made["effects"].probabilities[:, 0], shown.probabilities[:, at], atol=1e-6
        )
    elif view == "translation":
        other = own_items("xnli")[0].text["ar"]
        shown = studies.comparison("e5-small-xnli", (pair, other), ("en", "ar"))
        np.testing.assert_allclose(made["found"].correlation, shown.correlation, atol=1e-6)
    elif view == "set":
        shown = studies.study("e5-small-xnli", "built-in")
        for code in ("en", "sw"):
            rows = shown.language == shown.languages.index(code)
            own = made["study"].language == made["study"].languages.index(code)
            np.testing.assert_allclose(
                made["study"].share[own], shown.share[rows], atol=1e-3, equal_nan=True
            )
    else:
        shown = cache.gates("e5-small-xnli", pair)
        np.testing.assert_array_equal(made["sweep"]["D_8"].attention, shown["D_8"].attention)


def test_an_encoder_without_heads_has_no_gates_and_the_page_says_so(open_app: Open):
    app = open_app("gates", model="mbert")
    assert messages(app) == []
    assert word("untrained.lead", name="mbert") in everything_said(app)
    assert not figures(app)


class TestChoices:
    def test_another_layer_is_another_figure(self, open_app: Open):
        app = open_app("gates")
        before = figures(app)
        app.select_slider(key="layer").set_value(3).run()
        after = figures(app)
        assert after["gate"] != before["gate"]
        assert after["tokens"] != before["tokens"]
        assert "D_3" in alt_texts(app)["gate"]

    def test_another_reading_is_another_figure(self, open_app: Open):
        app = open_app("gates", view="layers")
        before = figures(app)
        app.segmented_control(key="gate").set_value("aff").run()
        assert figures(app)["layers"] != before["layers"]

    @pytest.mark.parametrize("show", ["gate", "share"])
    def test_other_quantities_can_be_seen(self, open_app: Open, show):
        app = open_app("gates")
        before = alt_texts(app)["gate"]
        app.segmented_control(key="show").set_value(show).run()
        assert messages(app) == []
        assert alt_texts(app)["gate"] != before

    @pytest.mark.parametrize(
        "query",
        [
            {"order": "variance"},
            {"order": "difference"},
            {"order": "difference", "against": "D_3"},
            {"order": "difference", "against": "ar"},
            {"groups": "32"},
            {"scale": "own"},
            {"words": "1"},
        ],
        ids=str,
    )
    def test_channels_and_tokens_can_be_laid_out(self, open_app: Open, query):
        plain, laid = open_app("gates"), open_app("gates", **query)
        assert messages(laid) == []
        assert not laid.toast
        assert figures(laid)["gate"] != figures(plain)["gate"]

    def test_a_token_and_a_channel_can_be_seen_close_up(self, open_app: Open):
        app = open_app("gates", token="3", channel="200")
        assert app.selectbox(key="token").value == 3
        assert app.number_input(key="channel").value == 200
        before = figures(app)["cell"]
        app.number_input(key="channel").set_value(7).run()
        assert figures(app)["cell"] != before

    def test_a_link_opens_the_same_view(self, open_app: Open):
        app = open_app("gates", layer="3", gate="aff", show="gate", example="pnli-02", lang="ar")
        assert app.select_slider(key="layer").value == 3
        assert app.segmented_control(key="gate").value == "aff"
        assert app.segmented_control(key="show").value == "gate"
        assert app.selectbox(key="lang").value == "ar"
        assert not app.toast


class TestTranslations:
    def test_another_language_is_another_alignment(self, open_app: Open):
        app = open_app("gates", view="translation", to="de")
        assert app.selectbox(key="to").value == "de"
        before = figures(app)
        app.selectbox(key="to").set_value("ur").run()
        assert figures(app)["alignment"] != before["alignment"]
        assert figures(app)["correlation"] != before["correlation"]

    def test_own_sentences_bring_their_own_translation(self, open_app: Open):
        app = open_app("gates", view="translation", example="own")
        assert word("gates.translation.own") in everything_said(app)
        assert not figures(app)
        app.text_area(key="premise2").set_value("Der Hund schläft auf dem Sofa.").run()
        app.text_area(key="hypothesis2").set_value("Ein Tier ruht sich aus.").run()
        assert set(figures(app)) == VIEWS["translation"]
        assert "Der Hund" in app.code[-1].value
        assert app.query_params["premise2"] == "Der Hund schläft auf dem Sofa."


class TestEffect:
    def test_says_plainly_what_the_changes_do(self, open_app: Open):
        from dlfa.ui import studies
        from dlfa.ui.gates.verdicts import matters

        app = open_app("gates", view="effect")
        trial = studies.trial("e5-small-xnli", "xnli")
        assert trial is not None
        assert matters(trial, "D_8").replace("\\", "") in everything_said(app)
        app.segmented_control(key="whose").set_value("every").run()
        assert matters(trial, None) in everything_said(app)

    def test_a_model_without_a_record_gets_the_command(self, open_app: Open, monkeypatch, tmp_path):
        from dlfa.ui import studies
        from dlfa.ui.store import STUDIES

        monkeypatch.setattr(studies, "RESULTS", tmp_path)
        STUDIES.clear()
        app = open_app("gates", view="effect")
        assert word("gates.trial.none") in everything_said(app)
        assert "--gate all" in "\n".join(block.value for block in app.code)
        STUDIES.clear()


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
        from dlfa.ui.gates.verdicts import gate_verdict

        cells = {"trained": trained, "untrained": untrained, "noise": noise}
        said = gate_verdict({state: {"cells": value} for state, value in cells.items()})
        for key in ("clear", "faint", "unclear", "chance"):
            assert (word(f"gates.verdict.{key}") in said) == (key in keys)

    def test_is_on_the_page(self, open_app: Open):
        said = everything_said(open_app("gates"))
        assert any(word(f"gates.verdict.{key}") in said for key in ("clear", "faint", "unclear"))
