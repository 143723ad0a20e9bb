"""Evaluate with a model that tags words: its own sets, measures and views, and no others."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.integration.tagger import save_tagger
from tests.pages.test_evaluate import finish, own_cache  # noqa: F401 (a fixture)
from tests.pages.visitor import Open, everything_said, figures, messages, word
from tests.unit.analysis.tagger import sentences

VIEWS = {
    "accuracy": {"accuracy"},
    "differences": {"differences", "languages", "stability-paper", "stability-aff"},
    "mistakes": {"mistakes"},
}


def save_mirror(folder: Path) -> Path:
    """Save made-up sentences as the mirror holds them: no test set, two languages."""
    root = folder / "hub" / "google" / "xtreme"
    configs = []
    for code in ("en", "de"):
        place = f"PAN-X.{code}/validation-00000-of-00001.parquet"
        (root / place).parent.mkdir(parents=True)
        rows = [one for one in sentences(30) if one.language == code]
        table = {
            "tokens": [list(one.words) for one in rows],
            "ner_tags": [list(one.tags) for one in rows],
        }
        parquet.write_table(pa.table(table), root / place)
        files = [{"split": "validation", "path": place}]
        configs.append({"config_name": f"PAN-X.{code}", "data_files": files})
    (root / "README.md").write_text(f"---\nconfigs: {json.dumps(configs)}\n---\n")
    return folder / "hub"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return save_tagger(tmp_path_factory.mktemp("tagger"))


@pytest.fixture
def open_tagger(open_app: Open, folder, tmp_path, monkeypatch):
    """Open the page with the tiny tagger and a tiny mirror."""
    monkeypatch.setenv("DLFA_DATA_DIR", str(save_mirror(tmp_path)))
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "datasets"))

    def open_page(**query):
        return open_app("evaluate", model=str(folder), source="new", n="20", **query)

    return open_page


def test_only_sets_that_the_source_has_are_offered(open_tagger):
    app = open_tagger()
    assert messages(app) == []
    assert list(app.segmented_control(key="set").options) == [word("evaluate.set.validation.ner")]
    assert len(app.multiselect(key="langs").options) == 2
    assert word("evaluate.pairs.words", count="40") in everything_said(app)


def test_two_runs_are_held_against_each_other(open_tagger):
    finish(open_tagger())
    app = finish(open_tagger(langs=["en"], result="against"))
    assert messages(app) == []
    assert set(figures(app)) == {"against", "against-languages"}
    assert word("evaluate.against.caption.words", n="20") in everything_said(app)


class TestAFinishedRun:
    @pytest.fixture
    def app(self, open_tagger):
        return finish(open_tagger())

    def test_has_its_views_and_no_empty_ones(self, app):
        assert messages(app) == []
        offered = app.segmented_control(key="result").options
        assert list(offered) == [word(f"evaluate.result.{view}") for view in (*VIEWS, "against")]
        for view, wanted in VIEWS.items():
            app.segmented_control(key="result").set_value(view).run()
            assert messages(app) == []
            assert set(figures(app)) == wanted, view

    def test_is_looked_at_by_every_measure_of_the_task(self, app):
        titles = {}
        for metric in ("f1", "word_accuracy"):
            app.segmented_control(key="metric").set_value(metric).run()
            assert messages(app) == []
            titles[metric] = json.dumps(figures(app)["accuracy"]["layout"]["title"])
            assert word(f"metric.{metric}") in titles[metric]
        assert word("evaluation.note.f1") not in everything_said(app)

    def test_says_which_set_it_is_of_and_what_is_missing(self, app):
        said = everything_said(app)
        assert "google/xtreme (mirror)" in said
        assert word("evaluation.note.f1") in said
        assert "--task ner" in json.dumps([code.value for code in app.code])

    def test_is_found_again_among_the_stored_ones(self, app, open_tagger):
        again = open_tagger()
        assert word("evaluate.source.stored") in again.segmented_control(key="source").options
