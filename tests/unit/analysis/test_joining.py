"""A store of heads trained apart: one column after the other, in whatever order, by whomever."""

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.analysis import synthetic, tagger

ABOUT = {
    "backbone": "tiny",
    "recipe": "paper",
    "max_tokens": 1000,
    "limit": 10,
    "seed": 0,
    "training": {"checks": 4},
    "command": "python -m dlfa sweep --seed 0 --heads",
}
COUNTED = {"passes": 3, "seconds": 1.5, "faults": []}
HEADS = ("baseline", "D_2", "D_10")


def about(task: str, **changes):
    return {**ABOUT, "task": task, **changes}


def pairs():
    """Return the evaluations of three heads, each alone."""
    found = replace(
        synthetic.drawn(0, (0.4, 0.5, 0.6), 12), heads=HEADS, settings=settings("xnli", "test")
    )
    return [column(found, at) for at in range(3)]


def words():
    draw = np.random.default_rng(0)
    sizes = draw.integers(1, 6, 10)
    total = int(sizes.sum())
    answers, gold = draw.integers(0, 7, (total, 3)), draw.integers(0, 7, total)
    found = tagger.tagged(
        answers, gold, sizes, ["en"] * 5 + ["sw"] * 5, heads=HEADS,
        settings=settings("ner", "validation"),
    )  # fmt: skip
    return [column(found, at) for at in range(3)]


def settings(task, split):
    return {"task": task, "split": split, "limit": 10, **COUNTED, "flips": FLIPS}


FLIPS = {"examples": 9, "answers": 9, "turned": 1}


def column(evaluation, at):
    return replace(evaluation, answers=evaluation.answers[:, [at]], heads=(HEADS[at],))


def told(at):
    return {"tokens": 1000 + at, "validation": {"accuracy": 0.5}}


def joined(store: Path, columns, order, **changes):
    from dlfa.analysis.joining import join

    for at in order:
        task = columns[at].settings["task"]
        folder = join(store, columns[at], about(task, **changes), told(at))
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


