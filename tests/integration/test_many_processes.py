"""Two processes under `accelerate launch` are one: losses, batch norm, files. On CPUs (gloo)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from safetensors.numpy import load_file

from tests.integration.curve import STEPS
from tests.integration.tiny import save_encoder, save_mirror

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "examples" / "accelerate"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("processes")
    save_encoder(root / "tiny")
    save_mirror(root / "hub")
    return root


def launched(processes: int) -> list[str]:
    """Return how a program is started in so many processes (on CPUs, as DLFA_DEVICE says)."""
    if processes == 1:
        return [sys.executable]
    launcher = [sys.executable, "-m", "accelerate.commands.launch"]
    launcher += ["--config_file", str(CONFIGS / "one-node.yaml"), "--main_process_port", "0"]
    return [*launcher, "--num_processes", str(processes)]


def run(command: list[str], data: Path, home: Path) -> subprocess.CompletedProcess[str]:
    # fmt: off
    environment = {
        **os.environ, "DLFA_DATA_DIR": str(data), "DLFA_DTYPE": "float32", "DLFA_DEVICE": "cpu",
        "HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT), "GLOO_SOCKET_IFNAME": "lo",
    }
    # fmt: on
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=400
    )


def curve(place: Path, processes: int, task: str, data: Path) -> tuple[list[float], Path]:
    """Return the loss of every step, and the run's folder."""
    out = place / f"{task}-{processes}"
    program = ["tests/integration/curve.py", str(place), str(out), task]
    done = run([*launched(processes), *program], data, place / "home")
    assert done.returncode == 0, done.stderr[-3000:]
    points = json.loads((out / "history.json").read_text())["points"]
    return [point["loss"] for point in points if "loss" in point], out


@pytest.mark.parametrize("task", ["xnli", "ner"])
def test_the_loss_curve_is_that_of_one_process(place, task, request):
    """With batch norm learning: its moments are those of both processes.

    NER has unequal numbers of words in the two halves of a batch.
    """
    data = place / "hub" if task == "xnli" else request.getfixturevalue("data_dir")
    one, alone = curve(place, 1, task, data)
    two, both = curve(place, 2, task, data)
    assert len(one) == STEPS
    np.testing.assert_allclose(two, one, atol=1e-4)
    for name in ("adapter.safetensors", "heads.safetensors"):
        mine, theirs = (load_file(out / "checkpoint" / name) for out in (alone, both))
        for key, value in mine.items():
            np.testing.assert_allclose(theirs[key], value, atol=5e-3, err_msg=key)


def test_the_command_resumes_in_all_processes_and_one_writes(place):
    out = place / "resumed"
    command = ["-m", "dlfa", "train", "--backbone", str(place / "tiny"), "--corpora", "mnli"]
    command += ["--batch-size", "8", "--examples", "64", "--epochs", "2", "--out", str(out)]
    done = run([*launched(2), *command], place / "hub", place / "home")
    assert done.returncode == 0, done.stderr[-3000:]
    assert len(done.stdout.splitlines()) == 1  # one process tells
    first = (out / "checkpoint" / "heads.safetensors").read_bytes()
    again = run([*launched(2), *command], place / "hub", place / "home")
    assert again.returncode == 0, again.stderr[-3000:]
    assert (out / "checkpoint" / "heads.safetensors").read_bytes() == first
    assert json.loads((out / "progress.json").read_text())["seconds_left"] == 0


def test_a_batch_that_cannot_be_shared_is_refused(place):
    command = ["-m", "dlfa", "train", "--backbone", str(place / "tiny"), "--corpora", "mnli"]
    command += ["--batch-size", "9", "--examples", "64", "--out", str(place / "odd")]
    done = run([*launched(2), *command], place / "hub", place / "home")
    assert done.returncode != 0
    assert "9" in done.stderr


@pytest.mark.parametrize("name", ["one-node", "two-nodes"])
def test_accelerate_takes_the_example_configurations(name):
    from accelerate.commands.config.config_args import ClusterConfig

    told = yaml.safe_load((CONFIGS / f"{name}.yaml").read_text())
    config = ClusterConfig.from_yaml_file(CONFIGS / f"{name}.yaml")
    assert config.num_processes == told["num_processes"] == 8 * told["num_machines"]
