"""What a view waits for: a bar with a way out, and a failure told where the result would stand."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visitor import everything_said


class Told:
    """An end that comes when the test says so: one answer for each look."""

    def __init__(self, *looks: bool) -> None:
        self.looks = list(looks)

    def is_set(self) -> bool:
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]

    def wait(self, _: float) -> None:
        pass


@pytest.fixture
def piece(monkeypatch) -> Any:
    """Work that ends as the test says; `begun` counts how often somebody wanted it."""
    from dlfa.ui import background
    from dlfa.ui.background import Piece
    from dlfa.ui.store import SPACES

    work: Any = Piece(("work", 1), lambda _: None, SPACES)
    work.begun = 0

    def begin(*_: Any) -> Piece:
        work.begun += 1
        return work

    monkeypatch.setattr(background, "begin", begin)
    return work


def view() -> None:
    import streamlit as st

    from dlfa.ui.guard import guarded
    from dlfa.ui.waiting import made

    with guarded():
        st.write("found", made(("work", 1), lambda _: None, "embeddings.work.pca"))


def open_view() -> AppTest:
    app = AppTest.from_function(view, default_timeout=60).run()
    assert not app.exception
    return app


def test_work_under_way_shows_a_bar_and_a_way_out_and_stays_cancelled_until_it_is_wanted(piece):
    piece.over = Told(False)
    piece.look("somebody")
    app = open_view()
    assert piece.begun == 1
    assert not piece.stop()
    app.button(key="cancel-work").click().run()
    assert not app.exception
    assert "cancel-work" not in [one.key for one in app.button]
    app.run()
    assert piece.begun == 1, "cancelled work began again by itself"
    app.button(key="again-work").click().run()
    assert not app.exception
    assert piece.begun == 2
    assert app.button(key="cancel-work")


def test_a_failure_is_told_once_and_whoever_comes_again_tries_again(piece):
    from dlfa.errors import OfflineError

    piece.over, piece.error = Told(False, True), OfflineError("error.publish.offline")
    app = open_view()
    assert len(app.error) == 1
    assert not [one for one in app.button if one.key == "cancel-work"]
    assert piece.begun == 1
    piece.over, piece.error = Told(True), None
    piece.result = "the map"
    assert "the map" in everything_said(app.run())
    assert not app.error
    assert piece.begun == 2


def test_a_mistake_of_ours_is_told_with_its_number(piece):
    piece.over, piece.case = Told(False, True), "1a2b3c4d"
    app = open_view()
    assert "1a2b3c4d" in app.error[0].value
