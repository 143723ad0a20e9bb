"""Which records stand in the tables: of heads trained apart and together, shipped and own."""

import json
from pathlib import Path

import pytest

from tests.unit.analysis import grids


@pytest.fixture
def runs(monkeypatch, tmp_path) -> Path:
    """This computer's own runs, apart from whoever runs the tests, and from the shipped grid."""
    from dlfa.analysis import recorded

    monkeypatch.setattr(
        recorded, "grid_folders", lambda: (tmp_path / "none", tmp_path / "runs/grid")
    )
    monkeypatch.setenv("DLFA_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "runs"


def ways(**options):
    from dlfa.analysis.recorded import by_way, recorded

    sources, damaged = recorded(**options)
    return by_way(sources), damaged


def apart(found):
    """The one way of heads that were trained apart."""
    (way,) = [one for one in found if not one.together]
    return way


def test_the_shipped_grid_has_three_seeds_of_every_task_and_stands_behind_whole_test_sets():
    found, damaged = ways(own=False)
    assert [way.key for way in found] == ["e5-small~joint~whole~all", "e5-small~paper~200000~150"]
    tasks = found[apart(found)]
    assert {task: [one.seed for one in several] for task, several in tasks.items()} == {
        key: [0, 1, 2] for key in ("xnli", "paws-x", "ner", "pos")
    }
    assert {one.heads for several in tasks.values() for one in several} == {
        ("baseline", "D_4", "D_8", "D_11")
    }
    assert damaged == ()


def test_the_shipped_joint_records_are_one_way_with_the_tasks_they_have(runs):
    found, damaged = ways(own=False)
    together = [way for way in found if way.together]
    assert [way.key for way in together] == ["e5-small~joint~whole~all"]
    tasks = found[together[0]]
    assert set(tasks) <= {"xnli", "paws-x", "ner", "pos"}
    assert [one.name for one in tasks["xnli"]] == ["e5-small-xnli"]  # and no control of the gate
    assert [one.split for one in tasks["pos"]] == ["validation"]  # and not the parallel set
    told = tasks["xnli"][0].trained["D_8"]
    assert told.tokens > 1_000_000
    assert told.command.startswith("python -m dlfa train --task xnli --backbone e5-small")
    assert damaged == ()


def test_heads_trained_apart_are_a_way_of_their_own_with_their_seeds(runs):
    grids.store(runs / "grid")
    found, _damaged = ways()
    way = apart(found)
    assert (way.recipe, way.max_tokens, way.limit, way.together) == ("paper", 2_000, 90, False)
    first, second = found[way]["paws-x"]
    assert (first.seed, second.seed) == (0, 1)
    assert first.heads == ("baseline", "D_1", "D_2")
    told = first.trained["D_2"]
    assert told.command == "python -m dlfa sweep --task paws-x --seed 0 --heads D_2"
    assert (told.tokens, told.seconds, told.tested, told.validation) == (2_000, 30.0, 2.0, 0.7)
    assert first.name.startswith("own-")


def test_whose_own_records_are_not_asked_for_does_not_see_them(runs):
    grids.store(runs / "grid", seeds=1)
    assert all(way.together for way in ways(own=False)[0])


def test_they_can_be_measured_and_opened_on_the_page_evaluate(runs):
    from dlfa.analysis.store import stored
    from dlfa.analysis.tables import measured

    grids.store(runs / "grid")
    found, _damaged = ways()
    records = found[apart(found)]["paws-x"]
    table = measured(records, draws=100)
    assert table.heads == ("baseline", "D_1", "D_2")
    assert table.choice is not None
    assert table.choice.chosen_by_mean == "D_2"
    assert {one.name for one in records} <= {run.name for run in stored()}


def test_a_damaged_record_is_told_and_the_others_stand(runs):
    folder = grids.store(runs / "grid")
    broken = next(folder.glob("*seed1"))
    (broken / "run.json").write_text("{", encoding="utf-8")
    found, damaged = ways()
    assert [one.seed for one in found[apart(found)]["paws-x"]] == [0]
    assert len(damaged) == 1
    assert broken.name in damaged[0]


def test_budgets_and_shares_of_the_test_set_are_not_mixed(runs):
    for more in ({}, {"max_tokens": 4_000}, {"limit": None}):
        grids.store(runs / "grid", seeds=1, heads=("baseline",), **more)
    apart = [way for way in ways()[0] if not way.together]
    assert [(way.max_tokens, way.limit) for way in apart] == [
        (2_000, None),  # tested on most first, then trained on most
        (4_000, 90),
        (2_000, 90),
    ]
    assert len({way.key for way in apart}) == 3


def test_english_validation_of_a_joint_model_is_read_where_it_was_evaluated(runs, monkeypatch):
    from dlfa.analysis import store

    shipped = store.RESULTS / "e5-small-paws-x"
    content = json.loads((shipped / "run.json").read_text(encoding="utf-8"))
    content["settings"]["split"] = "validation"
    folder = runs.parent / "cache" / "evaluations" / "looked" / "record"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(content), encoding="utf-8")
    found, _damaged = ways()
    way = next(way for way in found if way.together)
    (record,) = found[way]["paws-x"]
    assert record.name == "e5-small-paws-x"
    expected = content["summary"]["en"]["D_3"]["accuracy"]
    assert record.trained["D_3"].validation == expected
