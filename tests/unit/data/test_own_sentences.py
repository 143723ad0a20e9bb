"""Our own sentences keep what a translation must keep."""

import unicodedata

import pytest

LANGUAGES = "ar bg de el en es fr hi ru sw th tr ur vi zh".split()
BIDI_CONTROLS = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def sentences():
    from dlfa.data.own_sentences import own_sentences

    return own_sentences()


def test_there_are_six_in_fifteen_languages() -> None:
    assert [one.id for one in sentences()] == [f"tag-{n:02d}" for n in range(1, 7)]
    assert all(sorted(one.text) == LANGUAGES for one in sentences())


def test_every_one_says_that_no_speaker_checked_it(root) -> None:
    lines = (root / "assets" / "data" / "parallel_sentences.jsonl").read_text(encoding="utf-8")
    marked = '"origin": "machine-written, not yet checked by speakers"'
    assert all(marked in line for line in lines.splitlines())


@pytest.mark.parametrize("language", LANGUAGES)
class TestLanguage:
    def test_names_stand_in_their_sentence_as_they_are_spelled(self, language: str) -> None:
        for one in sentences():
            for name, _kind in one.entities[language]:
                assert name in one.text[language]

    def test_every_language_names_the_same_things(self, language: str) -> None:
        for one in sentences():
            kinds = sorted(kind for _name, kind in one.entities[language])
            assert kinds == sorted(kind for _name, kind in one.entities["en"])

    def test_names_begin_and_end_where_words_do(self, language: str) -> None:
        """A segmenter may see others; Unicode keeps d’Istanbul and Berlin’de in one word."""
        from dlfa.data.words import word_spans

        for one in sentences():
            text = one.text[language]
            edges = {edge for span in word_spans(text) for edge in span}
            for name, _kind in one.entities[language]:
                at = text.index(name)
                around = text[at - 1 : at] + text[at + len(name) : at + len(name) + 1]
                joined = language in ("th", "zh") or "’" in around
                assert joined or {at, at + len(name)} <= edges, (text, name)

    def test_text_is_clean_and_its_own(self, language: str) -> None:
        for one in sentences():
            text = one.text[language]
            assert unicodedata.is_normalized("NFC", text)
            assert not BIDI_CONTROLS & set(text)
            assert text == " ".join(text.split())
            assert language == "en" or text != one.text["en"]
