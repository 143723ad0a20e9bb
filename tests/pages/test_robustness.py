"""Robustness, as a visitor meets it."""

import re
import time

import pytest

from tests.pages.visitor import Open, alt_texts, everything_said, figures, messages, word, write


@pytest.fixture(autouse=True)
def fresh_runs(monkeypatch, tmp_path):
    monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path))


def answered(app, seconds: float = 120.0):
    """Look until the set's figures are there."""
    ends = time.monotonic() + seconds
    while not app.get("plotly_chart") and time.monotonic() < ends:
        time.sleep(0.3)
        app.run()
    return app


def small(open_app: Open, **query):
    about = {"robust": "set", "across": ["en"], "perturb": ["typos", "upper", "swapped"]} | query
    app = open_app("robustness", **about)
    return answered(app.button(key="start-robustness").click().run())


class TestOnePair:
    def test_is_one_click_from_predict(self, open_app: Open):
        app = open_app()
        write(app, "A man plays 3 songs.", "Someone plays music.")
        app.button(key="further-robustness").click().run()
        assert messages(app) == []
        assert [title.value for title in app.title] == [word("robustness.title")]
        assert app.text_area(key="premise").value == "A man plays 3 songs."
        assert "A MAN PLAYS 3 SONGS." in list(app.dataframe[0].value["premise"])
        cost = re.escape(word("robustness.pair.cost", pairs="N", time="T", error="N"))
        cost = cost.replace("N", r"[\de.,+-]+").replace("T", r"[\d.]+ m?s")
        assert re.search(cost, everything_said(app))

    def test_shows_every_perturbation_and_why_some_cannot_be(self, open_app: Open):
        from dlfa.data.perturbations import PERTURBATIONS

        app = open_app("robustness")
        table = app.dataframe[0].value
        assert len(table) == len(PERTURBATIONS)
        assert word("perturbation.reason.nothing") in list(table["premise"])
        assert word("perturbation.machine", name=word("perturbation.negated")) in list(
            table["name"]
        )

    def test_says_what_the_control_gave_and_the_command_that_repeats_it(self, open_app: Open):
        app = open_app("robustness")
        assert word("robustness.pair.control.still") in everything_said(app)
        assert "python -m dlfa robustness" in app.code[0].value

    def test_judges_answers_only_where_the_right_one_is_known(self, open_app: Open):
        unjudged = word("robustness.pair.unjudged")
        app = open_app("robustness")
        assert unjudged not in everything_said(app)
        assert unjudged in everything_said(write(app, "A man sings.", "Someone sings."))

    def test_takes_a_pair_in_any_language(self, open_app: Open):
        app = write(open_app("robustness"), "他去了学校。", "他在学校。")
        assert messages(app) == []
        assert app.selectbox(key="written").value == "zh"
        assert word("perturbation.reason.script") in list(app.dataframe[0].value["premise"])


class TestASet:
    def test_a_model_for_words_is_told_the_way_over(self, open_app: Open, monkeypatch, tmp_path):
        from tests.pages.tiny_models import save_model

        folder = save_model(tmp_path, "ner")
        monkeypatch.setenv("DLFA_CHECKPOINTS", str(folder))
        app = open_app("robustness", robust="set", model=folder.name)
        assert word("wrong_task.pair", name=folder.name) in everything_said(app)
        assert "start-robustness" not in [button.key for button in app.button]

    def test_measures_and_tells_control_and_cost(self, open_app: Open):
        app = small(open_app)
        assert messages(app) == []
        assert set(figures(app)) == {"perturbations", "perturbed-languages"}
        assert all(len(alt) > 40 for alt in alt_texts(app).values())
        said = everything_said(app)
        assert word("robustness.verdict.control", percent="0.0") in said
        assert "--perturb typos upper swapped" in app.code[0].value

    def test_the_worst_flip_opens_on_predict(self, open_app: Open):
        app = small(open_app, turned="negated", perturb=["negated"])
        first = app.dataframe[0].value.iloc[0]
        app.button(key="open-predict").click().run()
        assert messages(app) == []
        assert [title.value for title in app.title] == [word("predict.title.xnli")]
        assert app.text_area(key="premise").value == first["premise"]
        assert app.text_area(key="hypothesis").value == first["hypothesis"]

    def test_asks_for_at_least_one_perturbation(self, open_app: Open):
        app = open_app("robustness", robust="set")
        app.button_group(key="perturb").set_value([]).run()
        assert word("error.perturbation.none") in messages(app)

    def test_a_link_brings_the_settings_back(self, open_app: Open):
        app = open_app("robustness", robust="set", across=["en", "sw"], perturb=["keys"])
        assert app.multiselect(key="across").value == ["en", "sw"]
        assert not app.toast
