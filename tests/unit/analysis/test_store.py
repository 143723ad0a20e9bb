"""Runs on disk: never half written, bounded, safe against others who write the same."""

import os
import time

import numpy as np
import pytest


@pytest.fixture
def arrays():
    return {"tokens": np.arange(5), "gates": np.full((5, 2), np.nan, np.float32)}


@pytest.fixture
def evaluation(tiny_predictor):
    from dlfa.analysis.evaluation import evaluate

    return evaluate(tiny_predictor, ("en",), split="built-in", heads=("baseline", "D_1"))


def test_a_chunk_reads_back_as_it_was_written(tmp_path, arrays) -> None:
    from dlfa.analysis.store import Store

    assert Store("run", tmp_path).write(3, arrays)
    back = Store("run", tmp_path).read(3)
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
    assert Store("run", tmp_path).read(4) is None


def test_a_flipped_bit_is_no_traceback(tmp_path, arrays) -> None:
    from dlfa.analysis.store import Store

    store = Store("run", tmp_path)
    store.write(0, arrays)
    (file,) = store.folder.glob("chunk-*.npz")
    whole, damaged = file.read_bytes(), 0
    for at in range(0, 8 * len(whole), 7):
        content = bytearray(whole)
        content[at // 8] ^= 1 << at % 8
        file.write_bytes(content)
        damaged += store.read(0) is None
    assert damaged > 100


@pytest.mark.parametrize("keep", [0, 1, 20, 150, -1])
def test_a_damaged_chunk_is_none(tmp_path, arrays, keep) -> None:
    from dlfa.analysis.store import Store

    store = Store("run", tmp_path)
    store.write(0, arrays)
    (file,) = store.folder.glob("chunk-*.npz")
    file.write_bytes(file.read_bytes()[:keep])
    assert store.read(0) is None


def test_a_chunk_that_asks_to_be_unpickled_is_none(tmp_path) -> None:
    from dlfa.analysis.store import Store

    store = Store("run", tmp_path)
    store.folder.mkdir()
    np.savez(store.folder / "chunk-00000.npz", tokens=np.array([{}], dtype=object))
    assert store.read(0) is None


def test_a_disk_that_takes_nothing_loses_no_run(tmp_path, arrays, evaluation) -> None:
    from dlfa.analysis.store import Store

    (tmp_path / "file").write_text("")
    store = Store("run", tmp_path / "file")
    assert not store.write(0, arrays)
    store.finish(evaluation)
    assert store.finished() is None


def test_a_finished_run_is_its_record_without_chunks(tmp_path, arrays, evaluation) -> None:
    from dlfa.analysis.store import Store, stored

    store = Store("run", tmp_path)
    store.write(0, arrays)
    store.finish(evaluation)
    assert not list(store.folder.glob("chunk-*"))
    np.testing.assert_array_equal(store.finished().answers, evaluation.answers)
    (listed,) = (run for run in stored(tmp_path) if not run.shipped)
    assert (listed.digest, listed.total) == ("run", len(evaluation.ids))
    assert listed.settings["split"] == "built-in"


def test_who_finishes_second_changes_nothing(tmp_path, arrays, evaluation) -> None:
    from dlfa.analysis.store import Store

    first, second = Store("run", tmp_path), Store("run", tmp_path)
    for store in (first, second):
        store.write(0, arrays)
    first.finish(evaluation)
    written = (first.record / "run.json").stat().st_mtime_ns
    second.finish(evaluation)
    assert (first.record / "run.json").stat().st_mtime_ns == written
    assert [path.name for path in first.folder.iterdir()] == ["record"]


def test_a_damaged_record_is_written_anew_and_costs_no_chunk(tmp_path, arrays, evaluation) -> None:
    from dlfa.analysis.store import Store

    store = Store("run", tmp_path)
    store.finish(evaluation)
    (store.record / "examples.parquet").write_bytes(b"PAR1")
    assert store.finished() is None
    store.write(0, arrays)
    store.finish(evaluation)
    assert store.finished().answers.tolist() == evaluation.answers.tolist()


def test_a_run_that_was_thrown_out_midway_still_leaves_its_record(tmp_path, evaluation) -> None:
    from dlfa.analysis.store import Store

    store = Store("run", tmp_path)
    store.write(0, {"tokens": np.arange(2)})
    store.drop()
    assert not store.folder.exists()
    store.finish(evaluation)
    assert store.finished() is not None


@pytest.mark.parametrize("content", ["[]", '{"schema": 1}', "1", ""])
def test_what_is_no_record_is_not_listed(tmp_path, content) -> None:
    from dlfa.analysis.store import stored

    (tmp_path / "run" / "record").mkdir(parents=True)
    (tmp_path / "run" / "record" / "run.json").write_text(content)
    assert all(run.shipped for run in stored(tmp_path))


def test_what_a_kill_left_behind_is_tidied_up(tmp_path) -> None:
    from dlfa.analysis.store import Store

    (tmp_path / ".gone-abc" / "run").mkdir(parents=True)
    Store("run", tmp_path).tidy()
    assert not list(tmp_path.iterdir())


def test_the_oldest_runs_go_first_and_those_in_use_stay(tmp_path, arrays) -> None:
    from dlfa.analysis.store import IN_USE, Store

    for age, name in ((3, "old"), (2, "middle"), (0, "new")):
        store = Store(name, tmp_path)
        store.write(0, arrays)
        then = time.time() - age * IN_USE
        os.utime(store.folder, (then, then))
    size = sum(file.stat().st_size for file in (tmp_path / "old").iterdir())
    Store("mine", tmp_path, limit=2 * size).tidy()
    assert {path.name for path in tmp_path.iterdir()} == {"middle", "new"}
    Store("mine", tmp_path, limit=1).tidy()
    assert {path.name for path in tmp_path.iterdir()} == {"new"}


def test_the_shipped_records_are_listed_first(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DLFA_RUNS", str(tmp_path / "runs"))
    from dlfa.analysis.store import RESULTS, stored

    shipped = stored(tmp_path)
    assert all(run.shipped and RESULTS in run.folder.parents for run in shipped)
    assert "e5-small-xnli" in [run.name for run in shipped]


def test_a_digest_knows_no_order_of_keys_and_every_value() -> None:
    from dlfa.analysis.store import digest_of

    assert digest_of({"a": 1, "b": (2, 3)}) == digest_of({"b": [2, 3], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
