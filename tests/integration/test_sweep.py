"""A grid of trainings on a tiny encoder: whole, killed, side by side, without any data library."""

import json
import os
import subprocess
import sys
import tarfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.integration.tiny import save_encoder, save_mirror, save_tagged_mirror

ROOT = Path(__file__).parents[2]
FURTHER = tuple(f"w{at}" for at in range(200))  # words that no example has
HEADS = ("baseline", "D_2")
TIMES = ("seconds", "tokens_per_second", "share_of_peak")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("sweep")
    save_encoder(root / "tiny", further=FURTHER)
    save_mirror(root / "hub", rows=160)
    save_tagged_mirror(root / "hub", rows=160)
    return root


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """As all processes of these tests: the last digits depend on it."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def alone(place, monkeypatch):
    """The CPU in float32, the tiny mirror, no Hub."""
    import datasets

    from dlfa.model.device import hardware

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", place / "cache")
    told = {"DLFA_DEVICE": "cpu", "DLFA_DTYPE": "float32", "DLFA_DATA_DIR": str(place / "hub")}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    hardware.cache_clear()
    yield
    hardware.cache_clear()


@pytest.fixture(scope="module")
def shards(place) -> Path:
    """Both tasks, tokenised."""
    from dlfa.training.cells import Plan
    from dlfa.training.sharding import prepare

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DLFA_DATA_DIR", str(place / "hub"))
        patch.setattr("datasets.config.HF_DATASETS_CACHE", place / "cache")
        whole = Plan(**options(place, place / "shards", tasks=("xnli", "ner")))
        for name in whole.tasks:
            prepare(whole.first(name), whole.shards)
    return place / "shards"


def options(place, shards, **changes):
    return {
        "tasks": ("xnli",),
        "backbone": str(place / "tiny"),
        "recipe": "paper",
        "heads": HEADS,
        "seeds": (0,),
        "max_tokens": 2500,
        "limit": 8,
        "store": place / "store",
        "shards": shards,
    } | changes


def plan(place, shards, **changes):
    from dlfa.training.cells import Plan

    return Plan(**options(place, shards, **changes))


def contents(store: Path) -> dict[str, object]:
    """Return all that the records of a store hold but times, and a digest of the answers."""
    found: dict[str, object] = {}

    def note(one, path):
        if isinstance(one, dict):
            for name, value in one.items():
                if name not in TIMES:
                    note(value, f"{path}/{name}")
        else:
            found[path] = one

    for folder in sorted(store.glob("[!.]*")):
        note(json.loads((folder / "run.json").read_text()), folder.name)
        answers = (folder / "examples.parquet").read_bytes()
        found[f"{folder.name}/answers"] = sha256(answers).hexdigest()
    return found


@pytest.fixture(scope="module")
def finished(place, shards) -> Path:
    """A store that two tasks and two seeds were trained into, without an interruption."""
    from dlfa.model.device import hardware
    from dlfa.training.sweep import work

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DLFA_DEVICE", "cpu")
        patch.setenv("DLFA_DTYPE", "float32")
        hardware.cache_clear()
        work(plan(place, shards, tasks=("xnli", "ner"), store=place / "finished"))
    return place / "finished"


class TestPlan:
    def test_a_store_cut_off_anywhere_holds_whole_comparisons(self, place, shards):
        two = plan(place, shards, tasks=("xnli", "ner"), heads=("D_2", "baseline"), seeds=(0, 1))
        assert [one.words for one in two.cells] == [
            f"{task} {head} seed {seed}"
            for seed in (0, 1)
            for task in ("xnli", "ner")
            for head in HEADS
        ]

    def test_all_heads_are_the_papers(self, place, shards):
        every = [one.head for one in plan(place, shards, heads=()).cells]
        assert every == ["baseline", "D_1", "D_2", "D_3"]

    def test_its_options_make_it_again(self, place, shards):
        from dlfa.__main__ import parser
        from dlfa.cli.sweep import _plan

        one = plan(place, shards, seeds=(3, 1), store=place / "another")
        assert _plan(parser().parse_args(["sweep", *one.options()])) == one

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"recipe": "joint"}, "paper"),
            ({"limit": 0}, "--limit"),
            ({"max_tokens": 0}, "--max-tokens"),
            ({"seeds": (-1,)}, "--seed"),
            ({"tasks": ("nli",)}, "nli"),
        ],
    )
    def test_what_makes_no_grid_is_told(self, place, shards, changes, told):
        from dlfa.errors import DlfaError

        with pytest.raises(DlfaError, match=told):
            plan(place, shards, **changes)

    def test_missing_and_older_shards_are_told(self, place, shards, tmp_path):
        from dlfa.errors import RunError
        from dlfa.training.shards import read_shard

        with pytest.raises(RunError, match="--prepare"):
            read_shard(tmp_path, str(place / "tiny"), "xnli")
        there = tmp_path / "tiny" / "xnli"
        there.mkdir(parents=True)
        (there / "shard.json").write_text('{"version": 0}')
        with pytest.raises(RunError, match="another version"):
            read_shard(tmp_path, str(place / "tiny"), "xnli")


class TestShards:
    @pytest.mark.parametrize("task", ["xnli", "ner"])
    def test_they_hold_what_the_corpora_give(self, place, shards, task):
        import numpy as np

        from dlfa.training.run import from_corpora
        from dlfa.training.shards import read_shard

        one = plan(place, shards)
        settings, shard = one.first(task), read_shard(shards, str(place / "tiny"), task)
        given, wanted, rows = shard.material(settings), from_corpora(settings), shard.rows()
        for name in ("data", "held_out"):
            found, corpus = getattr(given, name).examples, getattr(wanted, name).examples
            assert len(found) == len(corpus) > 0
            for mine, theirs in zip(found, corpus, strict=True):
                assert mine["labels"] == theirs["labels"]
                np.testing.assert_array_equal(rows[mine["input_ids"]], theirs["input_ids"])
        assert given.encoder.model.config.vocab_size < 40 < wanted.encoder.model.config.vocab_size

    @pytest.mark.parametrize("task", ["xnli", "ner"])
    def test_training_on_them_is_training_on_the_corpora(self, place, shards, task, tmp_path):
        """The encoder's unread words are left out, and every other weight comes out the same."""
        from dlfa.model.backbones import load_encoder
        from dlfa.model.vocabulary import WORDS
        from dlfa.training.run import train
        from dlfa.training.shards import read_shard

        shard = read_shard(shards, str(place / "tiny"), task)
        settings = replace(plan(place, shards).first(task), heads=("D_2",), checks=2)
        cut = train(settings, tmp_path / "cut", shard.material).folder
        whole = train(settings, tmp_path / "whole").folder
        rows = shard.rows()
        for name in ("heads.safetensors", "encoder.safetensors"):
            mine, theirs = load_file(cut / name), load_file(whole / name)
            for key, tensor in theirs.items():
                wanted = tensor[rows[: len(mine[key])].astype(int)] if key == WORDS else tensor
                torch.testing.assert_close(mine[key], wanted, rtol=2e-3, atol=2e-4, msg=key)
        before = load_encoder(str(place / "tiny")).model.state_dict()[WORDS].half()
        after = load_file(whole / "encoder.safetensors")[WORDS]
        unread = sorted({*range(len(before))} - {*rows.tolist()})
        assert len(unread) >= len(FURTHER)
        assert torch.equal(after[unread], before[unread])
        assert not torch.equal(after[rows.astype(int)], before[rows.astype(int)])

    def test_the_test_set_is_drawn_as_an_evaluation_draws_it(self, place, finished, shards):
        """And answered alike: the same model, from the same checkpoint, with its texts."""
        import numpy as np

        from dlfa.analysis import records
        from dlfa.analysis.evaluation import evaluate
        from dlfa.analysis.predict import load
        from dlfa.training.run import train

        one = plan(place, shards)
        cell = next(iter(one.cells))
        folder = train(one.settings(cell), place / "texts").folder
        told = evaluate(load(folder), ("en", "sw"), limit=8)
        kept = records.read(finished / "tiny-xnli-paper-2500-tokens-8-each-seed0")
        for name in ("ids", "languages", "gold", "tokens", "overlap", "negation", "premises"):
            np.testing.assert_array_equal(getattr(kept, name), getattr(told, name))
        assert (kept.answers[:, 0] == told.answers[:, 0]).mean() > 0.9  # float16 rounds ties apart
        for name in ("task", "split", "limit", "sampling_seed", "max_length", "source", "total"):
            assert kept.settings[name] == told.settings[name]


