"""The page Tag, from typed text to tags, without a browser."""

import shlex
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.tagger import save_tagger
from tests.pages.visitor import Open, alt_texts, everything_said, figures, go_to, messages, word

EVIL = '<img src=x onerror="window.hit=1"> ![x](http://example.com/x.png) $x$'


@pytest.fixture(scope="module")
def taggers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("taggers")
    for task in ("ner", "pos"):
        save_tagger(folder, task)
    return folder


@pytest.fixture
def tag(open_app: Open, taggers: Path, monkeypatch: pytest.MonkeyPatch):
    """Open the page Tag with a tiny model for names, as a new visitor."""
    monkeypatch.setenv("DLFA_CHECKPOINTS", f"{taggers / 'tiny-ner'},{taggers / 'tiny-pos'}")

    def open_page(model: str = "tiny-ner", **query: str | list[str]) -> AppTest:
        return open_app("tag", model=model, **query)

    return open_page


def shown(app: AppTest) -> str:
    """The running text with its tags, as HTML."""
    (found,) = (part.proto.body for part in app.get("html") if 'class="tagged"' in part.proto.body)
    return found


def type_in(app: AppTest, text: str) -> AppTest:
    return app.text_area(key="text").set_value(text).run()


class TestTheText:
    @pytest.mark.parametrize("code", ["en", "ar", "th", "zh", "ur"])
    @pytest.mark.parametrize("model", ["tiny-ner", "tiny-pos"])
    def test_an_example_is_answered_in_its_language(self, tag, model, code):
        app = tag(model, lang=code, sample="tag-06")
        assert messages(app) == []
        assert f'<p dir="{"rtl" if code in ("ar", "ur") else "ltr"}">' in shown(app)
        assert shown(app).count('class="who"') == 2  # the baseline and one head

    def test_typed_text_is_answered_and_the_example_comes_back(self, tag):
        app = type_in(tag(), "the man eats")
        assert "the man eats" in app.text_area(key="text").value
        assert "eats" in shown(app)
        app.button(key="text-back").click().run()
        assert app.text_area(key="text").value.startswith("Maria Rossi")

    def test_a_line_is_a_sentence_and_blank_lines_are_none(self, tag):
        app = type_in(tag(), "a man\n\n  \nthe dog\n")
        assert shown(app).count('class="number"') == 2
        assert len(app.selectbox(key="sentence").options) == 2

    def test_all_examples_at_once(self, tag):
        assert shown(tag(sample="every")).count('class="number"') == 6

    def test_sentences_beyond_the_limit_are_counted(self, tag):
        app = type_in(tag(), "a\n" * 203)
        assert word("tag.left_out", shown=200, left=3) in everything_said(app)
        assert messages(app) == []

    def test_html_is_printed_not_interpreted(self, tag):
        for model in ("tiny-ner", "tiny-pos"):
            app = type_in(tag(model), EVIL)
            assert messages(app) == []
            assert "<img" not in shown(app)
            assert "&lt;" in shown(app)
            # in Markdown every mark is escaped
            assert "![x](" not in "".join(part.value for part in (*app.info, *app.caption))

    @pytest.mark.parametrize(
        ("text", "key", "params"),
        [
            ("", "error.text.empty", {}),
            (" \n\t", "error.text.empty", {}),
            ("x" * 5_001, "error.text.long", {"found": 5_001, "limit": 5_000}),
        ],
        ids=["empty", "blank", "5001"],
    )
    def test_a_text_that_is_none_gets_one_sentence(self, tag, text, key, params):
        app = type_in(tag(), text)
        assert messages(app) == [word(key, **params)]
        assert app.text_area(key="text").value == text

    def test_what_was_cut_is_said(self, tag):
        app = type_in(tag(), "dog " * 100)
        assert word("tag.cut", count=38, tokens=64) in everything_said(app)


class TestHeads:
    def test_any_heads_stand_beside_the_baseline_and_differences_are_counted(self, tag):
        app = tag(beside=["D_1", "D_3_aff"])
        assert shown(app).count('class="who"') == 3
        assert word("tag.same") in shown(app) or "otherwise" in shown(app)

    def test_the_baseline_alone_is_a_choice_too(self, tag):
        app = tag(beside="")
        assert shown(app).count('class="who"') == 1
        assert messages(app) == []

    def test_one_of_several_is_seen_close_up(self, tag):
        app = tag(beside=["D_1", "D_2"], tagged="gates")
        assert "D_1" in alt_texts(app)["gates"]
        app.selectbox(key="closeup").set_value("D_2").run()
        assert "D_2" in alt_texts(app)["gates"]


