"""What a perturbation may promise to keep: each a function of one sentence, the same afterwards."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import regex

from dlfa.data.perturbations.forms import bare, folded, stripped
from dlfa.data.perturbations.hidden import INVISIBLE, skeleton
from dlfa.data.texts import SentencePair

__all__ = ["KEPT", "broken"]

DIGITS = regex.compile(r"\p{Nd}+")


def _letters(text: str, language: str) -> Counter[str]:
    """How often each character that is no space stands there."""
    return Counter(character for character in text if not character.isspace())


def _shape(text: str, language: str) -> str:
    """The text with every digit of whatever script as 0."""
    return "".join("0" if unicodedata.category(one) == "Nd" else one for one in text)


KEPT: Mapping[str, Callable[[str, str], object]] = {
    "text": lambda text, language: text,
    "length": lambda text, language: len(text),
    "letters": _letters,
    "folded": folded,
    "bare": lambda text, language: bare(text),
    "unaccented": lambda text, language: stripped(text),
    "visible": lambda text, language: "".join(one for one in text if one not in INVISIBLE),
    "looks": lambda text, language: skeleton(text),
    "numbers": lambda text, language: DIGITS.findall(text),
    "all but numbers": _shape,
}


def broken(
    before: SentencePair, after: SentencePair, keeps: Sequence[str], language: str
) -> list[str]:
    """Return which promises a perturbation of a pair breaks; none if it is right.

    Args:
        before: the pair as it was.
        after: the pair as it is.
        keeps: names out of `KEPT`, or ``"sentences"``: both are there, in whatever order.
        language: ISO 639-1 code.
    """
    found = []
    for name in keeps:
        if name == "sentences":
            kept = sorted(before) == sorted(after)
        else:
            told = KEPT[name]
            each = zip(before, after, strict=True)
            kept = all(told(old, language) == told(new, language) for old, new in each)
        found += [] if kept else [name]
    return found
