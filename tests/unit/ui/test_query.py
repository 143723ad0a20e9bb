"""What stands in a link: every text and value comes back, everything else is refused."""

import base64
import json
import string
import zlib
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
CODES = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=20)
QUERIES = st.dictionaries(CODES, st.lists(TEXTS, min_size=1, max_size=30), max_size=12)
STRINGS = st.lists(st.text(max_size=40), max_size=4)  # what may stand behind a key


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


class TestTexts:
    @given(TEXTS, TEXTS)
    def test_any_two_texts_come_back_through_a_browser(self, first, second):
        from dlfa.ui.query import decode, encode

        query = urlencode({"t": encode((first, second))})
        assert decode(parse_qs(query)["t"][0]) == (first, second)

    @given(st.text(max_size=2_000))
    def test_any_word_is_two_texts_or_nothing(self, code):
        from dlfa.ui.query import decode

        found = decode(code)
        assert found is None or [type(text) for text in found] == [str, str]

    @given(st.binary(max_size=300))
    def test_any_packed_bytes_are_two_texts_or_nothing(self, raw):
        from dlfa.ui.query import decode

        found = decode(packed(raw))
        assert found is None or json.loads(raw) == list(found)

    @given(TEXTS, TEXTS, st.data())
    def test_a_damaged_word_never_raises(self, first, second, data):
        from dlfa.ui.query import decode, encode

        code = encode((first, second))
        place = data.draw(st.integers(0, len(code) - 1))
        letter = data.draw(st.characters())
        found = decode(code[:place] + letter + code[place + 1 :])
        assert found is None or len(found) == 2


class TestValues:
    @given(CODES, st.lists(CODES, unique=True))
    def test_a_choice_comes_back_if_it_is_an_option(self, one, options):
        from dlfa.ui.query import read_choice, written

        assert read_choice(written(one), options) == (one if one in options else None)
        assert read_choice(written(one), options, free=True) == one

    @given(st.integers(-(10**9) + 1, 10**9 - 1), st.integers(-50, 50), st.integers(0, 100))
    def test_a_number_comes_back_if_it_lies_between(self, one, least, span):
        from dlfa.ui.query import read_number, written

        expected = one if least <= one <= least + span else None
        assert read_number(written(one), least, least + span) == expected

    @pytest.mark.parametrize("value", [True, False])
    def test_a_flag_comes_back(self, value):
        from dlfa.ui.query import read_flag, written

        assert read_flag(written(value)) is value

    @given(st.lists(CODES, unique=True), st.data())
    def test_several_come_back_in_the_options_order(self, options, data):
        from dlfa.ui.query import read_many, written

        chosen = [one for one in options if data.draw(st.booleans())]
        assert read_many(written(chosen[::-1]), options) == chosen
        assert read_many([*written(chosen), "not an option"], options) is None

    @given(STRINGS)
    def test_anything_else_is_refused_without_a_word(self, found):
        from dlfa.ui.query import read_choice, read_flag, read_many, read_number

        options = ["a", "b"]
        assert read_choice(found, options) in (None, "a", "b")
        assert read_flag(found) in (None, True, False)
        assert set(read_many(found, options) or []) <= set(options)
        number = read_number(found, 1, 11)
        assert number is None or 1 <= number <= 11

    @pytest.mark.parametrize("found", ["٣", "3.0", " 3", "1e1", "", "0x3", "９", "9" * 5_000, "+3"])
    def test_only_plain_whole_numbers_are_numbers(self, found):
        from dlfa.ui.query import read_number

        assert read_number([found], 0, 99) is None

    @pytest.mark.parametrize("typed", ["", "x" * 301, "two\nlines", "\u202ename"])
    def test_a_free_name_is_short_and_printable(self, typed):
        from dlfa.ui.query import read_choice

        assert read_choice([typed], [], free=True) is None


class TestBound:
    @settings(max_examples=300)
    @given(QUERIES)
    def test_a_query_never_exceeds_its_bytes_and_says_what_fits(self, query):
        from dlfa.ui.query import LIMIT, within

        kept = within(query)
        assert len(urlencode(kept, doseq=True).encode()) <= LIMIT
        assert kept.items() <= query.items()
        if len(urlencode(query, doseq=True)) <= LIMIT:
            assert kept == query

    def test_what_comes_first_matters_most(self):
        from dlfa.ui.query import within

        query = {"v": ["1"], "huge": ["x" * 2_000], "layer": ["3"]}
        assert list(within(query)) == ["v", "layer"]
