"""``python -m dlfa embed``: streamed, resumed after a kill, the same bytes as in one go."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pytest

from tests.integration.tiny import WORDS, save_encoder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_encoder(tmp_path_factory.mktemp("raw") / "encoder")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Run the command in this process: status, standard error."""

    def call(*arguments: object) -> tuple[int, str]:
        from dlfa.__main__ import main

        status = main(["embed", *map(str, arguments)])
        printed = capsys.readouterr()
        assert printed.out == ""
        return status, printed.err

    return call


def sentences(count: int) -> list[str]:
    generator = np.random.default_rng(0)
    return [" ".join(generator.choice(WORDS, size=generator.integers(2, 9))) for _ in range(count)]


def written(path: Path, texts: list[str]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(texts) + "\n")
    return path


def columns(path: Path) -> dict[str, np.ndarray]:
    table = parquet.read_table(path)
    found = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        nested = hasattr(column, "flatten") and "list" in str(column.type)
        found[name] = column.flatten().to_numpy() if nested else column.to_numpy(False)
        if nested:
            found[name] = found[name].reshape(len(table), -1)
    return found


class TestOutput:
    def test_it_holds_what_embed_gives_with_a_column_a_layer(self, run, encoder, tmp_path):
        from dlfa.analysis.embedding import embed, load_encoder

        texts = sentences(50)
        status, _ = run(
            written(tmp_path / "in.txt", texts), "--model", encoder, "--out", tmp_path / "x.parquet"
        )
        assert status == 0
        found = columns(tmp_path / "x.parquet")
        layers = [f"layer_{layer}" for layer in range(5)]
        assert list(found) == ["row", "text", "tokens", "cut", *layers]
        assert found["text"].tolist() == texts
        assert found["row"].tolist() == list(range(1, 51))
        wanted = embed(load_encoder(str(encoder)), texts)
        assert found["tokens"].tolist() == wanted.tokens.tolist()
        for name, of in zip(layers, wanted.vectors, strict=True):
            assert found[name].dtype == np.float16
            np.testing.assert_allclose(found[name], of, rtol=2**-10, atol=1e-3)
        assert not (tmp_path / "x.parquet.parts").exists()

    def test_the_metadata_says_where_the_vectors_come_from(self, run, encoder, tmp_path):
        out = tmp_path / "x.parquet"
        run(
            written(tmp_path / "in.txt", ["a dog"]),
            *("--model", encoder, "--layers", "4,0", "--pooling", "first", "--out", out),
        )
        about = json.loads(parquet.read_schema(out).metadata[b"dlfa"])
        assert about["provenance"]["state"] == "raw"
        assert about["spaces"] == ["4", "0"]
        assert about["pooled_by"] == "first"
        assert about["sentences"] == 1
        assert len(about["encoder"]) == len(about["data"]) == 32
        assert about["command"].startswith("python -m dlfa")

    def test_a_trained_models_fused_spaces_are_columns_too(self, run, checkpoint, tmp_path):
        status, _ = run(
            written(tmp_path / "in.txt", ["Der Hund schläft.", "狗在睡觉。"]),
            *("--model", "e5-small-xnli", "--layers", "12,D_8", "--out", tmp_path / "x.parquet"),
        )
        found = columns(tmp_path / "x.parquet")
        assert status == 0
        assert list(found)[4:] == ["layer_12", "D_8"]
        assert found["D_8"].shape == (2, 384)
        assert np.abs(found["D_8"] - found["layer_12"]).max() > 0.01

    def test_unusable_rows_are_told_and_the_others_keep_their_numbers(self, run, encoder, tmp_path):
        (tmp_path / "in.jsonl").write_text(
            '{"text": "a dog"}\nnothing\n{"text": ""}\n{"text": "man %s"}\n{"text": " "}\n'
            % ("x" * 6000)
        )
        out = tmp_path / "x.parquet"
        status, told = run(tmp_path / "in.jsonl", "--model", encoder, "--out", out)
        assert status == 0
        assert "(row 2)" in told
        assert "(row 3, 5)" in told
        found = columns(out)
        assert found["row"].tolist() == [1, 4]
        assert found["cut"].tolist() == [False, True]
        assert len(found["text"][1]) == 6004