@pytest.mark.parametrize("columns", [pairs, words])
class TestJoin:
    def test_any_order_gives_the_same_bytes(self, columns, tmp_path):
        first = joined(tmp_path / "a", columns(), [0, 1, 2])
        for name, order in (("b", [2, 0, 1]), ("c", [1, 2, 0])):
            assert bytes_of(joined(tmp_path / name, columns(), order)) == bytes_of(first)

    def test_the_record_says_of_each_head_what_it_said_alone(self, columns, tmp_path):
        from dlfa.analysis import records

        folder = joined(tmp_path, columns(), [1, 2, 0])
        found = records.read(folder)
        assert found.heads == HEADS
        for at, alone in enumerate(columns()):
            np.testing.assert_array_equal(found.answers[:, at], alone.answers[:, 0])
            assert found.settings["trained"][HEADS[at]]["tokens"] == 1000 + at
        assert list(found.settings["trained"]) == list(HEADS)
        assert found.settings["trained_apart"]
        assert found.settings["passes"] == 9
        assert found.settings["flips"]["turned"] == 3
        assert found.provenance.command == f"{ABOUT['command']} baseline D_2 D_10"

    def test_a_head_that_is_there_stays_as_it_is(self, columns, tmp_path):
        folder = joined(tmp_path, columns(), [0, 1])
        before = bytes_of(folder)
        other = columns()[1]
        joined(tmp_path, [other, replace(other, answers=other.answers * 0)], [1])
        assert bytes_of(folder) == before

    def test_other_examples_are_refused_and_nothing_changes(self, columns, tmp_path):
        from dlfa.errors import RunError

        folder = joined(tmp_path, columns(), [0])
        before = bytes_of(folder)
        one = columns()[1]
        others = [replace(one, tokens=one.tokens + 1), replace(one, gold=np.roll(one.gold, 1))]
        others += [replace(one, ids=one.ids[::-1]), replace(one, languages=one.languages[::-1])]
        for other in others:
            with pytest.raises(RunError, match="other examples"):
                joined(tmp_path, [other], [0])
        assert bytes_of(folder) == before

    @pytest.mark.parametrize("changes", [{"training": {"checks": 9}}, {"command": "another"}])
    def test_heads_trained_in_another_way_are_refused(self, columns, tmp_path, changes):
        from dlfa.errors import RunError

        joined(tmp_path, columns(), [0])
        with pytest.raises(RunError, match="another way"):
            joined(tmp_path, columns(), [1], **changes)

    def test_what_only_a_later_version_tells_keeps_no_head_out(self, columns, tmp_path):
        joined(tmp_path, columns(), [0])
        folder = joined(tmp_path, columns(), [1], more="told")
        assert json.loads((folder / "run.json").read_text())["heads"] == ["baseline", "D_2"]

    def test_two_at_once_lose_nothing(self, columns, tmp_path):
        from dlfa.analysis import records

        threads = [
            threading.Thread(target=joined, args=(tmp_path, columns(), [at])) for at in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (folder,) = (file.parent for file in tmp_path.glob("*/run.json"))
        assert records.read(folder).heads == HEADS


class TestMending:
    @pytest.mark.parametrize("when", ["moved aside", "half written", "in place"])
    def test_what_a_kill_left_is_put_back_by_the_next_one(self, tmp_path, when):
        folder = joined(tmp_path, pairs(), [0, 1])
        before = bytes_of(folder)
        scratch = tmp_path / ".saving-abc"
        (scratch / "fresh").mkdir(parents=True)
        (scratch / "fresh" / "run.json").write_text("{")
        if when == "moved aside":
            folder.rename(scratch / "old")
        elif when == "in place":
            shutil.copytree(folder, scratch / "old")
        whole = joined(tmp_path / "other", pairs(), [0, 1, 2])
        from dlfa.analysis.joining import writing

        with writing(tmp_path):
            assert bytes_of(folder) == before
        assert not scratch.exists()
        assert bytes_of(joined(tmp_path, pairs(), [2])) == bytes_of(whole)


class TestGrid:
    @pytest.fixture
    def store(self, tmp_path):
        joined(tmp_path, pairs(), [0, 1, 2])
        joined(tmp_path, pairs(), [0, 2], seed=1)
        joined(tmp_path, words(), [0], max_tokens=None, limit=None)
        return tmp_path

    def test_records_that_differ_by_seed_only_belong_together(self, store):
        from dlfa.analysis import records
        from dlfa.analysis.grid import read_grid

        grids, damaged = read_grid(store)
        assert damaged == ()
        by_task = {one.task: one for one in grids}
        assert by_task.keys() == {"xnli", "ner"}
        assert by_task["xnli"].seeds == (0, 1)
        assert by_task["xnli"].heads == ("baseline", "D_10")
        assert by_task["xnli"].records[0].heads == HEADS
        assert by_task["ner"].max_tokens is by_task["ner"].limit is None
        one = by_task["xnli"].records[1]
        assert one.trained["D_10"]["tokens"] == 1002
        assert records.read(one.folder).heads == one.heads

    @pytest.mark.parametrize("harm", ["{", "{}", '{"schema": 9}', "trained"])
    def test_a_damaged_record_is_told_and_keeps_no_other_from_being_read(self, store, harm):
        from dlfa.analysis.grid import read_grid

        (folder,) = store.glob("*ner*")
        file = folder / "run.json"
        if harm == "trained":
            content = json.loads(file.read_text())
            del content["settings"]["trained"]["baseline"]
            harm = json.dumps(content)
        file.write_text(harm)
        grids, damaged = read_grid(store)
        assert [one.task for one in grids] == ["xnli"]
        assert len(damaged) == 1
        assert folder.name in damaged[0]

    def test_a_damaged_record_is_not_taken_for_one_without_heads(self, store):
        from dlfa.analysis.grid import heads_in
        from dlfa.errors import RunError

        (folder,) = store.glob("*ner*")
        assert heads_in(folder) == ("baseline",)
        assert heads_in(store / "none") == ()
        (folder / "run.json").unlink()
        with pytest.raises(RunError, match="Remove that folder"):
            heads_in(folder)

    def test_records_of_other_kinds_are_left_out(self, store):
        from dlfa.analysis import records
        from dlfa.analysis.grid import read_grid

        records.write(synthetic.varied(), store / "another")
        assert read_grid(store) == read_grid(store)
        assert {one.task for one in read_grid(store)[0]} == {"xnli", "ner"}

    def test_a_store_that_is_not_there_holds_nothing(self, tmp_path):
        from dlfa.analysis.grid import read_grid

        assert read_grid(tmp_path / "none") == ((), ())


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "tiny-xnli-paper-1000-tokens-10-each-seed0"),
        ({"max_tokens": None, "limit": None}, "tiny-xnli-paper-whole-all-seed0"),
        ({"backbone": "a/b c@12"}, "a_b_c@12-xnli-paper-1000-tokens-10-each-seed0"),
    ],
)
def test_a_record_is_named_by_what_it_is_of(changes, name):
    from dlfa.analysis.joining import name_of

    assert name_of(about("xnli", **changes)) == name
