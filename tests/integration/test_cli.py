"""The command line: answers, JSON, and one sentence with a non-zero status for every failure."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.tiny import save_encoder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Run a command in this process: status, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        from dlfa.__main__ import main

        status = main(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


@pytest.mark.parametrize(
    "arguments",
    [
        ("predict", "", "Something."),
        ("predict", "Something.", "x" * 5001),
        ("predict", "A.", "B.", "--model", "nothing"),
        ("predict", "A.", "B.", "--model", "mbert"),
        ("evaluate", "--model", "nothing"),
        ("train", "--task", "nothing"),
        ("train", "--recipe", "nothing"),
    ],
)
def test_a_failure_is_one_sentence_and_a_status(run, arguments, checkpoint, tmp_path) -> None:
    if arguments[0] == "train":
        arguments = (*arguments, "--out", str(tmp_path))
    status, out, err = run(*arguments)
    assert status == 1
    assert out == ""
    last = err.strip().splitlines()[-1]
    assert last.endswith(".")
    assert "Traceback" not in err


def test_unknown_languages_and_heads_are_refused(run, checkpoint) -> None:
    status, _, err = run("evaluate", "--languages", "xx")
    assert status == 1
    assert "xx" in err
    status, _, err = run("predict", "A dog runs.", "A cat.", "--heads", "D_12")
    assert status == 1
    assert "D_11" in err


def test_predict_prints_a_line_for_each_head(run, checkpoint) -> None:
    status, out, _ = run("predict", "A dog runs.", "An animal moves.", "--heads", "baseline", "D_8")
    assert status == 0
    assert [line.split()[0] for line in out.strip().splitlines()[1:]] == ["baseline", "D_8"]


def test_predict_prints_json_for_programs(checkpoint: Path) -> None:
    command = [sys.executable, "-m", "dlfa", "predict", "Ein Hund rennt.", "Ein Tier.", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    found = json.loads(done.stdout)
    assert len(found["predictions"]) == 23
    for row in found["predictions"]:
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert found["provenance"]["backbone"] == "e5-small"


def test_a_table_without_a_single_fit_row_is_a_failure(run, checkpoint, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("A dog runs.\t \n \tA cat.\n")
    status, out, err = run("predict", "--pairs", str(tmp_path / "pairs.tsv"))
    assert (status, out) == (1, "")
    assert "1, 2" in err.splitlines()[0]


def test_train_refuses_a_folder_that_is_no_encoder(run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    status, _, err = run(
        "train", "--backbone", str(tmp_path / "empty"), "--out", str(tmp_path / "o")
    )
    assert status == 1
    assert "config.json" in err


def test_train_refuses_an_encoder_of_two_layers(run, tmp_path: Path) -> None:
    folder = save_encoder(tmp_path / "flat", layers=2)
    status, _, err = run("train", "--backbone", str(folder), "--out", str(tmp_path / "o"))
    assert status == 1
    assert "2" in err


class TestEvaluate:
    """On our own sentences, which are always at hand."""

    FEW = (
        "evaluate",
        "--split",
        "built-in",
        "--languages",
        "en",
        "de",
        "--heads",
        "baseline",
        "D_8",
    )

    @pytest.fixture(autouse=True)
    def fresh_cache(self, monkeypatch, tmp_path, checkpoint) -> None:
        monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path / "cache"))

    def test_it_prints_every_language_the_average_and_a_verdict(self, run) -> None:
        status, out, _ = run(*self.FEW)
        assert status == 0
        lines = out.splitlines()
        for code in ("en", "de"):
            assert any(line.startswith(f"{code}  n=24  baseline ") for line in lines)
        assert any(line.startswith("average  baseline ") for line in lines)
        assert "checkpoint" in lines[-1] or "checkpoint" in lines[-2]

    def test_it_writes_a_record_and_the_next_one_reads_what_is_kept(self, run, tmp_path) -> None:
        from dlfa.analysis import records

        _, first, _ = run(*self.FEW, "--out", str(tmp_path / "one"))
        _, again, told = run(*self.FEW, "--out", str(tmp_path / "two"), "--small")
        assert "48" in told
        assert again == first
        one, two = (records.read(tmp_path / name) for name in ("one", "two"))
        assert one.answers.tolist() == two.answers.tolist()
        assert two.probabilities is None
        assert one.settings["total"] == 48

    def test_fresh_keeps_nothing(self, run, tmp_path) -> None:
        run(*self.FEW, "--fresh")
        assert not (tmp_path / "cache" / "evaluations").exists()
        _, _, told = run(*self.FEW, "--fresh")
        assert "answered earlier" not in told

    def test_several_changes_of_the_gate_make_a_record_each(self, run, tmp_path) -> None:
        status, out, _ = run(*self.FEW, "--gate", "trained", "shut", "--out", str(tmp_path / "out"))
        assert status == 0
        assert {"# trained", "# shut"} <= set(out.splitlines())
        assert {path.name for path in (tmp_path / "out").iterdir()} == {"trained", "shut"}

    @pytest.mark.parametrize(
        ("more", "named"),
        [
            (("--languages", "xx"), "xx"),
            (("--heads", "D_99"), "D_99"),
            (("--task", "nothing"), "nothing"),
            (("--gate", "nothing"), "nothing"),
            (("--limit", "0"), "0"),
            (("--limit", "-5"), "-5"),
        ],
    )
    def test_what_is_unknown_is_named_in_one_sentence(self, run, more, named) -> None:
        status, out, told = run(*self.FEW, *more)
        assert status == 1
        assert not out
        assert len(told.strip().splitlines()) == 1
        assert named in told

    def test_it_replaces_nothing_but_a_record(self, run, tmp_path) -> None:
        (tmp_path / "precious").mkdir()
        (tmp_path / "precious" / "thesis.tex").write_text("all of it")
        (tmp_path / "file").write_text("")
        for out in ("precious", "file", "file/below"):
            status, _, told = run(*self.FEW, "--out", str(tmp_path / out))
            assert status == 1
            assert out.split("/")[0] in told
        assert (tmp_path / "precious" / "thesis.tex").read_text() == "all of it"
        assert run(*self.FEW, "--out", str(tmp_path / "new"))[0] == 0
        assert run(*self.FEW, "--out", str(tmp_path / "new"))[0] == 0
