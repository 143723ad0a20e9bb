"""The language of the app: the visitor's choice, a link's, else the browser's."""

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visitor import Open, alt_texts, everything_said, figures, go_to, messages, write
from tests.source_tree import Source, package


def said_in(language: str, key: str, **params: object) -> str:
    from dlfa.messages import catalogue

    return catalogue(language)[key].format(**params)


def come(root: Path, locale: str, **query: str) -> AppTest:
    """Open the app in a browser of this language."""
    app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
    app.context["locale"] = locale
    app.query_params.update(query)
    return app.run()


def title(app: AppTest) -> str:
    assert not app.exception
    return str(app.title[0].value)


class TestSwitch:
    def test_changes_titles_figures_and_their_descriptions(self, open_app: Open):
        app = open_app()
        assert title(app) == said_in("en", "predict.title.xnli")
        before = figures(app)["probabilities"]["layout"]["title"]["text"]
        alt = alt_texts(app)["probabilities"]
        app.segmented_control(key="ui").set_value("de").run()
        assert title(app) == said_in("de", "predict.title.xnli")
        after = figures(app)["probabilities"]["layout"]["title"]["text"]
        assert said_in("en", "figure.probabilities.title") in before
        assert said_in("de", "figure.probabilities.title") in after
        assert alt_texts(app)["probabilities"] != alt
        assert app.query_params["ui"] == "de"
        app.segmented_control(key="ui").set_value("en").run()
        assert alt_texts(app)["probabilities"] == alt
        assert "ui" not in app.query_params

    def test_keeps_everything_that_was_chosen(self, open_app: Open):
        app = open_app("gates", example="pnli-02", lang="de", layer="5", gate="aff", show="gate")
        app.segmented_control(key="ui").set_value("de").run()
        assert app.selectbox(key="example").value == "pnli-02"
        assert app.selectbox(key="lang").value == "de"
        assert app.select_slider(key="layer").value == 5
        assert app.segmented_control(key="gate").value == "aff"
        assert app.segmented_control(key="show").value == "gate"

    def test_speaks_on_every_page_and_in_error_sentences(self, open_app: Open):
        app = go_to(open_app(ui="de"), "gates")
        assert title(app) == said_in("de", "gates.title")
        app = write(app, "", "")
        assert messages(app) == [said_in("de", "error.text.empty")]
        assert app.query_params["ui"] == "de"

    def test_does_not_change_what_another_visitor_reads(self, open_app: Open):
        german, english = open_app(ui="de"), open_app()
        german.run()
        assert title(english.run()) == said_in("en", "predict.title.xnli")
        assert title(german.run()) == said_in("de", "predict.title.xnli")

    def test_shows_each_language_under_its_own_name(self, open_app: Open):
        assert open_app(ui="de").segmented_control(key="ui").options == ["English", "Deutsch"]


class TestFirstVisit:
    @pytest.mark.parametrize("locale", ["de", "de-DE", "de-AT", "DE_ch"])
    def test_follows_the_browser_and_says_so_in_the_address(self, root, warm, locale):
        app = come(root, locale)
        assert title(app) == said_in("de", "predict.title.xnli")
        assert app.query_params["ui"] == "de"

    @pytest.mark.parametrize("locale", ["en-GB", "sw", "xx-YY", "C", ""])
    def test_is_english_where_there_is_no_catalogue(self, root, warm, locale):
        app = come(root, locale)
        assert title(app) == said_in("en", "predict.title.xnli")
        assert "ui" not in app.query_params

    def test_a_link_wins_over_the_browser(self, root, warm):
        app = come(root, "de-DE", ui="en")
        assert title(app) == said_in("en", "predict.title.xnli")
        assert app.query_params["ui"] == "en"  # or a reload would bring German

    def test_an_incomplete_catalogue_is_not_chosen_for_anybody(self, root, warm, monkeypatch):
        from dlfa import messages as reader
        from dlfa.ui import words

        whole = reader.keys
        monkeypatch.setattr(
            words, "keys", lambda code="en": frozenset() if code == "de" else whole(code)
        )
        app = come(root, "de-DE")
        assert title(app) == said_in("en", "predict.title.xnli")


class TestWithoutAVisitor:
    def test_words_are_english(self):
        from dlfa.messages import spoken
        from dlfa.ui import words

        words.settle()
        assert spoken() == "en"

    def test_a_download_speaks_the_language_of_its_visitor(self, open_app: Open, monkeypatch):
        from dlfa.messages import spoken
        from dlfa.ui import share
        from dlfa.ui.deferred import on_behalf

        made = []

        def remember(call):
            made.append(on_behalf(spoken))
            return call

        monkeypatch.setattr(share, "on_behalf", remember)
        open_app(ui="de")
        assert made[-1]() == "de"


def at_import(node: ast.AST) -> list[ast.Call]:
    """Calls that run once, when a module is imported: not in a function, but in its decorators."""
    found: list[ast.Call] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            outside = [*getattr(child, "decorator_list", []), *child.args.defaults]
            for part in [*outside, *filter(None, child.args.kw_defaults)]:
                found += [one for one in ast.walk(part) if isinstance(one, ast.Call)]
            continue
        if isinstance(child, ast.Call):
            found.append(child)
        found += at_import(child)
    return found


@pytest.mark.parametrize("source", package(), ids=lambda source: source.name)
def test_no_word_is_chosen_before_a_visitor_is_there(source: Source):
    words = [node for node in at_import(source.tree) if ast.unparse(node.func) == "_"]
    assert [f"{source.name}:{node.lineno}" for node in words] == []


def test_languages_and_labels_have_the_names_that_the_visitor_knows(open_app: Open):
    app = open_app(ui="de", example="pnli-02", lang="ar")
    assert any(title.startswith("Arabisch · ") for title in app.selectbox(key="lang").options)
    assert "Arabic" not in alt_texts(app)["languages"]
    assert said_in("de", "label.contradiction") in everything_said(app)
