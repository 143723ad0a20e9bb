"""Say what every language still has to say: ``python -m docs.catalogue``.

English is the measure. Listed are keys without a translation, with the English words, in the form
in which they are added to the file; keys that English no longer has; and messages whose
placeholders differ. Ends with 1 if there is anything to do.
"""

import re
import sys
from collections.abc import Iterator
from string import Formatter

from babel.messages.pofile import read_po

from dlfa.messages import ENGLISH, LANGUAGES, LOCALE

PLOTLY = re.compile(r"%\{[^{}]*\}")  # %{x} is plotly's, in hover texts


def messages(language: str) -> dict[str, tuple[str, str]]:
    """Return a language's messages by key: the file's name and the words."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted((LOCALE / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            entries = [entry for entry in read_po(file) if entry.id]
        found |= {str(entry.id): (path.name, str(entry.string)) for entry in entries}
    return found


def placeholders(words: str) -> set[str]:
    """Return the names that a message leaves open."""
    return {name for _, name, _, _ in Formatter().parse(PLOTLY.sub("", words)) if name is not None}


def to_do(language: str) -> Iterator[str]:
    """Yield what has to be done in one language, a few lines each."""
    wanted, found = messages(ENGLISH), messages(language)
    for key in wanted.keys() - found.keys():
        file, words = wanted[key]
        yield f'{language}/{file}: missing\nmsgid "{key}"\nmsgstr "{words}"'
    for key in found.keys() - wanted.keys():
        yield f"{language}/{found[key][0]}: orphaned: {key}"
    for key in wanted.keys() & found.keys():
        (file, words), (place, said) = wanted[key], found[key]
        if file != place:
            yield f"{language}/{place}: {key} stands in {file} in English"
        if placeholders(words) != placeholders(said):
            yield f"{language}/{place}: placeholders of {key}: {sorted(placeholders(words))}"


def main() -> int:
    """Print the list."""
    lines = [line for code in LANGUAGES if code != ENGLISH for line in sorted(to_do(code))]
    print("\n\n".join(lines) or "Every language says everything.")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
