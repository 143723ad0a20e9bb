"""Fits take turns, whoever asks, under any thread layer, and can be taken back."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from dlfa.analysis import fits
from dlfa.analysis.fits import turn, warm
from dlfa.errors import BusyError
from tests.source_tree import ROOT

VISITORS = """
import sys, threading
import numpy as np
from dlfa.analysis.layer_maps import umap_map
from tests.unit.analysis.clusters import merging

maps = {}

def visit(name):
    maps[name] = umap_map(*merging(items=60), centred=False, seed=7)

visitors = [threading.Thread(target=visit, args=(name,)) for name in "abc"]
for visitor in visitors:
    visitor.start()
for visitor in visitors:
    visitor.join()
assert len(maps) == 3
assert all(np.array_equal(maps["a"].points, maps[name].points) for name in "bc")
import numba
assert numba.config.THREADING_LAYER == "workqueue"
sys.stdout.write("three maps")
"""


@pytest.mark.slow
def test_three_visitors_at_once_survive_numbas_workqueue(tmp_path) -> None:
    """The layer that aborts the process when two threads enter it: a slim image's only one."""
    own = {"NUMBA_THREADING_LAYER": "workqueue", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", VISITORS],
        cwd=ROOT,
        env=os.environ | own,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "three maps"), done.stderr


def test_a_machine_that_keeps_no_code_compiles_all_the_same(tmp_path) -> None:
    code = (
        "from numba.core.caching import CacheImpl\n"
        "CacheImpl._locator_classes = []\n"  # as if no folder could be written
        "from dlfa.analysis.layout import compiled\n"
        "assert compiled().stats.cache_path is None"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_one_fit_at_a_time() -> None:
    at_work, most = 0, 0
    guard = threading.Lock()

    def fit() -> None:
        nonlocal at_work, most
        with turn() as mine:
            assert mine
            with guard:
                at_work += 1
                most = max(most, at_work)
            time.sleep(0.05)
            with guard:
                at_work -= 1

    visitors = [threading.Thread(target=fit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert (at_work, most) == (0, 1)


def test_who_waits_may_leave() -> None:
    with turn(), turn(stop=lambda: True) as mine:
        assert not mine
    with turn() as mine:  # and leaves nothing locked behind
        assert mine


def test_a_failure_passes_the_turn_on() -> None:
    with pytest.raises(ZeroDivisionError), turn():
        raise ZeroDivisionError
    with turn(stop=lambda: False) as mine:
        assert mine


def test_patience_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fits, "PATIENCE", 0.1)
    monkeypatch.setattr(fits, "LOOK", 0.05)
    with turn(), pytest.raises(BusyError) as raised, turn():
        pass
    assert "PCA" in str(raised.value)


def test_warming_ends_with_code_that_runs() -> None:
    from dlfa.analysis.layout import compiled

    warm().join(60)
    points = np.zeros((3, 2), dtype=np.float32)
    none = np.zeros(0, dtype=np.int32)
    real = np.zeros(0, dtype=np.float32)
    anchors, hold = np.ones((3, 2), dtype=np.float32), np.array([1, 0.5, 0], dtype=np.float32)
    state = np.ones(1, dtype=np.uint64)
    compiled()(points, none, none, real, real.copy(), anchors, hold, 1.0, 1, 0, 1, state)
    assert points[:, 0].tolist() == [1, 0.5, 0]  # the way back to the anchor, all, half, none
