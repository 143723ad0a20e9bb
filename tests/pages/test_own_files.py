"""Files of several kinds, each kept under its own key of the session."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    """A page with two fields for files, and words for what they hold."""
    import streamlit as st

    from dlfa.data.sheets import read
    from dlfa.ui.own_files import OwnFiles

    def forgotten() -> None:
        st.session_state["forgotten"] = st.session_state.get("forgotten", 0) + 1

    fields = (
        OwnFiles(key="first", name="one", page="evaluate", read=read, forgotten=forgotten),
        OwnFiles(key="second", name="other", page="embeddings", read=read),
    )
    for files in fields:
        files.bring(max_bytes=2_000_000, max_rows=10)
        sheet = files.sheet()
        if sheet is not None:
            files.about(sheet, sheet.name)
            rows = files.intake().kept("rows", len(sheet.rows), lambda: object())
            st.session_state.setdefault("made", []).append(rows)
    st.session_state["open"] = [files.intake().sheet for files in fields]


@pytest.fixture
def app():
    found = AppTest.from_function(page, default_timeout=60).run()
    found.get("file_uploader")[1].upload("b.csv", b"text\nHello.", "text/csv").run()
    assert not found.exception
    return found


def names(app) -> list[str]:
    return [sheet.name if sheet else "" for sheet in app.session_state["open"]]


def test_a_file_opens_where_it_was_brought_and_nowhere_else(app):
    assert names(app) == ["", "b.csv"]
    app.get("file_uploader")[0].upload("a.csv", b"text\nMoin.", "text/csv").run()
    assert names(app) == ["a.csv", "b.csv"]
    assert app.session_state["first"].number == app.session_state["second"].number == 1


def test_what_was_made_of_a_file_is_made_once(app):
    app.run()
    first, *others = app.session_state["made"]
    assert len(others) == 1
    assert others[0] is first


def test_forgetting_one_leaves_the_other_and_tells_whoever_asked(app):
    app.get("file_uploader")[0].upload("a.csv", b"text\nMoin.", "text/csv").run()
    app.button(key="one-forget").click().run()
    assert names(app) == ["", "b.csv"]
    assert app.session_state["forgotten"] == 1
    app.button(key="other-forget").click().run()
    assert names(app) == ["", ""]
    assert app.session_state["forgotten"] == 1


def test_a_file_that_cannot_be_read_is_told_and_the_last_one_gone(app):
    app.get("file_uploader")[1].upload("c.csv", b"", "text/csv").run()
    assert names(app) == ["", ""]
    assert len(app.error) == 1
