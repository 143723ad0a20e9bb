"""A session saved by one visitor and opened by another shows the same page and the same numbers."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visitor import Open, alt_texts, figures, go_to, messages, word, write

LONG = "".join(random.Random(0).choices("abcdefghijklmnopqrstuvwxyz ", k=3_000))


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> Callable[[], bytes]:
    """Save the session of the visitor whose page ran last, as the download button does."""
    from dlfa.ui import share
    from dlfa.ui.deferred import on_behalf

    calls: list[Callable[[], bytes]] = []

    def remember(call: Callable[[], Any]) -> Callable[[], Any]:
        calls.append(on_behalf(call))
        return calls[-1]

    monkeypatch.setattr(share, "on_behalf", remember)
    return lambda: calls[-1]()


def bring(app: AppTest, data: bytes) -> AppTest:
    """Open a session file."""
    uploader = app.file_uploader[0]
    return uploader.upload("dlfa-session.json", data, "application/json").run()


def toasts(app: AppTest) -> list[str]:
    return [toast.value.replace("\\", "") for toast in app.toast]


def edited(data: bytes, **changes: object) -> bytes:
    return json.dumps(json.loads(data) | changes).encode()


class TestReplay:
    def test_the_same_numbers_come_back(self, open_app: Open, saved):
        app = open_app("gates", example="pnli-02", lang="ar", heads="D_8")
        app.select_slider(key="layer").set_value(5).run()
        app.segmented_control(key="gate").set_value("aff").run()
        data = saved()

        other = bring(open_app(), data)
        assert messages(other) == []
        assert toasts(other) == [word("ui.session.opened")]
        assert [title.value for title in other.title] == [word("gates.title")]
        assert other.select_slider(key="layer").value == 5
        assert alt_texts(other) == alt_texts(app)
        assert [chart["data"] for chart in figures(other).values()] == [
            chart["data"] for chart in figures(app).values()
        ]
        assert go_to(other, "predict").pills(key="heads").value == ["D_8"]

    def test_texts_too_long_for_a_link_come_back(self, open_app: Open, saved):
        app = write(open_app(), LONG, LONG[::-1])
        assert word("ui.address.long") in [caption.value for caption in app.caption]
        assert {button.key for button in app.download_button} >= {"session-save-long"}
        data = saved()
        other = bring(open_app("gates"), data)
        assert [field.value for field in other.text_area] == [LONG, LONG[::-1]]
        assert alt_texts(other) == alt_texts(app)

    def test_a_table_of_pairs_comes_back(self, open_app: Open, saved):
        rows = [["A dog runs.", "An animal moves."], ["كل الطلاب نجحوا.", "رسب بعضهم."]]
        app = open_app()
        app.session_state["pairs"] = rows
        app.run()
        data = saved()
        other = bring(open_app(), data)
        assert other.session_state["pairs"] == rows

    def test_it_can_be_opened_twice_in_a_row(self, open_app: Open, saved):
        app = open_app(example="pnli-02")
        data = saved()
        for _ in range(2):
            app.selectbox(key="example").set_value("pnli-03").run()
            app = bring(app, data)
            assert app.selectbox(key="example").value == "pnli-02"

    def test_it_brings_back_the_language_of_the_app(self, open_app: Open, saved):
        app = open_app(ui="de")
        data = saved()
        other = bring(open_app(), data)
        assert other.title[0].value == app.title[0].value
        assert alt_texts(other) == alt_texts(app)

    def test_another_checkpoint_of_that_name_is_pointed_out(self, open_app: Open, saved):
        app = open_app()
        boxes = [box.value for box in bring(app, edited(saved(), checkpoint="f00")).warning]
        assert word("ui.session.other_model") in boxes
        data = saved()
        boxes = [box.value for box in bring(open_app(), data).warning]
        assert word("ui.session.other_model") not in boxes


class TestBadFiles:
    @pytest.mark.parametrize(
        "data", [b"", b"no json", b'{"schema": "x"}', b"\xff\xfe", b"[" * 50_000]
    )
    def test_get_one_sentence_and_take_nothing_away(self, open_app: Open, data):
        app = write(open_app(heads=["D_8"]), "My own premise.", "My own hypothesis.")
        before = alt_texts(app)
        app = bring(app, data)
        assert messages(app) == [word("error.session.unreadable")]
        assert [field.value for field in app.text_area] == ["My own premise.", "My own hypothesis."]
        assert alt_texts(app) == before
        app.run()
        assert messages(app) == []

    def test_one_that_is_too_large_for_this_instance_says_so(self, open_app: Open, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        app = bring(open_app(), b" " * 1_000_001)
        assert messages(app) == [word("error.session.large.open", found="1.0", limit="1.0")]

    def test_what_cannot_be_used_is_named_and_the_rest_is_taken(self, open_app: Open, saved):
        app = open_app()
        state = {"lang": ["fr"], "example": ["nothing"], "evil<b>": ["1"]}
        app = bring(app, edited(saved(), state=state, page="nowhere"))
        assert messages(app) == []
        assert app.selectbox(key="lang").value == "fr"
        told = word("ui.address.ignored.file", names="evil<b>, page, example")
        assert told in toasts(app)

    def test_any_number_of_strange_names_is_told_in_one_line(self, open_app: Open, saved):
        app = open_app()
        app = bring(app, edited(saved(), state={f"strange{at}": ["1"] for at in range(10_000)}))
        first = ", ".join(f"strange{at}" for at in range(5))
        names = word("ui.address.ignored.more", names=first, more=9_995)
        assert word("ui.address.ignored.file", names=names) in toasts(app)

    def test_a_public_instance_takes_no_model_from_a_file(self, open_app: Open, saved, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        app = open_app()
        app = bring(app, edited(saved(), state={"model": ["/etc"]}))
        assert app.selectbox(key="model").value == "e5-small-xnli"
        assert word("ui.address.ignored.file", names="model") in toasts(app)
        assert messages(app) == []


def test_what_is_too_large_to_be_opened_again_is_not_offered(open_app: Open, monkeypatch):
    monkeypatch.setenv("DLFA_PUBLIC", "1")
    app = open_app()
    app.session_state["pairs"] = [["漢" * 5_000, "字" * 5_000]] * 200
    app.run()
    assert "session-save" not in {button.key for button in app.download_button}
    said = " ".join(caption.value for caption in app.caption).replace("\\", "")
    assert word("error.session.large.save", found="6.0", limit="1.0")[:40] in said
