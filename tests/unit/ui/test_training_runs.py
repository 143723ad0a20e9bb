"""Training runs on this computer: what their folders tell, and the command that makes one again."""

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from dlfa.data.processes import note_process, process_of
from dlfa.ui.train import runs as module
from dlfa.ui.train.asked import Asked
from dlfa.ui.train.curve import curve
from dlfa.ui.train.runs import Run, delete, find, launch, named, runs, stop


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("DLFA_RUNS", str(tmp_path / "runs"))
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


def asked(**changes) -> Asked:
    options = {
        "task": "xnli",
        "backbone": "e5-small",
        "recipe": "frozen",
        "gate_init": "neutral",
        "examples": 2000,
        "seed": 3,
    }
    return Asked(**options | changes)


def made(folder: Path, name: str, **files: dict) -> Run:
    (folder / name).mkdir(exist_ok=True)
    files.setdefault("settings", {"task": "xnli", "recipe": {"batch_size": 32}})
    for file, content in files.items():
        (folder / name / f"{file}.json").write_text(json.dumps(content))
    return Run(folder / name)


@pytest.fixture
def sleeper():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


class TestProcesses:
    def test_a_process_is_found_while_it_lives(self, folder: Path, sleeper):
        note_process(folder, sleeper.pid)
        found = process_of(folder)
        assert found is not None
        assert found.pid == sleeper.pid
        sleeper.kill()
        sleeper.wait()
        assert process_of(folder) is None

    def test_another_one_with_its_number_is_not_it(self, folder: Path):
        (folder / "process.json").write_text(json.dumps({"pid": os.getpid(), "began": 0.0}))
        assert process_of(folder) is None

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x", "began": 0}'])
    def test_a_note_that_says_nothing_names_nobody(self, folder: Path, content):
        (folder / "process.json").write_text(content)
        assert process_of(folder) is None


class TestStates:
    def test_what_became_of_a_run_stands_in_its_folder(self, folder: Path):
        failure = {"key": "error.hub.offline", "params": {"what": "mbert"}}
        wanted = {
            "interrupted": made(folder, "a"),
            "done": made(folder, "b", training={"stopped": False}),
            "stopped": made(folder, "c", training={"stopped": True}),
            "failed": made(folder, "d", failure=failure),
        }
        assert {run.state for run in wanted.values()} == set(wanted)
        assert all(run.state == state for state, run in wanted.items())
        assert "mbert" in wanted["failed"].failure
        assert wanted["done"].failure == ""

    def test_one_under_way_comes_first_and_then_the_latest(self, folder: Path, sleeper):
        for age, name in enumerate(("old", "older")):
            for file in made(folder, name).folder.iterdir():
                os.utime(file, (time.time() - 100 - age,) * 2)
        note_process(made(folder, "oldest").folder, sleeper.pid)
        for file in (folder / "oldest").iterdir():
            os.utime(file, (1.0, 1.0))
        assert [run.name for run in runs()] == ["oldest", "old", "older"]
        assert find("oldest").state == "going"

    def test_records_of_evaluations_are_no_runs(self, folder: Path):
        made(folder, "evaluation", settings={"task": "xnli", "split": "test"})
        (folder / "empty").mkdir()
        assert runs() == []

    def test_files_cut_short_say_nothing(self, folder: Path):
        run = made(folder, "a")
        (run.folder / "progress.json").write_text("{")
        (run.folder / "history.json").write_text('{"points": 3}')
        assert (run.progress, run.history, run.log) == ({}, [], "")
        assert curve(run) is None


