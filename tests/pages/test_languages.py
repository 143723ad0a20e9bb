"""Names and directions of languages."""

import pytest


@pytest.mark.parametrize(
    ("code", "name", "autonym", "direction"),
    [
        ("en", "English", "English", "ltr"),
        ("ar", "Arabic", "العربية", "rtl"),
        ("ur", "Urdu", "اردو", "rtl"),
        ("es", "Spanish", "Español", "ltr"),
        ("zh", "Chinese", "中文", "ltr"),
        ("sw", "Swahili", "Kiswahili", "ltr"),
        ("qqq", "qqq", "Qqq", "ltr"),
    ],
)
def test_a_language_knows_its_names_and_direction(code, name, autonym, direction):
    from dlfa.data.languages import language

    found = language(code)
    assert (found.name, found.autonym.casefold(), found.direction) == (
        name,
        autonym.casefold(),
        direction,
    )


def test_every_language_of_the_task_has_its_own_names():
    from dlfa.data.languages import language
    from dlfa.data.tasks import TASKS

    found = [language(code) for code in TASKS["xnli"].languages]
    assert len({one.name for one in found}) == len({one.autonym for one in found}) == 15
    assert [one.code for one in found if one.direction == "rtl"] == ["ar", "ur"]


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("اشترت 3 تذاكر", "rtl"),
        ("3. اشترت", "rtl"),
        ("Lucia اشترت", "ltr"),
        ("שלום", "rtl"),
        ("", "ltr"),
        ("123 !?", "ltr"),
    ],
)
def test_the_first_letter_decides_the_direction(text, direction):
    from dlfa.data.languages import direction_of

    assert direction_of(text) == direction
