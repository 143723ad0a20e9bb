"""The catalogue and the code that asks for its messages, held against each other."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from tests.source_tree import ROOT, Source, package, screens

LOCALE = ROOT / "dlfa" / "locale"
KEY = re.compile(r"[a-z]\w*(\.[\w-]+)+")
ANYTHING = r"[\w-]+"  # what a placeholder in an f-string may stand for


@dataclass(frozen=True)
class Use:
    """One place in the code that names a message."""

    place: str
    pattern: str
    """Of the key: literal, or with `ANYTHING` where an f-string leaves a gap."""
    certain: bool
    """Whether it must be a key (an argument of ``_`` or of an error) or only looks like one."""
    params: frozenset[str] | None = None
    """Names of the values given for placeholders, None where the code does not tell."""


def messages(language: str = "en") -> dict[str, str]:
    """Return a language's messages by key; the test reads the file itself, without our reader."""
    found: dict[str, str] = {}
    for path in files(language):
        with path.open("rb") as file:
            found |= {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}
    return found


def files(language: str) -> list[Path]:
    """Return a language's catalogues, one per subject."""
    return sorted((LOCALE / language / "LC_MESSAGES").glob("*.po"))


def placeholders(message: str) -> set[str]:
    ours = re.sub(r"%\{[^{}]*\}", "", message)  # %{x} is plotly's, in hover texts
    return {field for _, field, _, _ in Formatter().parse(ours) if field is not None}


def pattern(node: ast.expr) -> str | None:
    """Return a regular expression for the keys this expression can be, None if it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(pattern(part) or ANYTHING for part in node.values)
    return None


def uses(source: Source) -> Iterator[Use]:
    asked: set[int] = set()  # nodes that were dealt with as somebody's argument
    for node in ast.walk(source.tree):
        place = f"{source.name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call) and node.args and asks(node):
            named = {keyword.arg for keyword in node.keywords}
            params = None if None in named else frozenset(name for name in named if name)
            if key := pattern(node.args[0]):
                yield Use(place, key, certain=True, params=params)
                asked |= {id(inner) for inner in ast.walk(node.args[0])}
        elif isinstance(node, ast.JoinedStr):
            asked |= {id(inner) for inner in ast.walk(node)} - {id(node)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in asked:
            key = pattern(node)
            if key and looks_like_a_key(node):
                yield Use(f"{source.name}:{node.lineno}", key, certain=False)


def meant(use: Use) -> list[str]:
    """Return the catalogue's keys that this place may ask for."""
    return [key for key in MESSAGES if re.fullmatch(use.pattern, key)]


def asks(call: ast.Call) -> bool:
    """Return whether the call's first argument is a message key."""
    name = ast.unparse(call.func).rpartition(".")[2]
    return name in {"_", "of_task"} or name in ERRORS


def looks_like_a_key(node: ast.Constant | ast.JoinedStr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(KEY.fullmatch(node.value))
    first = node.values[0] if node.values else None
    return isinstance(first, ast.Constant) and "." in first.value and " " not in first.value


ERRORS = {
    node.name
    for source in package()
    if source.name == "dlfa.errors"
    for node in source.tree.body
    if isinstance(node, ast.ClassDef)
}
MESSAGES = messages()
SOURCES = (*package(), *screens())
USES = [use for source in SOURCES for use in uses(source)]
FAMILIES = {key.split(".")[0] for key in MESSAGES}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
class TestEveryKeyInTheCode:
    def test_has_a_message(self, source: Source) -> None:
        missing = [use for use in uses(source) if use.certain and not meant(use)]
        assert [f"{use.place} {use.pattern}" for use in missing] == []

    def test_comes_with_the_values_that_its_message_names(self, source: Source) -> None:
        wrong = [
            f"{use.place} {use.pattern} gets {sorted(use.params)}"
            for use in uses(source)
            if use.certain and use.params is not None and meant(use)
            # An f-string may match more than it means: one of its messages has to fit.
            if not any(placeholders(MESSAGES[key]) == use.params for key in meant(use))
        ]
        assert wrong == []


def test_strings_that_look_like_keys_have_messages() -> None:
    """Such as the keys that pages hand to the functions of `dlfa.ui`."""
    suspects = [
        use
        for use in USES
        if use.pattern.split(r"\.")[0] in FAMILIES and not use.place.startswith("dlfa.model.")
    ]
    assert [f"{use.place} {use.pattern}" for use in suspects if not meant(use)] == []


def test_every_message_is_used() -> None:
    # A literal may also be the beginning of keys: one_of(..., words="gates.show").
    patterns = [re.compile(rf"{use.pattern}(\.{ANYTHING})?") for use in USES]
    assert [key for key in MESSAGES if not any(one.fullmatch(key) for one in patterns)] == []


@pytest.mark.parametrize("language", [folder.name for folder in LOCALE.iterdir()])
class TestCatalogue:
    def test_no_message_is_empty_and_every_key_is_well_formed(self, language: str) -> None:
        for key, message in messages(language).items():
            assert KEY.fullmatch(key), key
            assert message.strip(), key

    def test_no_key_is_there_twice(self, language: str) -> None:
        text = "\n".join(path.read_text(encoding="utf-8") for path in files(language))
        keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
        assert sorted(keys) == sorted(set(keys))

    def test_says_the_same_things_as_the_english_one(self, language: str) -> None:
        found = messages(language)
        assert set(found) == set(MESSAGES)
        for key, message in found.items():
            assert placeholders(message) == placeholders(MESSAGES[key]), key
