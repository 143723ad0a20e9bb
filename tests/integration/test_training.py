"""Training, end to end on a tiny encoder: killed and resumed runs end the same."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.tiny import save_encoder, save_mirror

STEPS = 24  # of 8 pairs; validation and a checkpoint every 3


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("training")
    save_encoder(root / "tiny")
    save_mirror(root / "hub")
    return root


def start(place: Path, out: str, *extra: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dlfa", "train", "--backbone", str(place / "tiny")]
    command += ["--corpora", "mnli", "--batch-size", "8", "--max-tokens", str(STEPS * 8 * 17)]
    return subprocess.Popen(
        [*command, "--out", str(place / out), *extra],
        env={**os.environ, "DLFA_DATA_DIR": str(place / "hub"), "DLFA_DTYPE": "float32"}
        | {"HF_HOME": str(place / "home"), "HF_HUB_OFFLINE": "1", "DLFA_DEVICE": "cpu"},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def finished(place: Path) -> Path:
    process = start(place, "whole")
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return place / "whole"


def test_a_finished_run_leaves_a_checkpoint_that_loads_and_answers(finished: Path) -> None:
    from dlfa.analysis.predict import load

    predictor = load(finished / "checkpoint")
    (answers,) = predictor.predict([("a man runs", "no one sleeps")])
    assert [answer.head for answer in answers][:2] == ["baseline", "D_1"]
    assert predictor.provenance.backbone == "tiny"


def test_progress_names_steps_speed_and_time_left(finished: Path) -> None:
    progress = json.loads((finished / "progress.json").read_text())
    assert progress["step"] == progress["steps"]
    assert progress["tokens_per_second"] > 0
    assert progress["seconds_left"] == 0


def test_a_killed_run_resumes_to_the_same_weights(place: Path, finished: Path) -> None:
    process = start(place, "killed")
    deadline = time.monotonic() + 200
    while not list((place / "killed").glob("checkpoint-*/complete")):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (place / "killed" / "checkpoint").exists(), "killed too late to prove anything"

    resumed = start(place, "killed")
    _, errors = resumed.communicate(timeout=300)
    assert resumed.returncode == 0, errors
    for name in ("adapter.safetensors", "heads.safetensors"):
        one, other = (folder / "checkpoint" / name for folder in (finished, place / "killed"))
        assert one.read_bytes() == other.read_bytes(), name


def test_another_run_is_not_written_over(place: Path, finished: Path) -> None:
    process = start(place, "whole", "--seed", "7")
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert len(errors.strip().splitlines()[-1]) < 400
