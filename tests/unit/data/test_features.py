"""Shared words and negations, in every script that the task has."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlfa.data.features import negated, word_overlap
from dlfa.data.parallel import own_items

texts = st.text(max_size=60)


class TestOverlap:
    @pytest.mark.parametrize(
        ("premise", "hypothesis", "share"),
        [
            ("A dog runs.", "A dog runs.", 1.0),
            ("A dog runs.", "Nobody sleeps", 0.0),
            ("A dog runs.", "a DOG sleeps, now!", 0.5),
            ("The dog saw the dog.", "dog dog cat cat", 0.5),  # each occurrence counts
            ("It isn't so", "it ISN'T", 1.0),
            ("Straße", "STRASSE", 1.0),
            ("कुत्ता दौड़ रहा है।", "कुत्ता सो रहा है", 0.75),  # combining marks are part of their word
            ("الكلب يجري", "الكلب ينام", 0.5),
            ("今天下雨。", "今天下雨", 1.0),
            ("หมาวิ่งในสวน", "หมาวิ่งในสวน", 1.0),
        ],
    )
    def test_is_the_share_of_the_hypothesis_words_that_the_premise_has(
        self, premise, hypothesis, share
    ):
        assert word_overlap(premise, hypothesis) == pytest.approx(share)

    def test_case_in_turkish_has_two_letters_more(self):
        assert word_overlap("IŞIK İYİ", "ışık iyi", "tr") == 1.0
        assert word_overlap("IŞIK", "ışık", "de") == 0.0

    @pytest.mark.parametrize("hypothesis", ["", "  ", "?!", "—"])
    def test_is_unknown_where_the_hypothesis_has_no_word(self, hypothesis):
        assert math.isnan(word_overlap("A dog.", hypothesis))

    @settings(deadline=None)  # the first example imports
    @given(texts, texts)
    def test_is_a_share_whatever_the_texts(self, premise, hypothesis):
        share = word_overlap(premise, hypothesis)
        assert math.isnan(share) or 0 <= share <= 1
        own = word_overlap(hypothesis, hypothesis)
        assert math.isnan(own) or own == 1

    @pytest.mark.parametrize("code", sorted(own_items("xnli")[0].text))
    def test_of_our_own_sentences_is_known_in_every_language(self, code):
        shares = [word_overlap(*item.text[code], code) for item in own_items("xnli")]
        assert all(0 <= share <= 1 for share in shares)
        assert len({round(share, 3) for share in shares}) > 3


class TestNegation:
    @pytest.mark.parametrize(
        "text",
        [
            "He is not here.",
            "NO dogs.",
            "Nobody came",
            "No one came",
            "It isn't so.",
            "It isn’t so.",
            "They dont know",
            "I cannot.",
            "Neither of them",
            "They went without him",
            "We never did.",
        ],
    )
    def test_a_word_that_negates_is_found(self, text):
        assert negated(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "A knot in the north.",
            "Notable men",
            "Another novel",
            "They want an ant",
            "House No. 5",
            "a casino at noon",
            "The infant and the giant",
            "Nonetheless he came",
        ],
    )
    def test_words_that_only_look_like_it_are_none(self, text):
        assert not negated(text)
