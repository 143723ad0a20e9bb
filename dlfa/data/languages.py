"""What languages are called, for the visitor and in themselves, and which way they are written."""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from dlfa.messages import _, spoken

__all__ = ["Direction", "Language", "direction_of", "language", "language_code"]

Direction = Literal["ltr", "rtl"]
RIGHT_TO_LEFT = frozenset({"R", "AL"})  # Unicode bidirectional classes
STRONG = RIGHT_TO_LEFT | {"L"}
CLDR = {"tl": "fil"}  # which speaks of Filipino where ISO 639-1 and XTREME have Tagalog
UNSAID = "und"  # ISO 639-2: Babel would guess English


@dataclass(frozen=True, kw_only=True)
class Language:
    """One language, by its ISO 639 code."""

    code: str
    name: str
    """In the language in which messages come: ``"Arabic"``, ``"Arabisch"``."""
    autonym: str
    """In itself, with a capital where its script has one: ``"العربية"``, ``"Español"``."""
    direction: Direction

    @property
    def title(self) -> str:
        """Both names, each kept from turning the other's direction: ``"Arabic · العربية"``."""
        if self.autonym == self.name:
            return self.name
        return f"{self.name} · \u2068{self.autonym}\u2069"


def language(code: str) -> Language:
    """Return a language by code; one that Unicode's CLDR does not know is called by its code.

    ``"und"`` stands for a language that nobody named, and is called so.
    """
    return _language(code, spoken())


@cache
def _language(code: str, reader: str) -> Language:
    if code == UNSAID:
        name = _("language.unsaid")
        return Language(code=code, name=name, autonym=name, direction="ltr")
    try:
        locale = Locale.parse(CLDR.get(code, code))
    except (UnknownLocaleError, ValueError):
        return Language(code=code, name=code, autonym=code, direction="ltr")
    autonym = locale.get_display_name(locale) or code
    return Language(
        code=code,
        name=locale.get_display_name(reader) or code,
        autonym=autonym[:1].upper() + autonym[1:],
        direction="rtl" if locale.text_direction == "rtl" else "ltr",
    )


@lru_cache(maxsize=1024)
def language_code(written: str) -> str:
    """Return the code of a language as people write it: ``"de"``, ``"deu"``, ``"de-AT"``, "German".

    Returns:
        ISO 639-1, or 639-3 where that has none; ``"und"`` for what CLDR does not know.
    """
    names = Locale("en").languages
    by_name = {name.casefold(): code for code, name in names.items()}
    said = written.strip().casefold()
    code = said.replace("_", "-").partition("-")[0]
    code = get_global("language_aliases").get(code, code)
    found = code if code in names else by_name.get(said, "und").partition("_")[0]
    return next((code for code, other in CLDR.items() if other == found), found)


def direction_of(text: str) -> Direction:
    """Return which way a text is written: that of its first letter (Unicode UAX #9, rule P2)."""
    classes = (unicodedata.bidirectional(character) for character in text)
    first = next((found for found in classes if found in STRONG), "L")
    return "rtl" if first in RIGHT_TO_LEFT else "ltr"