class TestProgram:
    """With a program in the place of ours, which begins in a second."""

    @pytest.fixture
    def program(self, tmp_path: Path, monkeypatch):
        package = tmp_path / "elsewhere" / "dlfa"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(
            "import sys, time\nprint('began', *sys.argv[1:], flush=True)\ntime.sleep(60)\n"
        )
        monkeypatch.setattr(module, "ROOT", tmp_path / "elsewhere")
        monkeypatch.chdir(tmp_path)
        started: list[Run] = []
        yield (
            lambda name, **options: (
                started.append(launch(["train", "--x"], named(name), **options)) or started[-1]
            )
        )
        for run in started:
            process = process_of(run.folder)
            if process is not None:
                process.kill()

    def test_a_run_starts_in_a_group_of_its_own_and_ends_when_asked(self, program):
        run = program("mine")
        assert run.state == "going"
        assert os.getpgid(process_of(run.folder).pid) != os.getpgid(0)
        assert run.arguments == ["train", "--x"]
        stop(run)
        deadline = time.monotonic() + 20
        while Run(run.folder).under_way and time.monotonic() < deadline:
            time.sleep(0.05)
        assert find("mine").state == "interrupted"  # this program leaves no result
        delete(find("mine"))
        assert runs() == []

    def test_one_at_a_time_unless_one_insists(self, program, folder: Path):
        from dlfa.errors import BusyError

        first = program("mine")
        with pytest.raises(BusyError, match="mine"):
            program("other")
        assert program("other", beside=True).under_way
        with pytest.raises(BusyError):
            launch(["train"], first.folder, beside=True)  # two into one folder never
        with pytest.raises(BusyError):
            delete(first)

    def test_a_name_that_is_taken_gets_a_number(self, folder: Path):
        assert named("a") == folder / "a"
        made(folder, "a")
        assert named("a") == folder / "a-2"


class TestCommand:
    def test_it_asks_for_what_the_page_asks_for(self):
        from dlfa.__main__ import parser
        from dlfa.cli.train import _settings

        for wanted in (
            asked(),
            asked(task="ner", recipe="joint", heads=("baseline", "D_4"), examples=None),
            asked(backbone="/a folder/it's", gate_init="standard"),
        ):
            words = shlex.split(wanted.command("runs/x"))
            assert words[:3] == ["python", "-m", "dlfa"]
            options = parser().parse_args(words[3:])
            assert _settings(options) == wanted.settings()
            assert options.out == Path("runs/x")
        forecast = parser().parse_args(shlex.split(asked().command("", forecast=True))[3:])
        assert forecast.forecast
        assert forecast.out is None

    def test_a_task_with_several_corpora_takes_the_first(self):
        assert asked().corpora == ("mnli",)
        assert asked(task="pos").corpora == ()

    @pytest.mark.parametrize("name", ["../x", "a/b", "ünïcode 1", "...", "x" * 200])
    def test_its_title_is_the_name_of_one_folder(self, name):
        title = asked(name=name).title
        assert title
        assert len(title) <= 60
        assert Path(title).name == title
        assert not title.startswith(".")


class TestCurve:
    HISTORY = (
        {"step": 2, "loss": 1.1},
        {"step": 2, "eval_accuracy": 0.4, "eval_accuracy_baseline": 0.35}
        | {"eval_runtime": 2.0, "eval_samples_per_second": 50.0},
        {"step": 4, "loss": 1.0},
        {"step": 4, "eval_accuracy": 0.5, "eval_accuracy_baseline": 0.45}
        | {"eval_runtime": 4.0, "eval_samples_per_second": 25.0},
    )

    def test_counts_examples_and_gives_intervals_of_pairs(self, folder: Path):
        history = {"points": list(self.HISTORY)}
        run = made(folder, "a", history=history, progress={"steps": 10})
        found = curve(run)
        assert found.total == 320
        assert found.seen.tolist() == found.looked.tolist() == [64, 128]
        assert found.evaluated == 100
        assert found.best == 1
        low, high = found.intervals[1]
        assert (low < found.mean).all()
        assert (found.mean < high).all()
        np.testing.assert_allclose(high - low, 0.19, atol=0.02)  # Wilson's for 50 of 100

    def test_tags_have_no_simple_interval(self, folder: Path):
        points = [
            {name.replace("accuracy", "f1"): value for name, value in one.items()}
            for one in self.HISTORY
        ]
        settings = {"task": "ner", "recipe": {"batch_size": 8}}
        run = made(folder, "a", history={"points": points}, settings=settings)
        found = curve(run)
        assert (found.metric, found.total, found.intervals) == ("f1", 32, None)
