"""Words in any script, and the sub-words that belong to them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlfa.data.words import word_places, word_spans


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in word_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The dog's tail, 3.5 cm.", ["The", "dog's", "tail", ",", "3.5", "cm", "."]),
        ("यह लड़का है।", ["यह", "लड़का", "है", "।"]),
        ("لم يعبر الجسر.", ["لم", "يعبر", "الجسر", "."]),
        ("男孩在公园里。", ["男孩", "在", "公园", "里", "。"]),
        ("今日は天気です。", ["今日は", "天気です", "。"]),
        ("เล่นกับสุนัข", ["เล่น", "กับ", "สุนัข"]),
        ("GPU男孩 abc", ["GPU", "男孩", "abc"]),
        ("", []),
        (" \n\u3000", []),
    ],
)
def test_words_of_many_scripts(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_every_character_but_space_belongs_to_one_word(text: str) -> None:
    spans = word_spans(text)
    covered = [at for start, end in spans for at in range(start, end)]
    assert covered == sorted(set(covered))
    assert all(text[at].isspace() for at in set(range(len(text))) - set(covered))


class TestPlaces:
    def test_sub_words_of_a_word_share_its_place(self) -> None:
        texts = ("long-haired dogs", "dogs")
        parts = [None, 0, 0, 0, 0, 0, None, 1, None]
        offsets = [(0, 0), (0, 4), (4, 5), (5, 9), (9, 11), (11, 16), (0, 0), (0, 4), (0, 0)]
        places, found = word_places(texts, parts, offsets)
        assert places == [-1, 0, 1, 2, 2, 3, -1, 4, -1]
        assert found == ("long", "-", "haired", "dogs", "dogs")

    def test_a_sub_word_over_two_words_counts_for_the_first_and_takes_the_second_along(self):
        # สวน|สุนัข|ของ|เขา in words, two of them in each sub-word
        places, found = word_places(("สวนสุนัขของเขา",), [0, 0], [(0, 8), (8, 14)])
        assert places == [0, 1]
        assert found == ("สวนสุนัข", "ของเขา")

    def test_words_that_share_sub_words_are_one(self) -> None:
        text = "看不见月亮。"
        places, found = word_places((text,), [0, 0, 0, 0], [(0, 1), (1, 3), (3, 5), (5, 6)])
        assert "".join(found) == text
        assert len(set(places)) == len(found)

    @given(st.text("東京都に住んでいる ว่ายน้ำใน。 ab'", min_size=1), st.data())
    def test_words_stand_one_after_the_other_however_sub_words_are_cut(self, text, data) -> None:
        cuts = data.draw(st.sets(st.integers(1, max(1, len(text) - 1))))
        borders = [0, *sorted(cuts - {len(text)}), len(text)]
        offsets = [(start, end) for start, end in pairwise(borders) if text[start:end].strip()]
        places, found = word_places((text,), [0] * len(offsets), offsets)
        done = 0
        for word in found:
            done = text.index(word, done) + len(word)
        assert sorted(set(places)) == list(range(len(found)))

    def test_words_beyond_the_last_sub_word_were_cut_off_and_are_not_there(self) -> None:
        assert word_places(("one two three",), [0], [(0, 3)]) == ([0], ("one",))

    def test_a_leading_space_is_no_part_of_a_word(self) -> None:
        places, found = word_places(("one two",), [0, 0], [(0, 3), (3, 7)])
        assert (places, found) == ([0, 1], ("one", "two"))

    def test_a_text_without_words_has_no_places(self) -> None:
        assert word_places(("  ",), [0], [(0, 1)]) == ([-1], ())
