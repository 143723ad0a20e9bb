"""Results in memory: bounded, shared, read-only."""

import gc
import time
import tracemalloc
from dataclasses import dataclass
from sys import getsizeof

import numpy as np
import pytest


@dataclass(frozen=True)
class Result:
    numbers: np.ndarray
    words: tuple[str, ...]
    source: dict[str, str]


def result(cells: int = 1_000) -> Result:
    return Result(np.zeros(cells), ("a", "b"), {"made": "here"})


class TestStore:
    def test_gives_back_what_was_put(self):
        from dlfa.ui.store import Store

        store, kept = Store("answers", megabytes=1), result()
        store.put("key", kept)
        assert store.get("key") is kept
        assert store.get("other") is None

    def test_what_was_used_last_stays_within_the_bytes(self):
        from dlfa.ui.store import Store

        store = Store("answers", megabytes=1)
        for at in range(100):
            store.put(at, result(5_000))  # 40 kB
            store.get(0)
            assert store.bytes <= store.limit
        assert store.entries == 24
        assert store.get(0) is not None
        assert store.get(99) is not None
        assert store.get(1) is None

    def test_what_is_too_large_is_not_kept_and_drives_nothing_out(self):
        from dlfa.ui.store import Store

        store = Store("answers", megabytes=1)
        store.put("small", result())
        store.put("large", result(1_000_000))
        assert store.get("large") is None
        assert store.get("small") is not None

    def test_texts_do_not_stay_for_ever(self):
        from dlfa.ui.store import Store

        store = Store("answers", megabytes=1, seconds=0.1)
        store.put("key", result())
        time.sleep(0.15)
        assert store.get("key") is None
        assert (store.entries, store.bytes) == (0, 0)

    def test_can_be_emptied(self):
        from dlfa.ui.store import Store

        store = Store("answers", megabytes=1)
        for at in range(3):
            store.put(at, result())
        store.drop(0)
        store.drop("never there")
        assert store.entries == 2
        store.clear()
        assert (store.entries, store.bytes) == (0, 0)


class TestSettle:
    def test_arrays_become_read_only(self):
        from dlfa.ui.store import settle

        kept = result()
        settle(kept)
        with pytest.raises(ValueError, match="read-only"):
            kept.numbers[0] = 1

    def test_counts_arrays_and_texts_and_each_object_once(self):
        from dlfa.ui.store import settle

        one = result()
        assert 8_000 < settle(one) < 8_700
        assert settle([one] * 50) - settle(one) == getsizeof([one] * 50)
        assert settle([result() for _ in range(50)]) > 50 * 8_000

    @pytest.mark.slow
    def test_a_thousand_answers_take_about_what_is_said(self, warm):
        from dlfa.ui.loading import fetch
        from dlfa.ui.store import Store
        from tests.pages.conftest import MODEL

        store, predictor = Store("answers", megabytes=64), fetch(MODEL)
        pairs = [(f"Visitor {at} reads.", f"Somebody reads {at} books.") for at in range(1_000)]
        predictor.predict(pairs[:1])
        gc.collect()
        tracemalloc.start()
        try:
            for pair, answers in zip(pairs, predictor.predict(pairs), strict=True):
                store.put(("source", pair), answers)
            del answers
            gc.collect()
            taken, _peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert store.entries == 1_000
        assert 0.7 < store.bytes / taken < 1.3
