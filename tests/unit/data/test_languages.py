"""What languages are called, and which way they are written."""

import pytest

from dlfa.data.languages import direction_of, language, language_code
from dlfa.data.parallel import own_items
from dlfa.data.tasks import TASKS

CODES = sorted({code for task in TASKS.values() for code in task.languages})
RIGHT_TO_LEFT = {"ar", "he", "fa", "ur"}


@pytest.mark.parametrize("code", CODES)
class TestEveryLanguageOfATask:
    def test_has_a_name_and_calls_itself_something(self, code):
        found = language(code)
        assert found.code == code
        assert found.name != code
        assert found.autonym
        assert found.autonym[0] == found.autonym[0].upper()

    def test_is_written_the_way_its_sentences_are(self, code):
        wanted = "rtl" if code in RIGHT_TO_LEFT else "ltr"
        assert language(code).direction == wanted
        ours = [item for task in TASKS for item in own_items(task) if code in item.text]
        for item in ours:
            assert {direction_of(text) for text in item.text[code]} == {wanted}


class TestNames:
    @pytest.mark.parametrize(
        ("code", "name", "autonym"),
        [
            ("ar", "Arabic", "العربية"),
            ("es", "Spanish", "Español"),
            ("zh", "Chinese", "中文"),
            ("sw", "Swahili", "Kiswahili"),
        ],
    )
    def test_are_those_of_unicode_with_a_capital(self, code, name, autonym):
        found = language(code)
        assert (found.name, found.autonym) == (name, autonym)

    def test_a_title_isolates_the_autonyms_direction(self):
        assert language("ar").title == "Arabic · \u2068العربية\u2069"

    def test_english_is_not_named_twice(self):
        assert language("en").title == "English"

    @pytest.mark.parametrize("code", ["xx", "", "nonsense code", "zz-ZZ"])
    def test_an_unknown_code_is_its_own_name(self, code):
        found = language(code)
        assert (found.name, found.autonym, found.direction) == (code, code, "ltr")

    @pytest.mark.parametrize(
        ("reader", "name"), [("en", "language not said"), ("de", "Sprache nicht genannt")]
    )
    def test_a_language_that_nobody_named_is_not_english(self, reader, name, monkeypatch):
        monkeypatch.setattr("dlfa.messages._asked", [lambda: reader])
        found = language("und")
        assert (found.code, found.name, found.title) == ("und", name, name)


class TestDirection:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("", "ltr"),
            ("123 …", "ltr"),
            ("abc مرحبا", "ltr"),
            ("مرحبا abc", "rtl"),
            ("3 كتب", "rtl"),
            ("«שלום»", "rtl"),
            ("\n\t 猫", "ltr"),
        ],
    )
    def test_is_that_of_the_first_letter(self, text, wanted):
        assert direction_of(text) == wanted


class TestCodes:
    @pytest.mark.parametrize("code", CODES)
    def test_a_language_is_known_by_its_code_and_its_english_name(self, code):
        for written in (code, code.upper(), f" {code}-XX", language(code).name):
            assert language_code(written) == code

    @pytest.mark.parametrize(
        ("written", "code"),
        [("deu", "de"), ("zh_Hans_CN", "zh"), ("Simplified Chinese", "zh"), ("tlh", "tlh")],
    )
    def test_other_ways_to_write_it(self, written, code):
        assert language_code(written) == code

    @pytest.mark.parametrize("written", ["", " ", "xx", "klingonx", "\ud800", "=1+1", "und"])
    def test_what_is_no_language(self, written):
        assert language_code(written) == "und"