class TestFailures:
    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (("--layers", "99"), "99"),
            (("--layers", ","), "0, 1"),
            (("--column", "nothing"), "nothing"),
            (("--model", "nothing"), "nothing"),
        ],
    )
    def test_what_is_unknown_is_named_in_one_sentence(self, run, encoder, tmp_path, more, said):
        given = ("--model", encoder) if "--model" not in more else ()
        file = written(tmp_path / "in.txt", ["a dog"])
        status, told = run(file, *given, "--out", tmp_path / "x", *more)
        assert status == 1
        assert said in told.splitlines()[-1]
        assert "Traceback" not in told

    def test_an_output_that_is_there_is_not_overwritten(self, run, encoder, tmp_path):
        file = written(tmp_path / "in.txt", ["a dog"])
        (tmp_path / "x").write_text("mine")
        status, told = run(file, "--model", encoder, "--out", tmp_path / "x")
        assert status == 1
        assert "--out" in told
        assert (tmp_path / "x").read_text() == "mine"

    def test_a_second_process_on_the_same_output_is_refused(self, run, encoder, tmp_path):
        from filelock import FileLock

        (tmp_path / "x.parts").mkdir()
        file = written(tmp_path / "in.txt", ["a dog"])
        with FileLock(tmp_path / "x.parts" / "lock"):
            status, told = run(file, "--model", encoder, "--out", tmp_path / "x")
        assert status == 1
        assert "another process" in told

    def test_a_file_without_a_sentence(self, run, encoder, tmp_path):
        file = written(tmp_path / "in.txt", ["", " "])
        status, _ = run(file, "--model", encoder, "--out", tmp_path / "x")
        assert status == 1
        assert not (tmp_path / "x").exists()

    def test_a_folder_that_cannot_be_written_to(self, run, encoder, tmp_path):
        file = written(tmp_path / "in.txt", ["a dog"])
        status, told = run(file, "--model", encoder, "--out", file / "x")
        assert status == 1
        assert "Traceback" not in told


class TestResuming:
    def start(self, folder: Path, encoder: Path) -> subprocess.Popen:
        """The same command in a folder of its own, as a process that can be killed."""
        command = f"-m dlfa embed in.txt --model {encoder} --out x.parquet".split()
        environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        return subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=environment, stderr=subprocess.PIPE
        )

    @pytest.mark.parametrize("count", [6_000, pytest.param(30_000, marks=pytest.mark.slow)])
    def test_killed_midway_and_started_again_it_gives_the_same_bytes(
        self, encoder, tmp_path, count
    ):
        texts = sentences(count)
        written(tmp_path / "one" / "in.txt", texts)
        written(tmp_path / "two" / "in.txt", texts)
        whole = self.start(tmp_path / "one", encoder)
        assert whole.wait(200) == 0
        killed = self.start(tmp_path / "two", encoder)
        parts = tmp_path / "two" / "x.parquet.parts"
        until = time.monotonic() + 100
        while len(list(parts.glob("*.parquet"))) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(killed.pid, signal.SIGKILL)
        assert killed.wait() == -signal.SIGKILL
        left = sorted(parts.glob("*.parquet"))
        assert 3 <= len(left) < count / 1024
        assert not (tmp_path / "two" / "x.parquet").exists()
        (parts / "0000001.parquet").write_bytes(left[1].read_bytes()[:100])  # as a full disk does
        again = self.start(tmp_path / "two", encoder)
        _, told = again.communicate(timeout=200)
        assert again.returncode == 0
        one, two = ((tmp_path / name / "x.parquet").read_bytes() for name in ("one", "two"))
        assert one == two
        kept = int(told.decode().split(" of them from")[0].split()[-1].replace(",", ""))
        assert kept == 1024 * (len(left) - 1)

    def test_what_half_precision_does_not_hold_is_not_written(self, encoder, tmp_path, monkeypatch):
        from dlfa.analysis.embedding import Embedding, load_encoder
        from dlfa.analysis.embedding_file import embed_file
        from dlfa.data.row_streams import open_rows
        from dlfa.errors import InputError

        vectors = Embedding._vectors
        monkeypatch.setattr(Embedding, "_vectors", lambda *given: 1e6 * vectors(*given))
        file = written(tmp_path / "in.txt", sentences(5))
        with pytest.raises(InputError) as raised:
            list(embed_file(load_encoder(str(encoder)), open_rows(file), tmp_path / "x"))
        assert raised.value.key == "error.vectors.nan"
        assert not (tmp_path / "x").exists()

    def test_parts_of_other_sentences_or_settings_are_not_taken(self, encoder, tmp_path):
        from dlfa.analysis.embedding import load_encoder
        from dlfa.analysis.embedding_file import embed_file
        from dlfa.data.row_streams import open_rows

        texts, embedder = sentences(40), load_encoder(str(encoder))
        file = written(tmp_path / "in.txt", texts)

        def begun(**settings) -> None:
            work = embed_file(embedder, open_rows(file), tmp_path / "x", chunk=10, **settings)
            next(work), next(work), work.close()

        def finished() -> int:
            *_, last = embed_file(embedder, open_rows(file), tmp_path / "x", chunk=10)
            (tmp_path / "x").unlink()
            return last.kept

        begun()
        assert finished() == 20
        begun(pooled_by="first")
        assert finished() == 0
        begun()
        written(file, [*texts[:15], "no one", *texts[16:]])
        assert finished() == 10
