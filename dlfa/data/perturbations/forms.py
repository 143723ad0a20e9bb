"""Outer forms: case, punctuation, accents."""

import unicodedata

import numpy as np
import regex

from dlfa.data.perturbations.kinds import Reason, replaced, spelled

__all__ = [
    "bare",
    "folded",
    "initials",
    "lower",
    "marked",
    "stripped",
    "unaccented",
    "unmarked",
    "upper",
]

TURKIC = frozenset({"az", "tr"})
RAISED = str.maketrans({"i": "İ", "ı": "I"})  # two letters of which other languages have one
LOWERED = str.maketrans({"I": "ı", "İ": "i"})
CASED = regex.compile(r"[\p{Lu}\p{Ll}\p{Lt}]", regex.VERSION1)
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]"  # a mark beside these is in no word
MARKS = regex.compile(
    r"(?<![\p{L}\p{N}\p{M}])\p{P}|\p{P}(?![\p{L}\p{N}])"
    rf"|(?<={UNSPACED})[\p{{P}}--・]|[\p{{P}}--・](?={UNSPACED})",
    regex.VERSION1,
)
ACCENTED = regex.compile(r"[\p{Latin}\p{Greek}\p{Cyrillic}]", regex.VERSION1)
WHOLE = str.maketrans({"đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})
ADDED = ("!", "...", " -")


def upper(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Write all letters large; in Turkish i becomes İ."""
    return _cased(text, _raised(text, language))


def lower(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Write all letters small; in Turkish I becomes ı."""
    return _cased(text, _lowered(text, language))


def initials(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Turn the case of every word's first letter."""
    changes = []
    for start, _end in spelled(text):
        first = text[start]
        turned = _lowered(first, language) if first.isupper() else _raised(first, language)
        changes.append(((start, start + 1), turned))
    return _cased(text, replaced(text, changes))


def folded(text: str, language: str) -> str:
    """Return a text without case; in Turkish I becomes ı."""
    return (text.translate(LOWERED) if language in TURKIC else text).casefold()


def _raised(text: str, language: str) -> str:
    return (text.translate(RAISED) if language in TURKIC else text).upper()


def _lowered(text: str, language: str) -> str:
    return (text.translate(LOWERED) if language in TURKIC else text).lower()


def _cased(old: str, new: str) -> str | Reason:
    if not CASED.search(old):
        return Reason.SCRIPT
    return new if new != old else Reason.NOTHING


def unmarked(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Drop punctuation; what stands inside a word or a number stays."""
    found = bare(text)
    return found if found != text and found else Reason.NOTHING


def bare(text: str) -> str:
    """Return a text without punctuation between or around its words, spaces in one."""
    previous = ""
    while previous != text:  # marks that stood beside marks
        previous, text = text, MARKS.sub("", text)
    return " ".join(text.split())


def marked(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Add an exclamation mark, dots or a dash at the end."""
    return text + ADDED[int(generator.integers(len(ADDED)))]


def unaccented(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Take the marks off Latin and Greek letters, and off the Cyrillic ё."""
    if not ACCENTED.search(text):
        return Reason.SCRIPT  # elsewhere what looks like a mark is a vowel
    found = stripped(text)
    same = found == unicodedata.normalize("NFC", text)  # composed otherwise is not without accents
    return Reason.NOTHING if same else found


def stripped(text: str) -> str:
    """Return a text without accents; й, which is a letter of its own, stays."""
    return "".join(map(_base, unicodedata.normalize("NFC", text))).translate(WHOLE)


def _base(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 1 or not ACCENTED.match(parts[0]) or character in "йЙїЇ":
        return character
    return "".join(one for one in parts if unicodedata.category(one) != "Mn")
