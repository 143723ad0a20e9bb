"""A visitor's own data on the page: a file comes in, columns and labels are named, rows told."""

import csv
import io
import json
import random

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visitor import everything_said, messages, word

ROWS = [("Ein Hund bellt.", "=1+1", "yes", "de"), ("A dog barks.", "A cat.", "no", "en")]


def page() -> None:
    """A page with the part that is tested, and a word for what it gives."""
    import streamlit as st

    from dlfa.ui.evaluate.own_data import own_data

    if st.session_state.get("elsewhere"):
        st.stop()
    own = own_data(("entailment", "neutral", "contradiction"))
    st.session_state["given"] = own and [(row.pair, row.gold, row.language) for row in own.rows]


def table(rows=ROWS, header=("sentence1", "sentence2", "gold_label", "lang"), **how) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, **how).writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig")


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page, default_timeout=60).run()


def upload(app: AppTest, data: bytes, name: str = "mine.csv") -> AppTest:
    app.get("file_uploader")[0].upload(name, data, "text/csv").run()
    assert not app.exception
    return app


def field(app: AppTest, start: str):
    return next(box for box in app.selectbox if box.key.startswith(start))


def column(app: AppTest, part: str, number: int = 1):
    return next(box for box in app.selectbox if box.key == f"own-{part}-{number}")


def given(app: AppTest):
    return app.session_state["given"]


def meant(app: AppTest, **means: str) -> AppTest:
    for label, meaning in means.items():
        field(app, f"own-label-{label}").set_value(meaning)
    return app.run()


def test_at_first_there_is_a_field_for_files_and_an_example(app):
    assert given(app) is None
    assert [button.key for button in app.get("download_button")] == ["own-example"]


def test_the_example_file_is_one_that_can_be_evaluated(app):
    from dlfa.ui.evaluate import own_data

    upload(app, own_data._example())
    assert len(given(app)) == 360
    assert {language for _pair, _gold, language in given(app)} >= {"en", "th"}
    assert word("evaluate.own.usable", count="360") in said(app)


def said(app: AppTest) -> str:
    return "\n".join([everything_said(app), *messages(app)])


class TestColumnsAndLabels:
    def test_are_guessed_and_can_be_chosen(self, app):
        upload(app, table(header=("a", "b", "c", "lang")))
        meant(app, yes="entailment", no="contradiction")
        assert given(app) == [(ROWS[0][:2], 0, "de"), (ROWS[1][:2], 2, "en")]
        field(app, "own-premise").set_value("b")
        field(app, "own-hypothesis").set_value("a").run()
        assert given(app)[0][0] == ROWS[0][1::-1]

    def test_a_label_without_a_meaning_waits_for_one(self, app):
        upload(app, table())
        assert given(app) is None
        assert word("evaluate.own.refused.label") in said(app)
        assert given(meant(app, yes="neutral")) == [(ROWS[0][:2], 1, "de")]
        assert given(meant(app, yes="")) is None
        assert word("evaluate.own.refused.chosen") in said(app)

    def test_the_numbers_of_a_file_may_mean_another_order(self, app):
        upload(app, table([("P", "H", "0", "de")]))
        assert given(app)[0][1] == 0
        assert given(meant(app, **{"0": "contradiction"}))[0][1] == 2

    def test_without_a_column_all_rows_have_one_language(self, app):
        upload(app, table([("P", "H", "0", "de")]))
        field(app, "own-language").set_value("").run()
        assert given(app)[0][2] == "und"
        field(app, "own-code").set_value("sw").run()
        assert given(app)[0][2] == "sw"

    def test_a_column_of_sentences_holds_no_labels(self, app):
        rows = [(f"P {at}", f"H {at}", "0", f"note {at}") for at in range(20)]
        upload(app, table(rows, header=("sentence1", "sentence2", "gold_label", "note")))
        column(app, "label").set_value("note").run()
        assert given(app) is None
        assert word("evaluate.own.labels.many", count="20") in said(app)

    def test_a_file_without_a_column_for_labels_waits_for_one(self, app):
        upload(app, table([("P", "H")], header=("premise", "hypothesis")))
        assert column(app, "label").value is None
        assert given(app) is None
        assert word("evaluate.own.column.missing") in said(app)

    def test_one_column_is_not_two_things(self, app):
        upload(app, table([("P", "H", "0", "de")]))
        column(app, "hypothesis").set_value("sentence1").run()
        assert given(app) is None
        assert word("evaluate.own.column.twice") in said(app)
        column(app, "hypothesis").set_value("sentence2").run()
        assert given(app) == [(("P", "H"), 0, "de")]

    def test_a_first_row_may_be_a_row(self, app):
        upload(app, table(ROWS, header=("P", "H", "0", "de")))
        app.toggle[0].set_value(False).run()
        assert given(app) == [(("P", "H"), 0, "und")]


