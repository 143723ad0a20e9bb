"""Our own paraphrases, and pairs of swapped words, keep what a translation must keep."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).parents[3] / "assets" / "data" / "parallel_paws_x.jsonl"
LANGUAGES = ("de", "en", "es", "fr", "ja", "ko", "zh")
FIELDS = ("sentence1", "sentence2")
SPACELESS = ("ja", "zh")


def items() -> list[dict[str, Any]]:
    with FILE.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_there_are_six_items_a_label_that_name_their_task_in_order():
    assert Counter(item["label"] for item in items()) == {"different": 6, "paraphrase": 6}
    assert [item["id"] for item in items()] == [f"ppaws-{n:02d}" for n in range(1, 13)]
    assert {item["task"] for item in items()} == {"paws-x"}


def test_every_item_says_that_no_speaker_checked_it_and_comes_in_every_language():
    assert {item["origin"] for item in items()} == {"machine-written, not yet checked by speakers"}
    assert all(tuple(sorted(item["text"])) == LANGUAGES for item in items())


def test_every_topic_has_both_labels_so_that_the_topic_gives_nothing_away():
    labels: dict[str, set[str]] = {}
    for item in items():
        labels.setdefault(item["topic"], set()).add(item["label"])
    assert all(len(found) == 2 for found in labels.values())


@pytest.mark.parametrize("language", LANGUAGES)
class TestLanguage:
    def test_no_sentence_is_empty_or_there_twice(self, language):
        texts = [item["text"][language][field] for item in items() for field in FIELDS]
        assert all(texts)
        assert len(set(texts)) == len(texts)

    def test_both_sentences_have_the_numbers_of_the_english(self, language):
        for item in items():
            for field in FIELDS:
                found, wanted = (
                    Counter(re.findall(r"\d+", item["text"][code][field]))
                    for code in (language, "en")
                )
                assert found == wanted, item["text"][language][field]

    def test_swapped_pairs_are_made_of_nearly_the_same_letters(self, language):
        """As in PAWS: who counts words cannot tell them from paraphrases."""
        for item in items():
            first, second = (Counter(item["text"][language][field]) for field in FIELDS)
            shared = 2 * (first & second).total() / (first + second).total()
            assert item["label"] == "paraphrase" or shared > 0.85

    def test_text_is_clean_and_ends_with_a_full_stop(self, language):
        for item in items():
            for field in FIELDS:
                text = item["text"][language][field]
                assert unicodedata.is_normalized("NFC", text)
                assert text == " ".join(text.split())
                assert text.endswith("。" if language in SPACELESS else ".")
