"""A further pair task is one entry: a made-up one goes through predict and evaluate, and pages."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.integration.tiny import WORDS
from tests.pages.tiny_models import save_model

LABELS = ("louder", "softer", "equal", "unheard")


@pytest.fixture(scope="module")
def entry():
    from dlfa.data.tasks import Corpus, Task

    corpus = Corpus(
        hub_id="made/up",
        revision="0" * 40,
        splits={"validation": "validation", "test": "test"},
        columns=("one", "other"),
        label="answer",
        config="{language}",
    )
    return Task(
        key="loudness",
        labels=LABELS,
        languages=("en", "sw"),
        evaluation=corpus,
        training={"made": corpus},
    )


@pytest.fixture
def task(entry, monkeypatch, tmp_path):
    """The task is known, and a mirror holds its corpus."""
    import datasets

    from dlfa.data.tasks import TASKS

    monkeypatch.setitem(TASKS, entry.key, entry)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "datasets")
    monkeypatch.setenv("DLFA_DATA_DIR", str(tmp_path / "hub"))
    monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path / "cache"))
    configs = [lay(tmp_path / "hub" / "made" / "up", code) for code in entry.languages]
    card = f"---\nconfigs: {json.dumps(configs)}\n---\n"
    (tmp_path / "hub" / "made" / "up" / "README.md").write_text(card)
    return entry


def lay(folder: Path, code: str) -> dict[str, object]:
    rows = {
        "one": [f"a {word} sleeps" for word in WORDS[:12]],
        "other": [f"the {word} eats" for word in WORDS[:12]],
        "answer": [row % len(LABELS) for row in range(12)],
    }
    (folder / code).mkdir(parents=True)
    files = []
    for split in ("validation", "test"):
        pq.write_table(pa.table(rows), folder / code / f"{split}.parquet")
        files.append({"split": split, "path": f"{code}/{split}.parquet"})
    return {"config_name": code, "data_files": files}


@pytest.fixture
def model(task, tmp_path) -> Path:
    return save_model(tmp_path, task.key)


def test_it_answers_and_is_evaluated_in_its_own_labels(model):
    from dlfa.analysis.evaluation import evaluate
    from dlfa.analysis.predict import load
    from dlfa.analysis.reports import report

    predictor = load(model)
    (answers,) = predictor.predict([("a man runs", "no one sleeps")])
    assert {answer.labels for answer in answers} == {LABELS}
    found = evaluate(predictor, ("en", "sw"), split="test")
    assert tuple(found.labels) == LABELS
    assert len(found.ids) == 24
    assert report(found).accuracies.languages == ("en", "sw")


def test_the_commands_answer_a_table_and_evaluate(model, task, tmp_path, capsys):
    from dlfa.__main__ import main

    table = tmp_path / "pairs.tsv"
    table.write_text("first\tsecond\tlabel\na man runs\ta man sleeps\tlouder\n")
    ask = ["predict", "--pairs", str(table), "--model", str(model), "--json"]
    assert main(ask) in (0, None)
    said = json.loads(capsys.readouterr().out)
    assert (said["one"], said["other"]) == ("a man runs", "a man sleeps")
    assert set(said["predictions"][0]["probabilities"]) == set(LABELS)
    out = tmp_path / "record"
    ask = ["evaluate", "--task", task.key, "--model", str(model), "--out", str(out)]
    assert main(ask) in (0, None)
    assert json.loads((out / "run.json").read_text())["settings"]["task"] == task.key


@pytest.mark.parametrize("page", ["predict", "gates", "attribution", "evaluate"])
def test_the_pages_of_pairs_know_it(model, task, root, page):
    from streamlit.testing.v1 import AppTest

    from tests.pages.visitor import everything_said, go_to, messages, word

    app = AppTest.from_file(str(root / "app.py"), default_timeout=120)
    app.query_params["model"] = str(model)
    app.run()
    if page != "predict":
        go_to(app, page)
    assert messages(app) == []
    if page == "evaluate":
        assert len(app.multiselect(key="langs").options) == 2
        assert word("evaluate.set.test.about") in everything_said(app)
    else:
        assert app.text_area(key="premise").label == word("ui.pair.premise")
        assert app.text_area(key="premise").value == word("ui.pair.premise.default")
