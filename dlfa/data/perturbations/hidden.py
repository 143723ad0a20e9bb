"""What an eye does not see: characters without width, letters that look like others."""

import unicodedata
from collections.abc import Mapping
from functools import cache

import numpy as np
import regex

from dlfa.data.perturbations.kinds import Reason, replaced, some, spelled

__all__ = ["INVISIBLE", "homoglyphs", "invisible", "skeleton"]

INVISIBLE = ("\u200b", "\u2060", "\ufeff")  # zero-width space, word joiner, no-break space
CLUSTER = regex.compile(r"\X", regex.VERSION1)
SCRIPTS = ("Latin", "Cyrillic", "Greek")  # those with letters of one another's looks
SCRIPT = {name: regex.compile(rf"\p{{{name}}}") for name in SCRIPTS}


def invisible(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Put a character without width into some words, between two letters."""
    spans = [span for span in spelled(text) if len(CLUSTER.findall(text[slice(*span)])) > 1]
    if not spans:
        return Reason.NOTHING
    changes = []
    for start, end in some(spans, generator):
        parts = CLUSTER.findall(text[start:end])
        at = int(generator.integers(1, len(parts)))
        mark = INVISIBLE[int(generator.integers(len(INVISIBLE)))]
        changes.append(((start, end), "".join([*parts[:at], mark, *parts[at:]])))
    return replaced(text, changes)


def homoglyphs(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Replace a letter in some words by one of another script that looks the same."""
    if not any(script.search(text) for script in SCRIPT.values()):
        return Reason.SCRIPT
    alike = _alike()
    spans = [span for span in spelled(text) if any(one in alike for one in text[slice(*span)])]
    if not spans:
        return Reason.NOTHING
    changes = []
    for start, end in some(spans, generator):
        places = [at for at in range(start, end) if text[at] in alike]
        at = places[int(generator.integers(len(places)))]
        others = alike[text[at]]
        changes.append(((at, at + 1), others[int(generator.integers(len(others)))]))
    return replaced(text, changes)


def skeleton(text: str) -> str:
    """Return a text with each letter as the first of those that look like it."""
    groups = _groups()
    return "".join(min(groups.get(one, one)) for one in text)


@cache
def _alike() -> Mapping[str, str]:
    """Return by letter those of other scripts that look the same."""
    alike = {
        letter: "".join(sorted(one for one in group if _script(one) != _script(letter)))
        for letter, group in _groups().items()
    }
    return {letter: others for letter, others in alike.items() if others}


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    """Return by letter all that look like it, itself included, by Unicode's confusables.

    What looks like a letter looks like all that look like it. Compatibility forms, such as
    mathematical letters, are left out: a tokenizer's normaliser would undo them.
    """
    from confusable_homoglyphs.confusables import confusables_data

    groups: dict[str, frozenset[str]] = {}
    for letter, entries in confusables_data.items():
        if _script(letter):
            found = {entry["c"] for entry in entries if _script(entry["c"])} | {letter}
            joined = frozenset(found.union(*(groups.get(one, ()) for one in found)))
            groups |= dict.fromkeys(joined, joined)
    return groups


def _script(text: str) -> str:
    """Return the script of one usual letter; empty for anything else."""
    if len(text) != 1 or not text.isalpha() or unicodedata.normalize("NFKC", text) != text:
        return ""
    return next((name for name, script in SCRIPT.items() if script.match(text)), "")
