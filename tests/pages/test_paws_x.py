"""The pages of pairs speak of the model's own task: its examples, labels, words, languages."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.tiny_models import save_model
from tests.pages.visitor import everything_said, figures, go_to, messages, word, write

NLI = {"entailment", "contradiction"}  # "neutral" is also said of gates
PAWS = {"different", "paraphrase"}


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> list[str]:
    root = tmp_path_factory.mktemp("models")
    return [str(save_model(root, task)) for task in ("xnli", "paws-x")]


@pytest.fixture
def visit(root, models, monkeypatch):
    """Open a page with a model of a task, which lists call by its task's name."""
    monkeypatch.setenv("DLFA_CHECKPOINTS", ",".join(models))

    def open_page(page: str = "predict", task: str = "paws-x", **query) -> AppTest:
        app = AppTest.from_file(str(root / "app.py"), default_timeout=120)
        app.query_params.update({"model": task, **query})
        app.run()
        return app if page == "predict" else go_to(app, page)

    return open_page


def texts(app: AppTest) -> tuple[str, str]:
    return app.text_area(key="premise").value, app.text_area(key="hypothesis").value


def ours(task: str) -> set[tuple[str, str]]:
    from dlfa.data.parallel import own_items

    return {pair for item in own_items(task) for pair in item.text.values()}


class TestPredict:
    def test_it_starts_with_an_example_of_its_own_task(self, visit):
        app = visit()
        assert messages(app) == []
        assert texts(app) in ours("paws-x")
        assert app.text_area(key="hypothesis").label == word("ui.pair.hypothesis.paws-x")

    def test_its_labels_and_languages_are_those_of_its_task(self, visit):
        app = visit()
        said = everything_said(app)
        assert any(word(f"label.{label}") in said for label in PAWS)
        assert not any(word(f"label.{label}") in said for label in NLI)
        assert len(app.selectbox(key="lang").options) == 7

    def test_its_table_holds_right_labels_of_its_task_only(self, visit):
        app = visit(part="many")
        assert messages(app) == []
        rows = app.session_state["pairs"]
        assert {row[2] for row in rows} == PAWS
        assert {tuple(row[:2]) for row in rows} <= ours("paws-x")


class TestAnotherTask:
    def change(self, app: AppTest, model: str) -> AppTest:
        return app.selectbox(key="model").set_value(model).run()

    def test_the_example_gives_way_to_one_of_the_new_task(self, visit):
        app = visit(task="xnli", lang="sw")
        assert texts(app) in ours("xnli")
        app = self.change(app, "paws-x")
        assert messages(app) == []
        assert texts(app) in ours("paws-x")
        app = self.change(app, "xnli")
        assert texts(app) in ours("xnli")

    def test_what_was_typed_stays_and_is_no_example(self, visit):
        app = write(visit(task="xnli"), "A man sleeps.", "No one runs.")
        app = self.change(app, "paws-x")
        assert texts(app) == ("A man sleeps.", "No one runs.")
        assert word("predict.languages.own") in everything_said(app)

    def test_no_right_answer_is_held_against_another_tasks(self, visit):
        app = visit(task="xnli", part="many")
        app.session_state["pairs"] = [["A man sleeps.", "A man eats.", "neutral"]]
        app = self.change(app.run(), "paws-x")
        assert {row[2] for row in app.session_state["pairs"]} == PAWS
        app = self.change(app, "xnli")
        assert app.session_state["pairs"] == [["A man sleeps.", "A man eats.", "neutral"]]

    def test_labels_of_another_task_that_come_with_a_file_are_dropped(self, visit):
        app = visit(part="many")
        app.session_state["pairs"] = [["A dog runs.", "A dog eats.", "neutral"]]
        app.run()
        assert app.session_state["pairs"] == [["A dog runs.", "A dog eats."]]

    def test_models_of_two_tasks_are_not_compared(self, visit):
        app = visit(part="compare", second_model="xnli")
        (said,) = messages(app)
        assert said == word("error.compare.tasks", first="paws-x", second="xnli")


class TestGates:
    @pytest.mark.parametrize("view", ["layer", "layers", "translation", "effect", "set"])
    def test_every_view_speaks_of_its_task(self, visit, view):
        app = visit("gates", view=view)
        assert messages(app) == []
        assert figures(app)
        options = {"effect": "data", "set": "pairs_of"}
        if view in options:
            wanted = {word("gates.data.paws-x"), word("gates.data.built-in")}
            assert set(app.segmented_control(key=options[view]).options) <= wanted

    def test_the_parts_of_the_input_have_its_words(self, visit):
        app = visit("gates", view="layers")
        notes = figures(app)["layers"]["layout"]["annotations"]
        names = "".join(note.get("text", "") for note in notes)
        assert word("figure.segment.premise") in names
        assert word("figure.segment.premise.xnli") not in names


class TestEvaluate:
    def test_its_form_offers_its_own_sets_and_languages(self, visit, monkeypatch, tmp_path):
        monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path))
        app = visit("evaluate", source="new")
        assert messages(app) == []
        assert len(app.multiselect(key="langs").options) == 7
        assert word("evaluate.set.built-in.about.paws-x") in everything_said(app)

    def test_runs_of_other_tasks_are_not_offered(self, visit, monkeypatch, tmp_path):
        from dlfa.analysis import store

        name = "e5-small-xnli"  # only a run of another task is there
        (tmp_path / "shipped").mkdir()
        (tmp_path / "shipped" / name).symlink_to(store.RESULTS / name)
        monkeypatch.setattr(store, "RESULTS", tmp_path / "shipped")
        monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path))
        app = visit("evaluate")
        assert len(store.stored()) == 1
        assert app.segmented_control(key="source").options == [word("evaluate.source.new")]
