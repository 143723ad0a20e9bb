"""The page Embeddings warms the compiler up: once, behind its first view, in nobody's way."""

import threading

import pytest

from dlfa.ui.embeddings import warming


@pytest.fixture
def begun(monkeypatch):
    """Count how often compiling begins; it takes until the test lets it go on."""
    from dlfa.analysis import fits

    counted, go_on = threading.Semaphore(0), threading.Event()
    calls = []

    def slow() -> None:
        calls.append(threading.current_thread())
        counted.release()
        go_on.wait(60)

    monkeypatch.setattr(fits, "compiled", slow)
    monkeypatch.setattr(warming.runtime, "exists", lambda: True)
    monkeypatch.setattr(
        warming.runtime, "get_instance", lambda: object.__new__(warming.runtime.Runtime)
    )
    warming._begin.cache_clear()
    yield calls, counted
    go_on.set()
    warming._begin.cache_clear()


def test_it_begins_once_and_nobody_waits_for_it(begun):
    calls, counted = begun
    for _view in range(3):
        warming.warm_up()  # returns, though compiling goes on
    assert counted.acquire(timeout=60)
    assert not counted.acquire(timeout=0.3)
    assert len(calls) == 1
    assert calls[0] is not threading.current_thread()
    assert calls[0].daemon


def test_without_a_server_nothing_begins(begun, monkeypatch):
    calls, counted = begun
    monkeypatch.setattr(warming.runtime, "exists", lambda: False)
    warming.warm_up()
    assert not counted.acquire(timeout=0.3)
    assert calls == []


def test_the_page_asks_for_it_after_its_view_and_not_without_one(open_app, monkeypatch):
    from dlfa.ui.embeddings import left_out

    order = []
    monkeypatch.setattr(warming, "warm_up", lambda: order.append("warm"))
    tell = left_out.tell_left_out
    monkeypatch.setattr(
        left_out, "tell_left_out", lambda *given: order.append("drawn") or tell(*given)
    )
    open_app("embeddings", spoken="")  # no sentences, no view
    assert order == []
    open_app("embeddings", encoder="raw")
    assert order == ["drawn", "warm"]
