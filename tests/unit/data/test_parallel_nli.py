"""Our own parallel sentences keep what a translation must keep."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).parents[3] / "assets" / "data" / "parallel_nli.jsonl"
SCRIPTS = {
    "ar": "ARABIC", "bg": "CYRILLIC", "de": "LATIN", "el": "GREEK", "en": "LATIN",
    "es": "LATIN", "fr": "LATIN", "hi": "DEVANAGARI", "ru": "CYRILLIC", "sw": "LATIN",
    "th": "THAI", "tr": "LATIN", "ur": "ARABIC", "vi": "LATIN", "zh": "CJK",
}  # fmt: skip
FULL_STOPS = {"hi": "।", "ur": "۔", "zh": "。", "th": ""}
LANGUAGES = sorted(SCRIPTS)
FIELDS = ("premise", "hypothesis")
BIDI_CONTROLS = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def items() -> list[dict[str, Any]]:
    with FILE.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sentences(language: str) -> list[tuple[dict[str, Any], str, str]]:
    return [(item, field, item["text"][language][field]) for item in items() for field in FIELDS]


def test_there_are_eight_items_a_label_in_order() -> None:
    assert Counter(item["label"] for item in items()) == {
        "entailment": 8,
        "neutral": 8,
        "contradiction": 8,
    }
    assert [item["id"] for item in items()] == [f"pnli-{n:02d}" for n in range(1, 25)]


def test_every_item_says_that_no_speaker_checked_it() -> None:
    assert {item["origin"] for item in items()} == {"machine-written, not yet checked by speakers"}


def test_every_item_comes_in_every_language() -> None:
    assert all(sorted(item["text"]) == LANGUAGES for item in items())


@pytest.mark.parametrize(
    ("phenomenon", "least"), [("negation", 6), ("quantifiers", 6), ("numbers", 7), ("names", 7)]
)
def test_phenomena_are_spread(phenomenon: str, least: int) -> None:
    having = [item for item in items() if phenomenon in item["phenomena"]]
    assert len(having) >= least
    assert {item["label"] for item in having} == {"entailment", "neutral", "contradiction"}


@pytest.mark.parametrize("language", LANGUAGES)
class TestLanguage:
    def test_no_sentence_is_empty_too_long_or_there_twice(self, language: str) -> None:
        texts = [text for _, _, text in sentences(language)]
        assert all(0 < len(text) <= 300 for text in texts)
        assert len(set(texts)) == len(texts)

    def test_letters_are_of_the_expected_script(self, language: str) -> None:
        for _, _, text in sentences(language):
            letters = [unicodedata.name(c, "") for c in text if c.isalpha()]
            expected = [name.startswith(SCRIPTS[language]) for name in letters]
            assert sum(expected) >= 0.9 * len(letters), text

    def test_nothing_was_left_in_english(self, language: str) -> None:
        if language != "en":
            for item, field, text in sentences(language):
                assert text != item["text"]["en"][field]

    def test_numbers_are_kept_in_their_sentence(self, language: str) -> None:
        for item, field, text in sentences(language):
            found = Counter(re.findall(r"\d+", text))
            assert found == Counter(re.findall(r"\d+", item["text"]["en"][field])), text
            assert set(found) <= set(item["numbers"])

    def test_names_are_kept_in_their_sentence(self, language: str) -> None:
        for item, field, text in sentences(language):
            for spelled in item["names"].values():
                expected = spelled["en"] in item["text"]["en"][field]
                assert (spelled[language] in text) == expected, (spelled[language], text)

    def test_text_is_clean(self, language: str) -> None:
        for _, _, text in sentences(language):
            assert unicodedata.is_normalized("NFC", text)
            assert not BIDI_CONTROLS & set(text)
            assert text == " ".join(text.split())

    def test_sentences_end_as_the_language_ends_them(self, language: str) -> None:
        stop = FULL_STOPS.get(language, ".")
        assert all(text.endswith(stop) for _, _, text in sentences(language))