class TestSweep:
    def test_each_task_has_a_record_with_all_heads_and_how_each_was_trained(self, finished):
        from dlfa.analysis import records
        from dlfa.analysis.grid import read_grid

        grids, damaged = read_grid(finished)
        assert damaged == ()
        assert {one.task: one.heads for one in grids} == {"xnli": HEADS, "ner": HEADS}
        for grid in grids:
            (one,) = grid.records
            assert records.read(one.folder).heads == HEADS
            for head in HEADS:
                told = one.trained[head]
                assert 0 < told["tokens"] <= 1.1 * 2500  # a batch more than whole passes
                assert len(told["checks"]) >= 2
                assert told["validation"]["step"] in [look["step"] for look in told["checks"]]
                assert told["command"].endswith(f"--heads {head}")
                assert told["examples"] > 0
        assert not [*(finished / ".work").glob("*/")], "what was trained in is removed"

    def test_what_is_done_is_left_as_it_is(self, place, shards, finished):
        from dlfa.training.sweep import work

        before = {file: file.stat().st_mtime_ns for file in finished.glob("*/run.json")}
        work(plan(place, shards, tasks=("xnli", "ner"), store=finished), pytest.fail)
        assert {file: file.stat().st_mtime_ns for file in finished.glob("*/run.json")} == before

    def test_a_cell_that_fails_keeps_no_other_from_being_trained(
        self, place, shards, tmp_path, monkeypatch
    ):
        from dlfa.errors import RunError
        from dlfa.training import sweep

        def failing(asked, cell):
            if cell.head == "baseline":
                raise RunError("error.run.full", path=asked.store)
            return asked.store

        monkeypatch.setattr(sweep, "finish", failing)
        done = []
        with pytest.raises(RunError, match="disk is full"):
            sweep.work(plan(place, shards, store=tmp_path), lambda cell, _: done.append(cell.head))
        assert done == ["D_2"]

    def test_a_cell_in_other_hands_is_left_to_them(self, place, shards, tmp_path, monkeypatch):
        from filelock import FileLock

        from dlfa.training import sweep

        monkeypatch.setattr(sweep, "finish", lambda asked, cell: asked.store)
        asked = plan(place, shards, store=tmp_path)
        folder = asked.work(next(iter(asked.cells)))
        folder.parent.mkdir(parents=True)
        done = []
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            sweep.work(asked, lambda cell, _: done.append(cell.head))
        assert done == ["D_2"]


