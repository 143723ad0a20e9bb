"""Single words in another language, out of our own small word list."""

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import regex

from dlfa.data.perturbations.kinds import Reason, replaced, some
from dlfa.data.words import Span

__all__ = ["LEXICON", "switched"]

LEXICON = Path(__file__).parents[3] / "assets" / "data" / "lexicon.jsonl"
UNSPACED = {"th": 4, "zh": 2}  # characters: shorter ones are part of too many other words


def switched(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Write some words of a text in another language of the list, drawn for the whole text."""
    known = _forms(language)
    if not known:
        return Reason.LANGUAGE
    spans = _found(text, language)
    if not spans:
        return Reason.NOTHING
    others = [code for code in _languages() if code != language]
    other = others[int(generator.integers(len(others)))]
    chosen = some(spans, generator)
    entries = [_entries()[known[text[slice(*span)].casefold()]] for span in chosen]
    return replaced(
        text, [(span, entry[other][0]) for span, entry in zip(chosen, entries, strict=True)]
    )


def _found(text: str, language: str) -> list[Span]:
    return [found.span() for found in _pattern(language).finditer(text)]


@cache
def _entries() -> tuple[Mapping[str, list[str]], ...]:
    with LEXICON.open(encoding="utf-8") as lines:
        return tuple(json.loads(line)["text"] for line in lines)


@cache
def _languages() -> tuple[str, ...]:
    return tuple(_entries()[0])


@cache
def _forms(language: str) -> Mapping[str, int]:
    """Return by written form, without case, the entry that it is of; what is of two is of none."""
    places = [
        (form.casefold(), at)
        for at, entry in enumerate(_entries())
        for form in entry.get(language, ())
        if len(form) >= UNSPACED.get(language, 1)
    ]
    often = Counter(form for form, _at in dict.fromkeys(places))
    return {form: at for form, at in places if often[form] == 1}


@cache
def _pattern(language: str) -> regex.Pattern[str]:
    words = "|".join(map(regex.escape, sorted(_forms(language), key=len, reverse=True)))
    if language not in UNSPACED:
        words = rf"(?<![\p{{L}}\p{{M}}\p{{N}}])(?:{words})(?![\p{{L}}\p{{M}}\p{{N}}])"
    return regex.compile(words, regex.IGNORECASE)
