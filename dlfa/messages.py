"""Every word a person sees, by key.

The catalogues are gettext ``.po`` files whose message ids are our keys
(``locale/<language>/LC_MESSAGES/*.po``, one file per subject); Babel reads them, so no compiled
binary is kept. Which language is spoken is asked anew for every message (see `speak`): one process
serves visitors of several languages at once.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

__all__ = ["LANGUAGES", "catalogue", "keys", "of_task", "speak", "spoken"]

LOCALE = Path(__file__).parent / "locale"
ENGLISH = "en"
LANGUAGES = (ENGLISH, *sorted({path.name for path in LOCALE.iterdir()} - {ENGLISH}))

_asked: list[Callable[[], str]] = [lambda: ENGLISH]


def speak(ask: Callable[[], str]) -> None:
    """Set who is asked which language the current visitor reads; English until then.

    Args:
        ask: returns one of `LANGUAGES`; called for every message, so it must be quick.
    """
    _asked[:] = [ask]


def spoken() -> str:
    """Return the code of the language in which messages come now."""
    found = _asked[0]()
    return found if found in LANGUAGES else ENGLISH


@cache
def catalogue(language: str = ENGLISH) -> dict[str, str]:
    """Return one language's messages by key, read once per process.

    Raises:
        FileNotFoundError: there is no such catalogue.
    """
    from babel.messages.pofile import read_po

    found: dict[str, str] = {}
    for path in sorted((LOCALE / language / "LC_MESSAGES").iterdir()):
        with path.open("rb") as file:
            found |= {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}
    return found


def keys(language: str = ENGLISH) -> frozenset[str]:
    """Return every message key of a catalogue."""
    return frozenset(catalogue(language))


def _(key: str, /, **params: object) -> str:
    """Return the message for ``key`` with its ``{placeholders}`` filled in.

    A key that the visitor's language lacks comes in English, an unknown one as it is: a missing
    word must never take a page down (tests make sure that none is missing).
    """
    text = catalogue(spoken()).get(key) or catalogue().get(key, key)
    return text.format(**params) if params else text


def of_task(key: str, task: str, /, **params: object) -> str:
    """Return a message in a task's own words, ``key.task``; in those for any task without them.

    Args:
        key: of the message for any task.
        task: the task's key.
        params: values for the message's placeholders.
    """
    own = f"{key}.{task}"
    return _(own if task and catalogue().get(own) else key, **params)
