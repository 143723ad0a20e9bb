"""Predict, as a visitor meets it."""

import re

import pytest

from tests.pages.visitor import (
    Open,
    alt_texts,
    everything_said,
    figures,
    go_to,
    messages,
    word,
    write,
)

ON_BOTH = pytest.mark.parametrize("page", ["predict", "gates"])


class TestFirstSight:
    def test_answers_without_a_click(self, open_app: Open):
        app = open_app()
        assert messages(app) == []
        assert [title.value for title in app.title] == [word("predict.title.xnli")]
        assert set(figures(app)) == {"probabilities", "languages"}
        assert all(len(alt) > 40 for alt in alt_texts(app).values())

    def test_names_the_encoder_and_says_that_it_is_not_mbert(self, open_app: Open):
        said = everything_said(open_app())
        assert word("ui.card.not_mbert", backbone="e5-small") in said
        assert word("ui.policy.local") in said

    def test_says_how_many_tokens_the_pair_has(self, open_app: Open):
        expected = re.escape(word("ui.tokens.count", tokens="N", limit=512)).replace("N", r"\d+", 1)
        assert re.search(expected, everything_said(open_app()))


class TestExamples:
    @pytest.mark.parametrize("code", ["ar", "th", "zh", "ur", "sw"])
    def test_every_language_fills_the_fields(self, open_app: Open, code):
        from dlfa.data.parallel import own_items

        app = open_app()
        app.selectbox(key="lang").set_value(code).run()
        shown = tuple(field.value for field in app.text_area)
        assert shown == own_items("xnli")[0].text[code]
        assert messages(app) == []

    def test_an_example_comes_with_its_label_and_its_translations(self, open_app: Open):
        app = open_app(example="pnli-02", lang="fr")
        assert word("label.contradiction") in everything_said(app)
        assert "languages" in figures(app)

    def test_an_edited_example_is_the_visitors_own(self, open_app: Open):
        app = open_app()
        app.text_area(key="premise").set_value("Bonjour tout le monde.").run()
        assert set(figures(app)) == {"probabilities"}
        assert word("predict.languages.own") in everything_said(app)
        app.button(key="back").click().run()
        assert set(figures(app)) == {"probabilities", "languages"}

    def test_looking_at_an_example_loses_nothing_that_was_typed(self, open_app: Open):
        app = write(open_app(), "My own premise.", "My own hypothesis.")
        app.selectbox(key="example").set_value("pnli-03").run()
        assert app.text_area(key="premise").value != "My own premise."
        app.selectbox(key="example").set_value("own").run()
        assert app.text_area(key="premise").value == "My own premise."
        assert app.text_area(key="hypothesis").value == "My own hypothesis."

    def test_texts_and_example_come_along_to_another_page_and_back(self, open_app: Open):
        app = write(open_app(), "My own premise.", "My own hypothesis.")
        app = go_to(go_to(app, "gates"), "predict")
        assert [field.value for field in app.text_area] == ["My own premise.", "My own hypothesis."]
        app = open_app(lang="ar", example="pnli-02")
        before = [field.value for field in app.text_area]
        app = go_to(app, "gates")
        assert [field.value for field in app.text_area] == before
        assert app.selectbox(key="lang").value == "ar"


class TestHeads:
    @pytest.mark.parametrize(("preset", "count"), [("baseline", 1), ("printed", 12), ("all", 23)])
    def test_presets_choose_the_bars(self, open_app: Open, preset, count):
        app = open_app()
        app.button(key=f"preset-{preset}").click().run()
        heads = {head for bar in figures(app)["probabilities"]["data"] for head in rows(bar)}
        assert len(app.pills(key="heads").value) == count
        assert len(heads) == count
        assert messages(app) == []

    def test_no_head_is_a_message_not_an_empty_figure(self, open_app: Open):
        app = open_app()
        app.pills(key="heads").set_value([]).run()
        assert messages(app) == [word("ui.heads.none")]
        app.pills(key="heads").set_value(["D_8_aff"]).run()
        assert messages(app) == []
        assert set(figures(app)) == {"probabilities", "languages"}


