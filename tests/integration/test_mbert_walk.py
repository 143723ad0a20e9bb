"""The README's section on mBERT, line by line, with random weights in mBERT's place.

The stand-in lies in the Hub's cache under mBERT's own name and revision and has its real
vocabulary, so that every command is taken as it is written; only the amounts are small.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.integration.test_mbert_path import EXACT, SMALL, save_as_the_hub_has_it, vocabulary

__all__ = ["vocabulary"]  # a fixture

pytestmark = pytest.mark.timeout(900)  # two programs, and more where the machine is busy
ROOT = Path(__file__).parents[2]
STEPS = 20
FEW = ["--examples", str(8 * STEPS), "--batch-size", "8", "--epochs", "1"]
FEW += ["--validation-limit", "24"]
SIZES = [
    pytest.param(SMALL, id="small"),
    pytest.param(EXACT, id="exact", marks=pytest.mark.slow),
]


def section() -> str:
    """Return the README's section on mBERT."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return readme.split("\n## The paper's encoder: mBERT\n")[1].split("\n## ")[0]


def lines() -> list[list[str]]:
    """Return the section's commands in their order."""
    blocks = re.findall(r"^```bash\n(.*?)^```$", section(), re.MULTILINE | re.DOTALL)
    return [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]


@pytest.fixture
def place(request, tmp_path, monkeypatch, data_dir):
    """A working folder, with a stand-in for mBERT where the Hub's library keeps what it fetched."""
    from huggingface_hub import constants

    from dlfa.model.backbones import BACKBONES

    known, cache = BACKBONES["mbert"], tmp_path / "cache"
    folder = cache / f"models--{known.hub_id.replace('/', '--')}" / "snapshots" / known.revision
    folder.parent.mkdir(parents=True)
    save_as_the_hub_has_it(folder, request.getfixturevalue("vocabulary"), request.param)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setenv("DLFA_DATA_DIR", str(data_dir.resolve()))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys, *words: str) -> str:
    from dlfa.__main__ import main

    assert main(words) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def trained(place: Path, *words: str) -> None:
    """Run the command in a process of its own: its arithmetic is the device's usual one."""
    environment = {**os.environ, "HF_HUB_CACHE": str(place / "cache"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "dlfa", "train", *words, *FEW]
    done = subprocess.run(command, env=environment, cwd=place, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


class Api:
    """A Hub that takes everything."""

    def create_repo(self, *_, **__): ...

    def upload_folder(self, **_):
        return SimpleNamespace(oid="e" * 40)


def walk(words: list[str], place: Path, capsys, monkeypatch) -> None:
    """Do what one line of the README says."""
    from dlfa.data import hub
    from dlfa.model import publishing

    match words:
        case ["python", "-m", "dlfa", "train", *rest]:
            assert "mbert" in rest
            trained(place, *rest)
        case ["python", "-m", "dlfa", "predict", *rest]:
            assert "mbert" in said(capsys, "predict", *rest)
        case ["python", "-m", "dlfa", "evaluate", *rest]:
            assert said(capsys, "evaluate", *rest, "--limit", "3", "--fresh")
        case ["python", "-m", "dlfa", "publish", *rest]:
            with monkeypatch.context() as patched:
                patched.setattr(hub, "reachable", lambda: True)
                patched.setattr(publishing, "HfApi", Api)
                patched.setattr(publishing.checkpoints, "load", lambda *_, **__: None)
                assert "e" * 40 in said(capsys, "publish", *rest)
        case [setting, "streamlit", "run", app]:
            assert setting.startswith("DLFA_CHECKPOINTS=")
            assert (ROOT / app).is_file()
        case other:
            pytest.fail(f"nobody walks this line: {other}")


@pytest.mark.slow
@pytest.mark.parametrize("place", SIZES, indirect=True)
def test_the_readme_line_by_line(place, capsys, monkeypatch):
    from dlfa.analysis.gates import gate_sweep
    from dlfa.analysis.predict import load, offered

    walked = lines()
    for words in walked:
        walk(words, place, capsys, monkeypatch)
    commands = {words[3] for words in walked if words[0] == "python"}
    assert commands == {"train", "predict", "evaluate", "publish"}

    folder = place / "runs" / "mbert-xnli" / "checkpoint"
    monkeypatch.setenv("DLFA_CHECKPOINTS", str(folder))
    assert "mbert-xnli" in offered()
    predictor = load("mbert-xnli")
    sweep = gate_sweep(predictor, ("Der Hund läuft.", "Ein Tier bewegt sich."))
    assert sweep.provenance.backbone == "mbert"
    assert len(predictor.heads) == 2 * predictor.encoder.layers - 1


@pytest.mark.parametrize("place", SIZES, indirect=True)
def test_words_are_tagged_on_the_same_way(place, capsys):
    from dlfa.analysis.predict import load
    from dlfa.analysis.tag import tag, word_gate

    out = place / "runs" / "mbert-ner"
    train = ["--backbone", "mbert", "--task", "ner", "--recipe", "joint", "--out", str(out)]
    trained(place, *train)
    folder = str(out / "checkpoint")
    text = "Angela Merkel besuchte Paris."
    assert "Paris" in said(capsys, "predict", "--text", text, "--model", folder)
    measured = ["--task", "ner", "--model", folder, "--split", "validation", "--limit", "3"]
    assert said(capsys, "evaluate", *measured, "--languages", "en", "--fresh")
    predictor = load(folder)
    (tagged,) = tag(predictor, [text])
    assert tagged.provenance.backbone == "mbert"
    gate = word_gate(predictor, text, "D_2")
    assert np.isfinite(gate.gate.gate).all()