class TestWhatIsTold:
    def test_refused_rows_with_their_reasons_and_first_numbers(self, app):
        rows = [("", "H", "0", "de")] * 7 + [
            ("P", "x" * 1_000_000, "0", "de"),
            ("P", "H", "0", "x"),
        ]
        upload(app, table(rows))
        reason = word("evaluate.own.refused.empty")
        told = word("evaluate.own.refused", count="7", reason=reason, rows="1, 2, 3, 4, 5 …")
        assert told in said(app)
        assert word("evaluate.own.refused.long", most="5,000") in said(app)
        assert word("evaluate.own.strange", rows="1", names="x") in said(app)
        assert given(app) == [(("P", "H"), 0, "und")]

    def test_an_encoding_that_was_guessed(self, app):
        data = table([("Grüße", "H", "0", "de")]).decode("utf-8-sig").encode("cp1252")
        upload(app, data)
        assert word("evaluate.own.notice.cp1252") in said(app)
        assert given(app)[0][0] == ("Grüße", "H")

    def test_formulas_and_markup_are_shown_as_they_stand(self, app):
        rows = [("=1+1", "<b>**x**</b>", "0", "de")]
        upload(app, table(rows), "[a](http://x).csv")
        shown = app.dataframe[0].value.iloc[0].tolist()
        assert shown[:2] == ["=1+1", "<b>**x**</b>"]
        assert r"\[a\]\(http" in "".join(part.value for part in app.markdown)

    def test_no_more_rows_than_allowed(self, app, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        upload(app, table([(f"P {at}", "H", "0", "de") for at in range(5_003)]))
        assert len(given(app)) == 5_000
        assert word("evaluate.own.more", most="5,000", left="3") in said(app)


class TestKeeping:
    def test_it_is_still_there_after_another_page(self, app):
        meant(upload(app, table()), yes="neutral")
        kept = given(app)
        app.session_state["elsewhere"] = True
        app.run()
        app.session_state["elsewhere"] = False
        app.run()
        assert given(app) == kept == [(ROWS[0][:2], 1, "de")]

    def test_it_goes_when_it_is_told_to(self, app):
        upload(app, table([("P", "H", "0", "de")])).button(key="own-forget").click().run()
        assert given(app) is None
        assert not app.selectbox

    def test_another_file_has_its_own_columns(self, app):
        meant(upload(app, table()), yes="neutral")
        upload(app, json.dumps([{"x": "P", "y": "H", "z": "yes"}]).encode(), "b.json")
        assert given(app) is None
        assert given(meant(app, yes="entailment")) == [(("P", "H"), 0, "und")]

    def test_a_file_that_cannot_be_read_says_so_until_the_next(self, app):
        upload(app, b"\x89PNG\x00")
        assert messages(app) == [word("error.own.binary")]
        assert messages(upload(app, table())) == []


@pytest.mark.parametrize(("public", "most"), [("0", 20), ("1", 5)])
def test_a_file_over_the_limit_is_refused_by_the_server_too(app, monkeypatch, public, most):
    monkeypatch.setenv("DLFA_PUBLIC", public)
    app.run()
    assert app.get("file_uploader")[0].proto.max_upload_size_mb == most
    if public == "1":
        upload(app, b"a" * 5_000_001)
        assert messages(app) == [word("error.own.large", found="5.0", limit="5")]


def test_no_bytes_are_too_strange_for_the_page(app):
    """Damaged files of every kind, seeded."""
    draw = random.Random(0)
    whole = [table(), table(delimiter="\t"), table().decode("utf-8-sig").encode("utf-16")]
    whole += [json.dumps([{"premise": "\ud83d", "hypothesis": "H", "label": 0}] * 2).encode()]
    for _round in range(24):
        data = bytearray(draw.choice(whole))
        for _damage in range(draw.randrange(1, 6)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        upload(app, bytes(data[draw.randrange(3) :]), draw.choice(["a.csv", "a.jsonl"]))
