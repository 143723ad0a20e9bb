"""Typing errors: two letters in the wrong order, or the key beside the right one."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import regex

from dlfa.data.perturbations.kinds import Reason, replaced, some, spelled
from dlfa.data.words import Span

__all__ = ["keys", "typos"]

LEAST = 4  # letters of a word: of shorter ones little is left
CLUSTER = regex.compile(r"\X", regex.VERSION1)  # a letter with its marks
UNTYPED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]", regex.VERSION1)

QWERTY = "qwertyuiop asdfghjkl zxcvbnm"
KEYBOARDS: Mapping[str, str] = {
    **dict.fromkeys(("en", "es", "sw", "vi", "id", "it", "nl", "pl", "pt"), QWERTY),
    "de": "qwertzuiopü asdfghjklöä yxcvbnm",
    "fr": "azertyuiop qsdfghjklm wxcvbn",
    "tr": "qwertyuıopğü asdfghjklşi zxcvbnmöç",
    "ru": "йцукенгшщзхъ фывапролджэ ячсмитьбю",
    "bg": "уеишщксдзц ьяаожгтнвмч юйъэфхпрлб",
    "el": "ςερτυθιοπ ασδφγηξκλ ζχψωβνμ",
    "ar": "ضصثقفغعهخحجد شسيبلاتنمكط ئءؤرىةوزظ",
}
"""The letters' rows of each language's most usual keyboard."""


def typos(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Exchange two neighbouring letters inside some words; the first and the last stay."""
    if UNTYPED.search(text):
        return Reason.SCRIPT  # what is chosen from a list of characters has no such errors
    spans = [span for span in spelled(text) if _places(text, span)]
    if not spans:
        return Reason.NOTHING
    changes = []
    for start, end in some(spans, generator):
        places = _places(text, (start, end))
        at = places[int(generator.integers(len(places)))]
        parts = CLUSTER.findall(text[start:end])
        parts[at], parts[at + 1] = parts[at + 1], parts[at]
        changes.append(((start, end), "".join(parts)))
    return replaced(text, changes)


def _places(text: str, span: Span) -> list[int]:
    """Return after which letters of a word two neighbours may change places."""
    parts = CLUSTER.findall(text[slice(*span)])
    if len(parts) < LEAST:
        return []
    return [at for at in range(1, len(parts) - 2) if parts[at] != parts[at + 1]]


def keys(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Replace a letter inside some words by one from the key beside it."""
    beside = _beside(language)
    if not beside:
        return Reason.LANGUAGE
    spans = [span for span in spelled(text) if _struck(text, span, beside)]
    if not spans:
        return Reason.NOTHING
    changes = []
    for span in some(spans, generator):
        places = _struck(text, span, beside)
        at = places[int(generator.integers(len(places)))]
        near = beside[text[at]]
        changes.append(((at, at + 1), near[int(generator.integers(len(near)))]))
    return replaced(text, changes)


def _struck(text: str, span: Span, beside: Mapping[str, str]) -> list[int]:
    """Return where in a word, its ends left out, letters with neighbours on the keyboard stand."""
    start, end = span
    if end - start < LEAST:
        return []
    return [at for at in range(start + 1, end - 1) if text[at] in beside]


@cache
def _beside(language: str) -> Mapping[str, str]:
    """Return each letter's neighbours in its row; nothing for a language without a keyboard."""
    rows = KEYBOARDS.get(language, "").split()
    return {
        row[at]: row[max(0, at - 1) : at] + row[at + 1 : at + 2]
        for row in rows
        for at in range(len(row))
    }
