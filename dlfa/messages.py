"""Every word a person sees, by key.

The catalogues are gettext ``.po`` files whose message ids are our keys
(``locale/<language>/LC_MESSAGES/dlfa.po``); Babel reads them, so no compiled binary is kept.
"""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

__all__ = ["catalogue", "keys"]

LOCALE = Path(__file__).parent / "locale"


@cache
def catalogue(language: str = "en") -> GNUTranslations:
    """Return one language's catalogue, parsed once per process."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (LOCALE / language / "LC_MESSAGES" / "dlfa.po").open("rb") as file:
        compiled = BytesIO()
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def keys(language: str = "en") -> frozenset[str]:
    """Return every message key of a catalogue."""
    from babel.messages.pofile import read_po

    with (LOCALE / language / "LC_MESSAGES" / "dlfa.po").open("rb") as file:
        return frozenset(str(message.id) for message in read_po(file) if message.id)


def _(key: str, /, **params: object) -> str:
    """Return the message for ``key`` with its ``{placeholders}`` filled in.

    An unknown key comes back as it is: a missing word must never take a page down (a test
    makes sure that no key is missing).
    """
    text = catalogue().gettext(key)
    return text.format(**params) if params else text
