"""The page Train: a run really runs, its model answers, and a failure is told in a sentence."""

import json
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.tiny import save_encoder, save_mirror
from tests.pages.visitor import Open, everything_said, figures, go_to, messages, word

PATIENCE = 240.0  # seconds for a run on the tiny encoder: most of it are imports


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Path:
    """A tiny encoder, a tiny mirror, and a folder of runs."""
    save_encoder(tmp_path / "tiny")
    save_mirror(tmp_path / "hub", rows=320)
    monkeypatch.setenv("DLFA_DATA_DIR", str(tmp_path / "hub"))
    monkeypatch.setenv("DLFA_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DLFA_DTYPE", "float32")
    return tmp_path


def run_of(name: str):
    from dlfa.ui.train.runs import find

    return find(name)


def wait(name: str) -> str:
    """Wait for the end of a run and return what became of it."""
    deadline = time.monotonic() + PATIENCE
    while (run := run_of(name)).under_way and time.monotonic() < deadline:
        time.sleep(0.2)
    return run_of(run.name).state


def open_form(open_app: Open, place: Path, **query: str) -> AppTest:
    options = {"backbone": str(place / "tiny"), "examples": "200", "kinds": "printed"}
    return open_app("train", **options | query)


def unfolded(app: AppTest) -> bool:
    """Whether the form of a new run is open."""
    (form,) = (part for part in app.expander if part.label == word("train.new"))
    return bool(form.proto.expanded)


class TestForm:
    def test_the_command_follows_every_choice(self, open_app: Open, place):
        app = open_form(open_app, place, task="ner", tuning="joint", init="standard", draw="7")
        assert messages(app) == []
        command = app.code[0].value
        for words in ("--task ner", "--recipe joint", "--gate-init standard", "--seed 7"):
            assert words in command
        assert "--heads baseline D_1 D_2 D_3 " in command
        app.select_slider(key="examples").set_value("all").run()
        assert "--examples" not in app.code[0].value
        app.segmented_control(key="kinds").set_value("every").run()
        assert "--heads" not in app.code[0].value

    def test_frozen_nli_is_said_to_stay_weak(self, open_app: Open, place):
        app = open_form(open_app, place)
        assert word("train.frozen.weak") in everything_said(app)
        app.segmented_control(key="tuning").set_value("joint").run()
        assert word("train.frozen.weak") not in everything_said(app)

    def test_too_few_examples_are_said_to_teach_nothing(self, open_app: Open, place):
        app = open_app("train", examples="100")
        assert word("train.few") in everything_said(app)
        app.select_slider(key="examples").set_value("2000").run()
        assert word("train.few") not in everything_said(app)

    def test_time_memory_and_disk_are_told_before_it_starts(self, open_app: Open, place):
        app = open_form(open_app, place, examples="2000")
        app.button(key="measure").click().run()
        assert messages(app) == []
        (told,) = [box.value for box in app.info]
        assert "GB" in told
        app.select_slider(key="examples").set_value("10000").run()
        assert [box.value for box in app.info] != [told]  # at the pace that is known

    def test_what_is_not_at_hand_is_named(self, open_app: Open, place, monkeypatch):
        from dlfa.data import hub

        monkeypatch.setattr(hub, "reachable", lambda: False)
        app = open_form(open_app, place, task="ner", backbone="mbert")
        said = everything_said(app)
        assert word("train.data.offline", names="google/xtreme") in said
        assert word("untrained.encoder.offline", name="mbert") in said

    def test_a_wrong_encoder_gets_one_sentence(self, open_app: Open, place):
        app = open_form(open_app, place, backbone=str(place / "nowhere"))
        assert len(messages(app)) == 1
        assert "nowhere" in messages(app)[0]

    def test_a_public_instance_shows_the_command_and_starts_nothing(
        self, open_app: Open, monkeypatch
    ):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        app = open_app("train")
        assert messages(app) == []
        assert app.code[0].value.startswith("python -m dlfa train")
        assert word("train.public") in everything_said(app)
        assert "start-training" not in [button.key for button in app.button]


def test_a_run_started_on_the_page_trains_and_its_model_answers_everywhere(
    open_app: Open, place: Path
):
    app = open_form(open_app, place)
    app.expander[0].text_input(key="run_name").set_value("mine").run()
    app.button(key="start-training").click().run()
    assert messages(app) == []
    assert [button.key for button in app.button if button.key == "stop-mine"]
    app = open_app("train")  # another visitor, or the same after a reload
    assert [button.key for button in app.button if button.key == "stop-mine"]
    assert app.button(key="start-training").disabled  # one at a time

    assert wait("mine") == "done", run_of("mine").log
    assert not (place / "runs" / "mine" / "states").exists()
    assert unfolded(open_app("train"))  # a new visitor has waited for nothing
    app.run()
    assert messages(app) == []
    assert not unfolded(app)  # who has waited sees the result first
    assert app.selectbox(key="run").value == "mine"
    assert "training" in figures(app)
    assert word("train.state.done.about") in everything_said(app)
    assert "--recipe frozen" in app.code[-1].value
    app.button(key="open-predict").click().run()
    app = go_to(app, "predict")
    assert app.selectbox(key="model").value == "runs/mine"
    assert messages(app) == []
    assert "probabilities" in figures(app)
    assert word("ui.card.frozen") in everything_said(app)

    app = open_app("train")
    app.button(key="delete-yes").click().run()
    assert not (place / "runs" / "mine").exists()
    assert word("train.runs.none") in everything_said(app)


@pytest.mark.slow
def test_a_failure_is_told_in_its_own_sentence_and_the_run_can_go_on(open_app: Open, place: Path):
    hub = place / "hub" / "nyu-mll"
    hub.rename(place / "away")
    app = open_form(open_app, place)
    app.button(key="start-training").click().run()
    name = next(path.name for path in (place / "runs").iterdir())
    assert wait(name) == "failed", run_of(name).log
    app.run()
    assert any("nyu-mll/multi_nli" in sentence for sentence in messages(app))
    (place / "away").rename(hub)
    app.button(key="resume").click().run()
    assert wait(name) == "done", run_of(name).log


@pytest.mark.slow
def test_a_stopped_run_keeps_its_best_checkpoint_and_goes_on_from_there(
    open_app: Open, place: Path
):
    app = open_form(open_app, place, tuning="joint", examples="all")
    command = app.code[0].value
    assert "--examples" not in command
    save_mirror(place / "hub", rows=6_000)
    app.button(key="start-training").click().run()
    name = next(path.name for path in (place / "runs").iterdir())
    deadline = time.monotonic() + PATIENCE
    while not run_of(name).history and run_of(name).under_way and time.monotonic() < deadline:
        time.sleep(0.05)
    app.run()
    app.button(key=f"stop-{name}").click().run()
    assert wait(name) == "stopped", run_of(name).log
    steps = json.loads((place / "runs" / name / "progress.json").read_text())
    assert steps["step"] < steps["steps"]
    assert (place / "runs" / name / "checkpoint" / "heads.safetensors").is_file()
    app.run()
    assert word("train.state.stopped.about") in everything_said(app)
    app.button(key="resume").click().run()
    assert wait(name) == "done", run_of(name).log
    assert [path.name for path in (place / "runs").iterdir()] == [name]
