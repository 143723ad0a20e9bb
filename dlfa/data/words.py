"""Where the words of a text are, in any script.

Unicode's word boundaries (UAX 29, by `regex`) know scripts with spaces; Chinese, Japanese and Thai
write none, and BudouX's small models find their words.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from budoux import Parser

__all__ = ["Span", "word_places", "word_spans"]

Span = tuple[int, int]  # first character, one past the last

UNSPACED = regex.compile(
    r"(?P<thai>\p{Thai}+)|(?P<cjk>[\p{Han}\p{Hiragana}\p{Katakana}々〆ー]+)", regex.VERSION1
)
KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]", regex.VERSION1)
BOUNDARY = regex.compile(r"(?w)\b", regex.VERSION1)


def word_spans(text: str) -> list[Span]:
    """Return the words of a text from left to right; punctuation marks stand for themselves.

    Args:
        text: of any length and script; spaces belong to no word.
    """
    japanese = KANA.search(text) is not None
    spans: list[Span] = []
    done = 0
    for run in UNSPACED.finditer(text):
        spans += _spaced(text, done, run.start())
        language = "th" if run["thai"] else "ja" if japanese else "zh"
        spans += _lengths(run.start(), _parser(language).parse(run[0]))
        done = run.end()
    return [*spans, *_spaced(text, done, len(text))]


def word_places(
    texts: Sequence[str], parts: Sequence[int | None], offsets: Sequence[Span]
) -> tuple[list[int], tuple[str, ...]]:
    """Return which word each sub-word of a tokenised text, or texts, belongs to.

    Args:
        texts: what was tokenised.
        parts: per sub-word the text's place in ``texts``, None on special tokens.
        offsets: per sub-word where it stands in its text, leading space included or not.

    Returns:
        per sub-word the index of the word in which it begins, −1 on special tokens; and the words
        that have a sub-word, one text after the other. Where a sub-word spans two words it counts
        for the first, and the second is part of it, with what sub-words it has besides: words
        never overlap.
    """
    spans = [word_spans(text) for text in texts]
    order: dict[tuple[int, int], int] = {}  # (text, span) -> the word's index
    ends: dict[tuple[int, int], int] = {}  # (text, span) -> where its sub-words end
    places = []
    for part, (start, end) in zip(parts, offsets, strict=True):
        if part is None or not spans[part]:
            places.append(-1)
            continue
        start += len(texts[part][start:end]) - len(texts[part][start:end].lstrip())
        at = max(0, bisect_right(spans[part], (start, len(texts[part]))) - 1)
        begun, last = next(reversed(ends), (part, at))
        if begun == part and spans[part][at][0] < ends.get((part, last), 0):
            at = last
        ends[part, at] = max(end, ends.get((part, at), 0))
        places.append(order.setdefault((part, at), len(order)))
    words = (
        texts[part][spans[part][at][0] : spans[part][_last(spans[part], at, end)][1]]
        for (part, at), end in ends.items()
    )
    return places, tuple(words)


def _last(spans: Sequence[Span], at: int, end: int) -> int:
    """Return the last span that begins before ``end``, at least ``at``."""
    return max(at, bisect_left(spans, (end, 0)) - 1)


def _spaced(text: str, start: int, end: int) -> Iterator[Span]:
    parts = BOUNDARY.split(text[start:end])
    for first, last in _lengths(start, parts):
        if not text[first:last].isspace():
            yield first, last


def _lengths(start: int, parts: list[str]) -> Iterator[Span]:
    for part in parts:
        if part:
            yield start, start + len(part)
        start += len(part)


@cache
def _parser(language: str) -> "Parser":
    import budoux

    loaders = {
        "ja": budoux.load_default_japanese_parser,
        "th": budoux.load_default_thai_parser,
        "zh": budoux.load_default_simplified_chinese_parser,
    }
    return loaders[language]()
