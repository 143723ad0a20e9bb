"""Tables of sentence pairs: what was pasted comes back, whatever it holds."""

import tracemalloc

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

LABELS = ("entailment", "neutral", "contradiction")
SPLITTERS = ("\t", ",", ";")
texts = st.text(max_size=40)
hostile = st.text(alphabet=st.sampled_from("ab\",;'\t\n\r\v\u2028\x00 |=<1"), max_size=40)
rows = st.lists(st.tuples(texts | hostile, texts | hostile, st.sampled_from(("", *LABELS))))


def read(text: str, most: int = 200):
    from dlfa.data.tables import parse

    return parse(text, LABELS, most)


def pairs(text: str) -> list[tuple[str, str, str]]:
    return [(row.premise, row.hypothesis, row.gold) for row in read(text).rows]


@settings(deadline=None)  # the first example imports
@given(rows, st.sampled_from(SPLITTERS))
def test_any_list_of_pairs_that_was_written_comes_back(found, splitter):
    from dlfa.data.tables import TableRow, written

    given_rows = [TableRow(*row) for row in found if any(cell.strip() for cell in row)]
    assert list(read(written(given_rows, splitter)).rows) == given_rows[:200]


@settings(deadline=None)  # the first example imports
@given(rows, st.sampled_from(SPLITTERS))
def test_also_without_a_header(found, splitter):
    from dlfa.data.tables import TableRow, written

    given_rows = [TableRow(*row) for row in found if any(cell.strip() for cell in row)]
    assume(given_rows and len({*given_rows[:1]} & {TableRow("premise", "hypothesis")}) == 0)
    text = written(given_rows, splitter)
    assert list(read(text[text.index("\n") + 1 :]).rows) == given_rows[:200]


@settings(deadline=None)  # the first example imports
@given(hostile | texts)
def test_no_text_at_all_is_too_strange_to_be_read(text):
    read(text)


@pytest.mark.parametrize("splitter", SPLITTERS)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["bare", "byte-order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_two_or_three_columns_in_every_format(splitter, mark, end):
    lines = [splitter.join(row) for row in (("A cat.", "A pet."), ("A dog.", "A cat."))]
    assert pairs(mark + end.join(lines)) == [("A cat.", "A pet.", ""), ("A dog.", "A cat.", "")]
    lines = [splitter.join(row) for row in (("A cat.", "A pet.", "e"), ("A dog.", "A cat.", "2"))]
    found = pairs(mark + end.join(lines) + end)
    assert [gold for *_, gold in found] == ["entailment", "contradiction"]


def test_a_header_names_the_columns_in_any_order_and_among_others():
    text = "id\tgold_label\tsentence2\tsentence1\n7\tneutral\tH\tP\n"
    assert pairs(text) == [("P", "H", "neutral")]
    assert pairs("Premise,Hypothesis\nP,H") == [("P", "H", "")]
    assert pairs("premise\thypothesis\n") == []


@pytest.mark.parametrize("code", ["entailment", "Entailment", " e ", "0", "E"])
def test_a_label_may_be_a_word_a_letter_or_a_number(code):
    assert pairs(f"P\tH\t{code}")[0][2] == "entailment"


@pytest.mark.parametrize("code", ["-", "-1", ""])
def test_a_missing_label_is_no_mistake(code):
    found = read(f"P\tH\t{code}")
    assert found.rows[0].gold == ""
    assert found.unknown == ()


def test_a_label_that_is_none_is_named_with_its_row():
    found = read("P\tH\te\nP\tH\tperhaps")
    assert found.unknown == ((2, "perhaps"),)
    assert [row.gold for row in found.rows] == ["entailment", ""]


def test_quotation_marks_in_sentences_are_letters():
    assert pairs('"Stay," he said.\tHe spoke.\n') == [('"Stay," he said.', "He spoke.", "")]
    assert pairs('He said "no".\tHe spoke.') == [('He said "no".', "He spoke.", "")]
    assert pairs('"never closed\tH\nP\tH') == [('"never closed', "H", ""), ("P", "H", "")]


def test_a_comma_that_nobody_quoted_loses_nothing():
    assert pairs("P,H\nA, b, c, and d") == [("P", "H", ""), ("A, b, c, and d", "", "")]


def test_rows_beyond_the_limit_are_counted():
    found = read("\n".join(f"P{row}\tH" for row in range(250)))
    assert len(found.rows) == 200
    assert found.left_out == 50


def test_rows_beyond_the_limit_are_not_kept_in_memory():
    text = "P\tH\n" * 200_000
    read(text[:100])
    tracemalloc.start()
    try:
        found = read(text)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (len(found.rows), found.left_out) == (200, 199_800)
    assert peak < 10 * len(text)  # all rows at once take 28 times the text


def test_no_room_is_no_row():
    assert read("P\tH\nP\tH", most=0).left_out == 2
    assert read("premise\thypothesis\nP\tH\nP\tH", most=0).left_out == 2
    assert read("premise\thypothesis\nP\tH\nP\tH", most=1).left_out == 1


def test_a_file_may_be_in_utf8_or_utf16_and_in_nothing_else():
    from dlfa.data.tables import decoded
    from dlfa.errors import TextError

    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert pairs(decoded("我\tあ".encode(encoding))) == [("我", "あ", "")]
    with pytest.raises(TextError):
        decoded("é\tà".encode("latin-1"))


def test_a_text_larger_than_any_table_is_refused():
    from dlfa.data.tables import LARGEST
    from dlfa.errors import TextError

    with pytest.raises(TextError):
        read("x" * (LARGEST + 1))


@pytest.mark.parametrize("columns", [("sentence1", "sentence2"), ("one", "other")])
def test_whatever_a_task_calls_its_sentences_its_table_comes_back(columns):
    from dlfa.data.tables import TableRow, parse, written

    rows = [TableRow("a", "b", "entailment")]
    text = written(rows, columns=columns)
    assert list(parse(text, LABELS, 10).rows) == rows
    assert (columns[0] in text) == (columns[0] == "sentence1")
