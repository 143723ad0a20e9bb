"""Sets of sentences: what is the same in every language stays together, equal ones are counted."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest


def keys(found) -> list[tuple[str, str]]:
    return list(zip(found.texts, found.languages.tolist(), strict=True))


class TestPuttingTogether:
    def test_equal_sentences_are_there_once_with_their_number(self):
        from dlfa.data.sentences import sentence_set

        found = sentence_set(
            "x",
            ["a", "b", "a", "a"],
            ["en", "en", "en", "de"],
            items=["1", "2", "3", "1"],
            columns={"k": ["p", "q", "r", "s"]},
        )
        assert keys(found) == [("a", "en"), ("b", "en"), ("a", "de")]
        assert found.copies.tolist() == [2, 1, 1]
        assert found.items.tolist() == ["1", "2", "1"]
        assert found.columns["k"].tolist() == ["p", "q", "s"]

    def test_the_digest_is_of_texts_languages_and_their_order(self):
        from dlfa.data.sentences import sentence_set

        one = sentence_set("x", ["a", "b"], ["en", "de"])
        assert sentence_set("y", ["a", "b"], ["en", "de"]).digest == one.digest
        assert len(one.digest) == 32
        for texts, languages in (("ab", ["de", "en"]), ("ba", ["de", "en"]), ("a", ["en"])):
            assert sentence_set("x", list(texts), languages).digest != one.digest

    def test_of_two_sets_the_first_keeps_its_places_and_counts_what_the_second_repeats(self):
        from dlfa.data.sentences import merged, rows_of, sentence_set

        one = sentence_set("x", ["a", "b"], ["en", "en"], columns={"k": ["1", "2"]})
        two = sentence_set("y", ["c", "a"], ["en", "en"], columns={"l": ["3", "4"]})
        found = merged(one, two)
        assert found.texts == ("a", "b", "c")
        assert found.copies.tolist() == [2, 1, 1]
        assert found.columns["k"].tolist() == ["1", "2", ""]
        assert found.columns["l"].tolist() == ["", "", "3"]
        assert rows_of(two, found).tolist() == [2, 0]
        assert rows_of(one, found).tolist() == [0, 1]


class TestBuiltIn:
    def test_every_sentence_has_all_its_translations(self):
        from dlfa.data.sentence_sets import built_in

        found = built_in()
        rows = list(zip(found.items.tolist(), found.languages.tolist(), strict=True))
        assert len({language for _, language in rows}) == 15
        counts = {item: sum(one == item for one, _ in rows) for item in set(found.items.tolist())}
        whole = [item for item, count in counts.items() if count == 15]
        assert len(whole) > 0.9 * len(counts)  # a translation may be another item's in its language
        assert not found.guessed.any()
        assert "pnli-01/premise" in counts

    def test_only_a_hypothesis_has_a_label(self):
        from dlfa.data.sentence_sets import built_in

        found = built_in()
        role, label = found.columns["role"], found.columns["label"]
        assert set(role) == {"premise", "hypothesis", "sentence"}
        assert set(label[role != "hypothesis"]) == {""}
        assert set(label[role == "hypothesis"]) == {"entailment", "neutral", "contradiction"}


class TestXnli:
    def test_the_same_sentences_are_drawn_in_every_language(self, data_dir):
        from dlfa.data.sentence_sets import xnli_sentences

        found = xnli_sentences("validation", ("en", "sw", "zh"), limit=40, seed=3)
        items = {
            code: set(found.items[found.languages == code].tolist()) for code in ("en", "sw", "zh")
        }
        assert len(items["en"]) == 40
        assert all(len(items["en"] & items[code]) >= 39 for code in ("sw", "zh"))

    def test_a_seed_draws_the_same_again_and_another_others(self, data_dir):
        from dlfa.data.sentence_sets import xnli_sentences

        one, again, other = (
            xnli_sentences("test", ("en",), limit=20, seed=seed) for seed in (1, 1, 2)
        )
        assert one.digest == again.digest != other.digest

    def test_an_unknown_language_is_refused(self):
        from dlfa.data.sentence_sets import xnli_sentences
        from dlfa.errors import UnknownLanguageError

        with pytest.raises(UnknownLanguageError, match="xx"):
            xnli_sentences("test", ("en", "xx"))


class TestNtrex:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / "hub").mkdir()
        (tmp_path / "ntrex").mkdir()
        table = pa.table({"en": ["one", "two", ""], "de": ["eins", "zwei", "drei"]})
        parquet.write_table(table, tmp_path / "ntrex" / "parallel.parquet")
        monkeypatch.setenv("DLFA_DATA_DIR", str(tmp_path / "hub"))
        return tmp_path / "ntrex"

    def test_lines_of_the_same_number_are_translations(self, folder):
        from dlfa.data.sentence_sets import ntrex, ntrex_languages

        found = ntrex(limit=None)
        assert ntrex_languages() == ("en", "de")
        assert keys(found) == [("one", "en"), ("two", "en")] + [
            (text, "de") for text in ("eins", "zwei", "drei")
        ]
        assert found.items.tolist() == ["ntrex/0", "ntrex/1", "ntrex/0", "ntrex/1", "ntrex/2"]
        assert ntrex(("de",), limit=1).texts == ("eins",)

    def test_a_language_that_is_not_there_is_named(self, folder):
        from dlfa.data.sentence_sets import ntrex
        from dlfa.errors import UnknownLanguageError

        with pytest.raises(UnknownLanguageError, match="sw"):
            ntrex(("sw",))

    def test_a_damaged_file_is_named(self, folder):
        from dlfa.data.sentence_sets import ntrex
        from dlfa.errors import BrokenDataError

        (folder / "parallel.parquet").write_bytes(b"PAR1 and no more")
        with pytest.raises(BrokenDataError, match="parallel"):
            ntrex()

    def test_without_a_mirror_it_says_where_to_put_it(self, tmp_path, monkeypatch):
        from dlfa.data.sentence_sets import ntrex, ntrex_languages
        from dlfa.errors import MissingDataError

        monkeypatch.setenv("DLFA_DATA_DIR", str(tmp_path))
        assert ntrex_languages() == ()
        with pytest.raises(MissingDataError, match="DLFA_DATA_DIR"):
            ntrex()


class TestTyped:
    def test_languages_are_guessed_and_blank_lines_left_out(self):
        from dlfa.data.sentence_sets import typed

        said = ["Der Hund schläft auf dem Sofa.", "  ", "कुत्ता सोफे पर सो रहा है।", "狗在沙发上睡觉。"]
        found = typed(said)
        assert found.languages.tolist() == ["de", "hi", "zh"]
        assert found.guessed.all()
        assert np.array_equal(found.copies, [1, 1, 1])

    @pytest.mark.parametrize("text", ["123", "ok", "😀", "!!!"])
    def test_what_says_nothing_of_its_language_has_none(self, text):
        from dlfa.data.sentence_sets import typed

        assert typed([text]).languages.tolist() == ["und"]

    def test_an_over_long_text_is_refused(self):
        from dlfa.data.sentence_sets import typed
        from dlfa.errors import TextError

        with pytest.raises(TextError, match="5000"):
            typed(["x" * 6000])

    def test_our_own_sentences_are_told_apart(self):
        """What the guess is worth: 97 % when it was measured."""
        from dlfa.data.guessing import guessed_languages
        from dlfa.data.sentence_sets import built_in

        found = built_in()
        right = np.array(guessed_languages(found.texts)) == found.languages
        assert right.mean() > 0.95


class TestExpectedLanguages:
    def test_what_is_expected_wins_where_letters_hardly_tell(self):
        from dlfa.data.guessing import guessed_languages

        texts = ["Я люблю музыку.", "I love pizza."]
        assert guessed_languages(texts, {"en", "ru"}) == ["en", "ru"][::-1]
        assert guessed_languages(texts) != ["ru", "en"]

    def test_what_letters_tell_wins_over_what_is_expected(self):
        from dlfa.data.guessing import guessed_languages

        assert guessed_languages(["こんにちは、元気ですか"], {"zh", "en"}) == ["ja"]

    @pytest.mark.parametrize("text", ["猫", "🙂", "ok", "?", "12345 !!!", "<b>$x^2$</b> **"])
    @pytest.mark.parametrize("expected", [(), ("en", "ru"), ("ar", "en", "es", "tr", "zh")])
    def test_what_says_nothing_has_no_language_whatever_is_expected(self, text, expected):
        from dlfa.data.guessing import guessed_languages

        assert guessed_languages([text], expected) == ["und"]
