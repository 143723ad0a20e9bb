"""A visitor's own examples: every kind of file, every kind of damage, no row lost in silence."""

import csv
import io
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlfa.data.columns import Columns, guessed, is_headed, names
from dlfa.data.own import LEFT_OUT, Own, labelled, written_labels
from dlfa.data.sheets import Sheet, read
from dlfa.errors import TextError
from dlfa.policy import PUBLIC

LABELS = ("entailment", "neutral", "contradiction")
HEADER = ("premise", "hypothesis", "label")
ROWS = [("A dog, brown.", "=1+1", "neutral"), ("Ein „Hund“\nbellt.", "Ürig", "entailment")]
PLAIN = Columns(premise="premise", hypothesis="hypothesis", label="label")


def table(rows=ROWS, header=HEADER, splitter=",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=splitter).writerows([header, *rows] if header else rows)
    return text.getvalue()


def own(data: bytes | str, name: str = "a.csv", **changed) -> Own:
    """Read a file with all guesses taken."""
    sheet = read(data.encode() if isinstance(data, str) else data, name)
    columns = guessed(sheet, headed=is_headed(sheet))
    return labelled(sheet, columns, LABELS, **changed)


def pairs(found: Own) -> list[tuple[str, str, str]]:
    return [(*row.pair, LABELS[row.gold]) for row in found.rows]


class TestFormats:
    @pytest.mark.parametrize("splitter", ["\t", ",", ";", "|"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    def test_a_table_comes_back_as_it_was_written(self, splitter, encoding):
        found = own(table(splitter=splitter).encode(encoding))
        assert pairs(found) == ROWS
        assert not found.refused

    @pytest.mark.parametrize("kind", ["json", "jsonl"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_so_does_json(self, kind, encoding):
        objects = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
        text = json.dumps(objects, indent=1, ensure_ascii=False)
        if kind == "jsonl":
            text = "\n".join(json.dumps(one) for one in objects) + "\n"
        assert pairs(own(text.encode(encoding), f"a.{kind}")) == ROWS

    def test_formulas_are_texts(self):
        cells = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK('http://x')", "\t=1"]
        found = own(table([(cell, cell, "0") for cell in cells]))
        assert [row.pair for row in found.rows] == [(cell, cell) for cell in cells]

    def test_another_code_page_is_said_to_be_a_guess(self):
        data = table([("Grüße", "ça va", "0")]).encode("cp1252")
        assert read(data, "a.csv").encoding == "cp1252"
        assert pairs(own(data)) == [("Grüße", "ça va", "entailment")]

    def test_of_mixed_encodings_only_the_broken_rows_are_lost(self):
        good, bad = ("Grüße", "ok", "0"), ("Größe", "nein", "1")
        data = table([good]).encode() + table([bad], header=()).encode("cp1252")
        for mixed in (data, b"\xef\xbb\xbf" + data):
            assert read(mixed, "a.csv").encoding == "mixed"
            found = own(mixed)
            assert pairs(found) == [("Grüße", "ok", "entailment")]
            assert found.refused == {"bytes": (2,)}

    def test_sentences_with_marks_that_quote_nothing(self):
        rows = ['He said "yes', '"No" she said', 'a "b" c']
        text = "\n".join(["\t".join(HEADER), *(f"{row}\tH\t0" for row in rows)])
        assert [row.pair[0] for row in own(text).rows] == rows

    def test_quoted_cells_survive_one_stray_mark(self):
        text = table([("a, b", "c, d", "0")] * 5) + 'x "y,"z" w,0\n'
        assert [row.pair for row in own(text).rows][:5] == [("a, b", "c, d")] * 5

    @pytest.mark.parametrize(
        ("data", "name", "key"),
        [
            (b"", "a.csv", "empty"),
            (b" \n\n", "a.csv", "empty"),
            (b"\xef\xbb\xbf", "a.csv", "empty"),
            (b"PK\x03\x04 and so on", "a.xlsx", "spreadsheet"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "a.csv", "binary"),
            (b"a,b\n\x81\x8d,c", "a.csv", "encoding"),
            (b"\xff\xfea", "a.csv", "binary"),
            (b"a,b,c", "a.json", "json"),
            (b'{"a":', "a.jsonl", "json"),
            (b"[" * 100_000, "a.json", "json"),
            (b"[1, 2]", "a.json", "json"),
            (b",".join([b"a"] * 101), "a.csv", "columns"),
            (b"a" * 4_500_000, "a.csv", "cell"),
        ],
    )
    def test_what_is_no_table_is_refused_in_one_sentence(self, data, name, key):
        with pytest.raises(TextError) as refused:
            read(data, name)
        assert refused.value.key == f"error.own.{key}"
        assert "\n" not in str(refused.value)


class TestLimits:
    def test_too_large_a_file_is_refused_by_the_server(self, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        with pytest.raises(TextError) as refused:
            read(b"a" * (PUBLIC.max_own_bytes + 1), "a.csv")
        assert refused.value.key == "error.own.large"

    @pytest.mark.parametrize("kind", ["csv", "jsonl", "headless"])
    def test_rows_beyond_the_limit_are_counted(self, monkeypatch, kind):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        rows = [(f"P {at}", "H", "0") for at in range(PUBLIC.max_own_rows + 7)]
        text = table(rows, header=() if kind == "headless" else HEADER)
        if kind == "jsonl":
            text = "\n".join(json.dumps(dict(zip(HEADER, row, strict=True))) for row in rows)
        found = own(text)
        assert len(found.rows) == PUBLIC.max_own_rows
        assert found.left_out == 7

    def test_a_cell_of_a_megabyte_is_refused_at_once(self):
        rows = [("P", "H", "0"), ("word " * 200_000, "H", "0"), ("P", "H", "x" * 1_000_000)]
        began = time.monotonic()
        found = own(table(rows))
        assert time.monotonic() - began < 2
        assert found.refused == {"long": (2, 3)}
        assert len(found.rows) == 1


class TestColumns:
    @pytest.mark.parametrize(
        ("header", "chosen"),
        [
            (
                ("language", "gold_label", "sentence1", "sentence2", "promptID", "pairID", "genre"),
                ("sentence1", "sentence2", "gold_label", "language", "pairID", "promptID", "genre"),
            ),
            (("Premise", "Hypothesis", "Gold"), ("Premise", "Hypothesis", "Gold", *[""] * 4)),
            (("x", "sentence_2", "y"), ("x", "sentence_2", "y", *[""] * 4)),
            (("lang", "a", "b", "c"), ("a", "b", "c", "lang", "", "", "")),
            (("premise",), ("premise", "", "", *[""] * 4)),
        ],
    )
    def test_are_guessed_by_their_names_and_then_by_their_place(self, header, chosen):
        sheet = read(",".join(header).encode(), "a.csv")
        found = guessed(sheet, headed=True)
        parts = "premise hypothesis label language id premise_id genre".split()
        assert tuple(getattr(found, part) for part in parts) == chosen

    def test_without_names_the_first_three_are_taken(self):
        assert pairs(own(table(header=()))) == ROWS
        assert names(read(table(header=()).encode(), "a.csv"), headed=False) == ("1", "2", "3")

    def test_names_are_each_another(self):
        sheet = read(b"a,a,,a\n1,2,3,4", "a.csv")
        assert names(sheet, headed=True) == ("a", "a (2)", "3", "a (4)")

    def test_wrong_columns_leave_no_row_and_say_why(self):
        sheet = read(table().encode(), "a.csv")
        wrong = Columns(premise="premise", hypothesis="no such column", label="hypothesis")
        found = labelled(sheet, wrong, LABELS)
        assert found.rows == ()
        assert found.refused == {"empty": (1, 2)}


class TestRows:
    def test_every_row_is_taken_or_told(self):
        rows = [
            ("P", "H", "neutral"),
            ("", "H", "0"),
            ("P", "\u200b \t", "0"),
            ("P", "H", "maybe"),
            ("P", "H", "-"),
            ("P", "H", "0", "one more"),
            ("P", "H", "0", " "),
            ("P", "H"),
        ]
        found = own(table(rows))
        assert len(found.rows) == 2
        assert found.refused == {"cells": (6,), "empty": (2, 3), "none": (5, 8), "label": (4,)}

    def test_json_that_is_no_object_keeps_its_number(self):
        text = '{"premise": "P", "hypothesis": "H", "label": 1.0}\n\n[1]\n{broken\n{"label": 0}'
        found = own(text, "a.jsonl")
        assert pairs(found) == [("P", "H", "neutral")]
        assert found.refused == {"broken": (3, 4), "empty": (5,)}

    def test_json_can_hold_what_is_no_character(self):
        rows = [("\ud800", "H", 0), ("P\x00", "H", 0), ("P", "H", True), ("P", {"a": []}, 0)]
        found = own(json.dumps([dict(zip(HEADER, row, strict=True)) for row in rows]))
        assert found.refused == {"empty": (4,), "bytes": (1, 2), "label": (3,)}

    @pytest.mark.parametrize("label", ["Neutral", " NEUTRAL ", "1", "n"])
    def test_a_label_may_be_written_in_many_ways(self, label):
        assert [row.gold for row in own(table([("P", "H", label)])).rows] == [1]

    def test_other_labels_mean_what_the_visitor_says(self):
        text = table([("P", "H", "Yes"), ("Q", "H", "no"), ("R", "H", "0"), ("S", "H", "?")])
        means = {"yes": "entailment", "no": LEFT_OUT, "0": "contradiction"}
        found = own(text, means=means)
        assert [row.gold for row in found.rows] == [0, 2]
        assert found.refused == {"label": (4,), "chosen": (2,)}

    def test_the_labels_of_a_file_are_counted_without_case(self):
        sheet = read(table([("P", "H", c) for c in ("a", "A ", "b", "", "x" * 300)]).encode(), "")
        assert written_labels(sheet, PLAIN) == {"a": 2, "b": 1}


class TestLanguagesAndIds:
    HEADER = ("id", "language", "premise", "hypothesis", "label")

    def test_a_language_may_be_a_code_or_a_name_and_another_is_told(self):
        said = ["de", "DE-at", "german", "deu", "zh_CN", "klingonx", ""]
        rows = [(str(at), code, "P", "H", "0") for at, code in enumerate(said)]
        found = own(table(rows, self.HEADER))
        assert [row.language for row in found.rows] == ["de"] * 4 + ["zh", "und", "und"]
        assert found.strange == {"klingonx": 1}

    def test_one_language_may_hold_for_all_rows(self):
        sheet = read(table().encode(), "a.csv")
        found = labelled(sheet, Columns(**vars(PLAIN) | {"code": "en"}), LABELS)
        assert [(row.language, row.negation) for row in found.rows] == [("en", 0), ("en", 0)]

    def test_translations_share_id_premise_and_negation(self):
        rows = [
            ("1", "de", "P-de", "Niemand schläft", "2"),
            ("2", "de", "P-de", "Wer?", "1"),
            ("2", "en", "P-en", "Who?", "1"),
            ("3", "en", "P-en", "No one sleeps", "2"),
            ("4", "en", "Q", "H", "0"),
        ]
        found = own(table(rows, self.HEADER))
        assert [row.premise for row in found.rows] == ["1", "1", "1", "1", "4"]
        assert [row.negation for row in found.rows] == [-1, 0, 0, 1, 0]

    def test_the_same_text_in_two_languages_is_not_one_premise(self):
        rows = [("1", "de", "Taxi", "A", "0"), ("2", "en", "Taxi", "B", "0")]
        assert [row.premise for row in own(table(rows, self.HEADER)).rows] == ["1", "2"]

    def test_a_column_with_premise_ids_is_believed(self):
        rows = [("a", "P", "A", "0"), ("a", "Q", "B", "0"), ("", "P", "C", "0")]
        found = own(table(rows, ("premise_id", *HEADER)))
        assert [row.premise for row in found.rows] == ["a", "a", "own/1"]

    def test_the_same_id_again_in_the_same_language_is_told(self):
        rows = [("1", "de", "P", "H", "0"), ("1", "en", "P", "H", "0"), ("1", "de", "Q", "H", "0")]
        found = own(table(rows, self.HEADER))
        assert found.refused == {"twice": (3,)}
        assert len(found.rows) == 2

    def test_the_digest_is_the_examples(self):
        assert own(table()).digest == own(table(splitter=";").encode("utf-16")).digest
        assert own(table()).digest != own(table(ROWS[::-1])).digest


cells = st.text(max_size=12) | st.text(
    st.sampled_from("ab\",;'\t\n\r|\v\u2028\x00 =01-"), max_size=12
)
bodies = st.lists(st.lists(cells, max_size=5), max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(cells, inner, max_size=3),
)


def worked_out(data: bytes, name: str) -> None:
    """Whatever comes in: one sentence, or rows of which each is taken, told or blank."""
    try:
        sheet: Sheet = read(data, name)
    except TextError:
        return
    for headed in (False, True):
        columns = guessed(sheet, headed=headed)
        found = labelled(sheet, columns, LABELS)
        told = sorted(number for numbers in found.refused.values() for number in numbers)
        assert len(told) == len(set(told))
        assert len(found.rows) + len(told) + found.left_out <= len(sheet.rows)
        json.dumps(written_labels(sheet, columns), ensure_ascii=False).encode()
        repr(found).encode()
        "".join(names(sheet, headed=headed)).encode()


class TestAnything:
    @settings(deadline=None)
    @given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.json", "\ud800"]))
    def test_any_bytes(self, data, name):
        worked_out(data, name)

    @settings(deadline=None)
    @given(bodies, st.sampled_from("\t,;|"), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
    def test_any_table(self, rows, splitter, encoding):
        text = ",".join(HEADER).replace(",", splitter) + "\n" + table(rows, (), splitter)
        worked_out(text.encode(encoding, errors="replace"), "a.csv")

    @settings(deadline=None)
    @given(values, st.booleans())
    def test_any_json(self, value, lines):
        many = [value, {"premise": value, "hypothesis": "H", "label": 0}]
        text = "\n".join(map(json.dumps, many)) if lines else json.dumps(many)
        worked_out(text.encode(), "a.json")