def environment(place: Path, **more: str) -> dict[str, str]:
    # fmt: off
    return {
        **os.environ, "DLFA_DEVICE": "cpu", "DLFA_DTYPE": "float32", "HF_HUB_OFFLINE": "1",
        "DLFA_DATA_DIR": str(place / "hub"), "HF_HOME": str(place / "home"),
        "DLFA_CACHE_DIR": str(place / "own"), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT),
    } | more
    # fmt: on


def run(place: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env=environment(place, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        stdin=subprocess.PIPE if "--worker" in words else None,
    )


BLOCKED = ("datasets", "streamlit", "seqeval", "umap", "captum", "plotly")


def test_shards_need_no_data_library(place, shards, finished, tmp_path):
    from dlfa.analysis import records

    code = (
        "import sys; from pathlib import Path\n"
        f"for name in {BLOCKED}: sys.modules[name] = None\n"
        "import json; from dlfa.training.cells import Plan; from dlfa.training.sweep import work\n"
        "told = json.loads(sys.argv[1])\n"
        "paths = {name: Path(told[name]) for name in ('store', 'shards')}\n"
        "lists = {name: tuple(told[name]) for name in ('tasks', 'heads', 'seeds')}\n"
        "work(Plan(**told | paths | lists))\n"
    )
    asked = options(place, shards, tasks=("xnli", "ner"), heads=("D_2",), store=tmp_path)
    done = run(place, "-c", code, json.dumps(asked, default=str), DLFA_DATA_DIR="/nowhere")
    assert done.returncode == 0, done.stderr[-3000:]
    for folder in finished.glob("[!.]*"):
        found, wanted = records.read(tmp_path / folder.name), records.read(folder)
        assert (found.answers[:, 0] == wanted.answers[:, HEADS.index("D_2")]).all()


@pytest.mark.slow
@pytest.mark.parametrize("point", ["in_training", "before_the_store", "in_the_store"])
def test_killed_at_any_point_it_goes_on_to_the_same_store(place, shards, finished, point, tmp_path):
    asked = json.dumps(options(place, shards, tasks=("xnli", "ner"), store=tmp_path), default=str)
    killed = run(place, "tests/integration/killed.py", point, asked)
    assert killed.returncode == -9, killed.stderr[-3000:]
    assert contents(tmp_path) != contents(finished)
    from dlfa.training.sweep import work

    done = []
    asked = plan(place, shards, tasks=("xnli", "ner"), store=tmp_path)
    work(asked, lambda cell, _record: done.append(cell))
    assert contents(tmp_path) == contents(finished)
    assert len(done) == (3 if point == "in_the_store" else 4), "what was done is done again"


@pytest.mark.slow
class TestCommand:
    def sweep(self, place, store, *words):
        named = ["--backbone", str(place / "tiny"), "--heads", *HEADS, "--seeds", "1"]
        named += ["--max-tokens", "2500", "--limit", "8", "--store", str(store)]
        return ["-m", "dlfa", "sweep", "--task", "xnli", "ner", *named, *words]

    def test_two_side_by_side_give_the_same_store_and_tell_what_they_do(
        self, place, finished, tmp_path
    ):
        """And they tokenise by themselves."""
        done = run(place, *self.sweep(place, tmp_path, "--side-by-side", "2"))
        assert done.returncode == 0, done.stderr[-3000:]
        assert contents(tmp_path) == contents(finished)
        assert sum(" seed 0: " in line for line in done.stdout.splitlines()) == 4
        assert "4" in done.stdout.splitlines()[-1]
        again = run(place, *self.sweep(place, tmp_path))
        assert (again.returncode, "Nothing to do" in again.stdout) == (0, True)

    @pytest.mark.parametrize("signal", ["SIGTERM", "SIGINT", "SIGKILL"])
    def test_whatever_ends_it_ends_its_processes_and_the_same_command_goes_on(
        self, place, finished, tmp_path, signal
    ):
        import signal as signals
        import time

        import psutil

        words = self.sweep(place, tmp_path, "--shards", str(place / "shards"))
        process = subprocess.Popen(
            [sys.executable, *words],
            env=environment(place),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 120
        while not [*tmp_path.glob(".work/*/settings.json")]:
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline
            time.sleep(0.05)
        children = psutil.Process(process.pid).children()
        assert children
        process.send_signal(getattr(signals, signal))
        _out, errors = process.communicate(timeout=60)
        _gone, alive = psutil.wait_procs(children, timeout=30)
        assert not alive
        assert "Traceback" not in errors
        done = run(place, *words)
        assert done.returncode == 0, done.stderr[-3000:]
        assert contents(tmp_path) == contents(finished)

    def test_prepared_data_is_small_and_enough(self, place, tmp_path):
        done = run(place, *self.sweep(place, tmp_path / "a", "--prepare", str(tmp_path / "s")))
        assert done.returncode == 0, done.stderr[-3000:]
        assert not (tmp_path / "a").exists()
        assert {one.name for one in (tmp_path / "s" / "tiny").iterdir()} == {
            "encoder",
            "ner",
            "xnli",
        }
        told = run(
            place,
            *self.sweep(place, tmp_path / "a", "--shards", str(tmp_path / "s"), "--forecast"),
            DLFA_DATA_DIR="/nowhere",
        )
        assert told.returncode == 0, told.stderr[-3000:]
        assert "4 trainings" in told.stdout

    def test_the_script_for_one_gpu_leaves_few_small_files_that_go_on_elsewhere(
        self, place, shards, finished, tmp_path
    ):
        more = f"--backbone {place / 'tiny'} --task xnli ner --heads {' '.join(HEADS)} --seeds 1"
        told = {"PYTHON": sys.executable, "GRID_OPTIONS": f"{more} --max-tokens 2500 --limit 8"}
        done = subprocess.run(
            ["sh", "examples/grid/one_gpu.sh", str(shards), str(tmp_path / "results"), "2"],
            env=environment(place, DLFA_DATA_DIR="/nowhere", **told),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=280,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        packed = sorted((tmp_path / "results").iterdir())
        assert 1 <= len(packed) <= 8
        assert all(file.stat().st_size <= 16 * 2**20 for file in packed)
        whole = tmp_path / "grid.tar.gz"
        whole.write_bytes(b"".join(file.read_bytes() for file in packed))
        with tarfile.open(whole) as archive:
            archive.extractall(tmp_path, filter="data")
        assert contents(tmp_path / "grid") == contents(finished)
