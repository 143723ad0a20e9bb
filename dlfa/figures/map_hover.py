"""What pointing at a sentence of a map tells: its text and its true neighbours, within a budget."""

from collections.abc import Mapping, Sequence
from textwrap import wrap

import numpy as np

from dlfa.figures.map_points import Kind
from dlfa.figures.scores import language_word
from dlfa.figures.words import decimals, escape, label_word, plain
from dlfa.messages import _
from dlfa.results import UNKNOWN, LayerMap, Neighbours, SentenceSet

__all__ = ["about_words", "kind_value", "neighbour_notes", "text_notes", "title_word"]

LINE = 46  # characters; a phone shows no more beside a finger
LONGEST = (100, 70, 46, 30, 20, 12)  # characters of a text, the first that fits the budget
SHORT = ((3, 36), (3, 24), (2, 20), (1, 20), (1, 12))  # neighbours, characters of each
TEXTS = 1_300_000  # bytes of all texts together
BESIDE = 40  # bytes of marks around a text
NEIGHBOURS = 1_500_000  # bytes of all neighbours in all spaces together
LONGEST_VALUE = 24
KNOWN = ("language", "script", "family", "label", "genre", "topic")  # columns with names of ours


def title_word(column: str) -> str:
    """Return what a column is called, safe to print: ours by name, a visitor's own as it is."""
    key = f"figure.map.by.{column}"
    return _(key) if column in KNOWN else escape(plain(column, LONGEST_VALUE))


def kind_value(column: str, kind: Kind, names: Mapping[str, str]) -> str:
    """Return what a kind of a column is called, safe to print; of several values, how many.

    Args:
        column: its name.
        kind: one of its values, or all that are too rare to have their own colour.
        names: language code -> name.
    """
    value = kind.value
    if value is None:
        return _("figure.map.other", number=kind.values)
    if not value:
        return _("figure.map.empty")
    if column == "language":
        return _language(value, names)
    return escape(label_word(value) if column == "label" else plain(value, LONGEST_VALUE))


def _language(code: str, names: Mapping[str, str]) -> str:
    return _("language.unsaid") if code == UNKNOWN else escape(language_word(code, names))


def about_words(sentences: SentenceSet, names: Mapping[str, str]) -> list[str]:
    """Return each sentence's language, whether it is a guess, and how often the sentence came."""
    words = {code: _language(code, names) for code in np.unique(sentences.languages).tolist()}
    guess = _("figure.map.guessed")
    return [
        words[code] + (f" {guess}" if guessed else "") + (f" ×{copies}" if copies > 1 else "")
        for code, guessed, copies in zip(
            sentences.languages.tolist(),
            sentences.guessed.tolist(),
            sentences.copies.tolist(),
            strict=True,
        )
    ]


def text_notes(texts: Sequence[str], budget: int = TEXTS) -> list[str]:
    """Return the texts, cut and broken into lines, safe to print, as long as the budget allows."""
    cut = list(texts)
    for longest in LONGEST:
        cut = [_cut(text, longest) for text in cut]
        if sum(map(_bytes, cut)) + len(cut) * BESIDE <= budget:
            break
    return [_lines(text) for text in cut]


def _cut(text: str, longest: int) -> str:
    short = " ".join(text[: 2 * longest].split())
    return short if len(short) <= longest else short[: longest - 1].rstrip("… ") + "…"


def _lines(text: str) -> str:
    """Return a text in lines, each kept from turning what stands beside it."""
    lines = wrap(text, LINE) if len(text) > LINE else [text]
    return "<br>".join(escape(plain(line, LINE)) for line in lines)


def _bytes(text: str) -> int:
    """Return what a text takes in plotly's JSON, which is ASCII and has no ``<``."""
    return len(text.encode("ascii", "backslashreplace")) + 5 * text.count("<") + 4


def neighbour_notes(
    mapped: LayerMap,
    sentences: SentenceSet,
    neighbours: Neighbours | None,
    budget: int = NEIGHBOURS,
) -> dict[str, np.ndarray]:
    """Return each sentence's true neighbours in every space as text, for spaces that have them.

    Returns:
        space -> ``(sentence)`` strings; empty where they are unknown or take too many bytes.
    """
    if neighbours is None:
        return {}
    shared = [space for space in mapped.spaces if space in neighbours.spaces]
    at = [neighbours.spaces.index(space) for space in shared]
    for many, longest in SHORT:
        rows = neighbours.rows[at, :, :many]
        short = [_short(sentences, row, longest) for row in range(len(sentences.texts))]
        room = np.array([_bytes(text) + BESIDE for text in short])
        if room[rows].sum() <= budget:
            near = neighbours.similarity[at, :, :many]
            return {
                space: _told(rows[one], near[one], short, sentences.items)
                for one, space in enumerate(shared)
            }
    return {}


def _short(sentences: SentenceSet, row: int, longest: int) -> str:
    """Return a neighbour in one line: its language's code, and the beginning of its text."""
    code = escape(plain(str(sentences.languages[row]), LONGEST_VALUE))
    return f"{code} {escape(plain(_cut(sentences.texts[row], longest), longest))}"


def _told(
    rows: np.ndarray, near: np.ndarray, short: Sequence[str], items: np.ndarray
) -> np.ndarray:
    """Return every sentence's neighbours, nearest first; translations of it have a sign."""
    same = (items[rows] == items[:, None]) & (items[:, None] != "")
    signs = np.where(same, "⇄ ", "")
    return np.array(
        [
            "<br>".join(map(_line, similar, mark, [short[at] for at in found]))
            for similar, mark, found in zip(
                near.tolist(), signs.tolist(), rows.tolist(), strict=True
            )
        ]
    )


def _line(similarity: float, sign: str, text: str) -> str:
    return f"{decimals(similarity, 2)} {sign}{text}"