def rows(bar):
    """The bars' places on the axis of heads."""
    return bar["y"]["bdata"] if isinstance(bar.get("y"), dict) else tuple(bar.get("y", ()))


@ON_BOTH
class TestHostileTexts:
    @pytest.mark.parametrize(
        ("text", "key", "params"),
        [
            ("", "error.text.empty", {}),
            (" \n\t ", "error.text.empty", {}),
            ("\x00", "error.text.empty", {}),
            ("\u202e", "error.text.empty", {}),
            ("x" * 5_001, "error.text.long", {"found": 5_001, "limit": 5_000}),
            ("x" * 1_000_000, "error.text.long", {"found": 1_000_000, "limit": 5_000}),
        ],
        ids=["empty", "blank", "NUL", "override", "5001", "1MB"],
    )
    def test_a_text_that_is_none_gets_one_sentence(self, open_app: Open, page, text, key, params):
        app = write(open_app(page), text, "A hypothesis that stays.")
        assert messages(app) == [word(key, **params)]
        assert app.text_area(key="premise").value == text  # nothing is lost
        assert app.text_area(key="hypothesis").value == "A hypothesis that stays."

    @pytest.mark.parametrize(
        "text",
        [
            "🤷🏽‍♀️ 👍",
            "A dog\x00 runs.",
            "<img src=x onerror=alert(1)> <b>bold</b> <script>alert(1)</script>",
            "![picture](http://example.com/x.png) [link](javascript:alert(1)) :red[x] $x^2$",
            "abc \u202egnitirw desrever\u202c def \u2066 \u2069",
            "ﷺ" * 200,
            "word " * 900,
        ],
        ids=["emoji", "NUL", "html", "markdown", "override", "ligatures", "long"],
    )
    def test_a_strange_text_gets_an_answer(self, open_app: Open, page, text):
        app = write(open_app(page), text, text)
        assert messages(app) == []
        assert figures(app)
        assert not re.search(r"<(img|b|script)\b", everything_said(app))

    def test_a_cut_text_is_said_to_be_cut(self, open_app: Open, page):
        app = write(open_app(page), "word " * 900, "A word.")
        assert word("ui.tokens.truncated", limit=512) in everything_said(app)


class TestModels:
    @ON_BOTH
    def test_without_any_checkpoint_the_app_opens_and_says_what_to_do(
        self, open_app: Open, page, monkeypatch, tmp_path
    ):
        from dlfa.ui import cache

        monkeypatch.setattr(cache, "CHECKPOINTS", tmp_path)
        app = open_app(page)
        assert messages(app) == [word("ui.model.none")]
        assert len(app.text_area) == 2

    def test_an_unknown_name_is_printed_not_interpreted(self, open_app: Open):
        app = open_app(model="![x](http://example.com/x.png)")
        assert not app.exception
        assert "![x](http" not in app.error[0].value
        assert "![x](http://example.com/x.png)" in messages(app)[0]

    def test_a_public_instance_lists_its_models_and_no_others(self, open_app: Open, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        app = open_app(model="mbert")
        assert app.selectbox(key="model").value == "e5-small-xnli"
        assert messages(app) == []
        assert word("ui.policy.public") in everything_said(app)


def test_two_visitors_get_their_own_answers(open_app: Open):
    one, two = open_app(lang="en"), open_app(lang="ar", example="pnli-02")
    one.run()
    assert one.text_area(key="premise").value != two.text_area(key="premise").value
    assert figures(one)["probabilities"] != figures(two)["probabilities"]
    write(one, "First visitor.", "A visitor.")
    two.run()
    assert "First visitor." not in [field.value for field in two.text_area]


def test_the_numbers_can_be_made_again_by_the_command_on_the_page(open_app: Open):
    import shlex

    app = open_app()
    command = shlex.split(app.code[0].value)
    assert command[:4] == ["python", "-m", "dlfa", "predict"]
    assert command[4:6] == [field.value for field in app.text_area]
    assert command[6:] == ["--model", "e5-small-xnli", "--heads", "all", "--json"]