class TestViews:
    def test_the_table_has_every_word_and_every_head(self, tag):
        app = type_in(tag(tagged="table"), "the man eats")
        (table,) = app.dataframe
        assert list(table.value["word"]) == ["the", "man", "eats"]
        assert len(table.value.columns) == 1 + 7

    def test_how_sure_stands_beside_the_baseline(self, tag):
        app = tag()
        assert [trace["name"] for trace in figures(app)["certainty"]["data"]] == ["baseline", "D_1"]

    def test_a_gate_never_stands_without_its_twin(self, tag):
        app = tag(tagged="gates")
        drawn = figures(app)["gates"]["data"]
        assert len([trace for trace in drawn if trace["type"] == "scatter"]) == 4  # 3 states, twin
        app.button_group(key="beside").set_value([]).run()
        assert word("tag.gates.baseline") in everything_said(app)

    def test_numbers_can_be_made_again(self, tag):
        app = type_in(tag(), "it's\n-a dog")
        command = shlex.split(app.code[0].value)
        assert command[:4] == ["python", "-m", "dlfa", "predict"]
        assert command[4:6] == ["--text=it's", "--text=-a dog"]
        app.segmented_control(key="tagged").set_value("gates").run()
        assert "word_gate" in app.code[0].value


class TestLinks:
    def test_a_new_visitor_sees_what_the_link_shows(self, tag):
        app = type_in(tag(), "the dog, the cat")
        app.segmented_control(key="tagged").set_value("gates").run()
        query = {key: app.query_params[key] for key in app.query_params if key != "model"}
        assert query["text"] == "the dog, the cat"
        other = tag(**query)
        assert shown(other) == shown(app)
        assert alt_texts(other) == alt_texts(app)
        assert not other.toast

    def test_an_example_needs_no_text_in_the_address(self, tag):
        app = tag(sample="tag-03", lang="th")
        assert "text" not in app.query_params
        assert app.query_params["sample"] == "tag-03"

    def test_a_text_too_long_for_a_link_is_in_the_session_file(self, tag):
        app = type_in(tag(), "dog man " * 300)
        assert "text" not in app.query_params
        assert word("ui.address.long") in [caption.value for caption in app.caption]


class TestTheOtherKindOfModel:
    def test_a_model_for_pairs_is_sent_away_kindly(self, tag, open_app: Open):
        app = tag("/nowhere/but/typed")
        assert messages(app) != []
        app = tag("tiny-ner")
        assert "e5-small-xnli" not in app.selectbox(key="model").options

    def test_a_page_of_pairs_says_where_a_tagger_belongs(self, tag):
        app = go_to(tag("tiny-pos"), "predict")
        assert app.selectbox(key="model").value == "tiny-pos"
        assert messages(app) == []
        assert word("wrong_task.pair", name="tiny-pos") in everything_said(app)
        app.button(key="take-e5-small-xnli").click().run()
        assert "probabilities" in figures(app)
        app = go_to(tag("tiny-pos"), "gates")
        assert word("wrong_task.pair", name="tiny-pos") in everything_said(app)

    @pytest.mark.parametrize(("part", "key"), [("many", "pairs"), ("compare", "compare")])
    def test_pairs_below_wait_for_a_model_of_pairs(self, tag, open_app: Open, part, key):
        tag("tiny-pos")
        app = open_app("predict", model="tiny-pos", part=part)
        assert messages(app) == []
        assert word(f"predict.{key}.waiting") in everything_said(app)

    def test_what_nobody_chose_gives_way(self, open_app: Open, taggers, monkeypatch):
        monkeypatch.setenv("DLFA_CHECKPOINTS", str(taggers / "tiny-ner"))
        app = go_to(open_app(), "tag")
        assert app.selectbox(key="model").value != "e5-small-xnli"
        assert messages(app) == []
        app = go_to(app, "predict")
        assert app.selectbox(key="model").value == "e5-small-xnli"
