"""Single words in another language, out of our own small word list."""

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import regex

from dlfa.data.parallel import own_names
from dlfa.data.perturbations.forms import folded
from dlfa.data.perturbations.kinds import Reason, replaced, some
from dlfa.data.words import Span

__all__ = ["LEXICON", "switched"]

LEXICON = Path(__file__).parents[3] / "assets" / "data" / "lexicon.jsonl"
UNSPACED = {"th": 4, "zh": 2}  # characters: shorter ones are part of too many other words


def switched(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Write some words of a text in another language of the list, drawn for the whole text."""
    if not _forms(language):
        return Reason.LANGUAGE
    spans = _found(text, language)
    if not spans:
        return Reason.NOTHING
    others = [code for code in _languages() if code != language]
    other = others[int(generator.integers(len(others)))]
    chosen = some(spans, generator)
    entries = [_entry(text[slice(*span)], language) for span in chosen]
    return replaced(
        text,
        [(span, entry[other][0]) for span, entry in zip(chosen, entries, strict=True) if entry],
    )


def _found(text: str, language: str) -> list[Span]:
    every = (found.span() for found in _pattern(language).finditer(text))
    return [span for span in every if _entry(text[slice(*span)], language)]


def _entry(word: str, language: str) -> Mapping[str, list[str]] | None:
    """Return the entry that a word is of; None if it only looks so.

    Swahili's Leo may be a person where leo is today, German's morgen is not the Morgen, and an I
    may be the capital of another i than the pattern takes it for.
    """
    form = folded(word, language)
    at = _forms(language).get(form)
    noun = word[0].islower() and form in _capitalised(language)
    return None if at is None or noun or word in own_names(language).values() else _entries()[at]


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
        (folded(form, language), at)
        for at, entry in enumerate(_entries())
        for form in entry.get(language, ())
        if len(form) >= UNSPACED.get(language, 1)
    ]
    often = Counter(form for form, _at in dict.fromkeys(places))
    return {form: at for form, at in places if often[form] == 1}


@cache
def _capitalised(language: str) -> frozenset[str]:
    """Return the forms that are written large wherever they stand, without case."""
    every = (form for entry in _entries() for form in entry.get(language, ()))
    return frozenset(folded(form, language) for form in every if form[0].isupper())


@cache
def _pattern(language: str) -> regex.Pattern[str]:
    words = "|".join(map(regex.escape, sorted(_forms(language), key=len, reverse=True)))
    if language not in UNSPACED:
        words = rf"(?<![\p{{L}}\p{{M}}\p{{N}}])(?:{words})(?![\p{{L}}\p{{M}}\p{{N}}])"
    return regex.compile(words, regex.IGNORECASE)
