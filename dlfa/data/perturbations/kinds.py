"""What a perturbation is, and how a change of one text becomes a change of a pair."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
import regex

from dlfa.data.perturbations.expected import Rule
from dlfa.data.texts import SentencePair
from dlfa.data.words import Span, word_spans

__all__ = [
    "REASONS",
    "Change",
    "OneText",
    "Outcome",
    "Perturbation",
    "Reason",
    "each",
    "replaced",
    "some",
    "spelled",
]


class Reason(StrEnum):
    """Why a pair cannot be handled."""

    SCRIPT = "script"
    """Its writing has no such thing: case, accents, letters that look alike."""
    LANGUAGE = "language"
    """There is no template, keyboard or word list for it."""
    NOTHING = "nothing"
    """It could be, but nothing of the kind stands in this pair."""
    LONG = "long"
    """Afterwards no model takes it: it is longer than the policy allows."""


REASONS = tuple(Reason)
Outcome = SentencePair | Reason
Change = Callable[[SentencePair, str, np.random.Generator], Outcome]
"""Takes a pair, its language's code and what draws; never gives back the pair as it was."""
OneText = Callable[[str, str, np.random.Generator], str | Reason]

SHARE = 0.2  # of a text's words that are changed, at least one
LETTERS = regex.compile(r"\p{L}", regex.VERSION1)


@dataclass(frozen=True, kw_only=True)
class Perturbation:
    """One way to change a sentence pair a little."""

    name: str
    """Its code, and its words' in the catalogue: ``perturbation.<name>``."""
    change: Change
    expects: Rule = "same"
    """Which label is right afterwards, see `dlfa.data.perturbations.expected`."""
    keeps: tuple[str, ...]
    """What each sentence still has as it was, see `dlfa.data.perturbations.kept`; never empty."""
    written_by: Literal["rule", "machine"] = "rule"
    """``"machine"``: with templates or a word list that no speaker has checked."""


def each(change: OneText) -> Change:
    """Return what changes both sentences, each on its own; one that is left as it was may be."""

    def both(pair: SentencePair, language: str, generator: np.random.Generator) -> Outcome:
        found = [change(text, language, generator) for text in pair]
        first, second = (
            old if isinstance(new, Reason) else new for old, new in zip(pair, found, strict=True)
        )
        if (first, second) != pair:
            return first, second
        reasons = [one for one in found if isinstance(one, Reason)]
        return min(reasons, key=REASONS.index, default=Reason.NOTHING)

    return both


def spelled(text: str) -> list[Span]:
    """Return the spans of the words that have a letter."""
    return [span for span in word_spans(text) if LETTERS.search(text, *span)]


def some(spans: list[Span], generator: np.random.Generator) -> list[Span]:
    """Draw a share of the spans, at least one, and return them in their order."""
    count = max(1, round(SHARE * len(spans)))
    rows = generator.permutation(len(spans))[:count].tolist()
    return [spans[row] for row in sorted(rows)]


def replaced(text: str, changes: list[tuple[Span, str]]) -> str:
    """Return a text with some spans, which do not overlap, replaced."""
    for (start, end), new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text
