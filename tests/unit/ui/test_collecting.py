"""Collections of garbage: a long one sets its survivors aside, and only so often."""

import gc

import pytest

from dlfa.ui import collecting
from dlfa.ui.collecting import LONG, MOST, Shortened


class Aside:
    """Counts how often survivors were set aside; collections last as long as the test says."""

    def __init__(self) -> None:
        self.times, self.now = 0, 0.0

    def freeze(self) -> None:
        self.times += 1

    def collect(self, watcher: Shortened, seconds: float, generation: int = 2) -> int:
        watcher("start", {"generation": generation})
        self.now += seconds
        watcher("stop", {"generation": generation})
        return self.times


@pytest.fixture
def aside(monkeypatch) -> Aside:
    found = Aside()
    monkeypatch.setattr(collecting.time, "perf_counter", lambda: found.now)
    monkeypatch.setattr(collecting.gc, "freeze", found.freeze)
    return found


def test_survivors_of_a_long_collection_are_set_aside(aside):
    watcher = Shortened()
    assert aside.collect(watcher, 0.5 * LONG) == 0
    assert aside.collect(watcher, 2 * LONG) == 1
    assert aside.collect(watcher, 2 * LONG, generation=1) == 1, "only whole collections are long"


def test_in_the_end_nothing_is_set_aside_any_more(aside):
    watcher = Shortened()
    for _ in range(MOST + 5):
        last = aside.collect(watcher, 2 * LONG)
    assert last == MOST


def test_what_is_set_aside_is_not_walked_through_again(monkeypatch):
    monkeypatch.setattr(collecting, "LONG", 0.0)  # any collection is a long one
    watcher = Shortened()
    gc.callbacks.append(watcher)
    before = gc.get_freeze_count()
    try:
        gc.collect()
        assert gc.get_freeze_count() > before
        assert len(gc.get_objects()) < 0.1 * gc.get_freeze_count()
    finally:
        gc.callbacks.remove(watcher)
        gc.unfreeze()
