"""Words of a text in a line, in their own writing direction, with what each takes from below."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlfa.figures.aligned import part_of_words
from dlfa.figures.palette import Look
from dlfa.figures.rows import word_means
from dlfa.figures.words import escape, plain, runs_right_to_left
from dlfa.results import GateComparison, GateSweep

__all__ = ["Line", "label_room", "word_lines"]

PHONE = 270.0  # px for a line of words on a phone


@dataclass(frozen=True, eq=False, kw_only=True)
class Line:
    """One part's words in one language, from the first to the last."""

    words: list[int]
    names: list[str]
    """Safe to print."""
    places: dict[int, float]
    """Word -> where it stands, from 0 (left) to 1 (right)."""
    shares: list[float]
    """Lower layer's, per word; NaN where a word begins in no sub-word."""
    twins: list[float]
    """The untrained twin's."""
    linked: list[bool]
    longest: int


def word_lines(comparison: GateComparison, head: str, part: str) -> tuple[Line, Line]:
    """Return one part's words, ``"premise"`` or ``"hypothesis"``, in both languages.

    Raises:
        KeyError: a head that was not compared.
    """
    links = comparison.alignment.first, comparison.alignment.second
    sweeps = comparison.first, comparison.second
    first, second = (
        _line(sweep, head, part, set(linked.tolist()))
        for sweep, linked in zip(sweeps, links, strict=True)
    )
    return first, second


def _line(sweep: GateSweep, head: str, part: str, linked: set[int]) -> Line:
    tokens, gate = sweep.tokens, sweep[head]
    words = [word for word, where in enumerate(part_of_words(tokens)) if where == part]
    texts = [tokens.words[word] for word in words]
    places = _places(texts, runs_right_to_left(tokens.words))
    shares, twins = (word_means(cells, tokens) for cells in (gate.share, gate.noise_share))
    return Line(
        words=words,
        names=[escape(plain(text)) for text in texts],
        places=dict(zip(words, places, strict=True)),
        shares=[float(shares[word]) for word in words],
        twins=[float(twins[word]) for word in words],
        linked=[word in linked for word in words],
        longest=max((len(plain(text)) for text in texts), default=0),
    )


def _places(texts: Sequence[str], from_the_right: bool) -> list[float]:
    """Return where words stand, longer ones with more room, from 0 to 1."""
    room = np.array([6.0 + min(16, len(text)) for text in texts])
    middles = (room.cumsum() - room / 2) / max(1.0, room.sum())
    return [float(1 - place if from_the_right else place) for place in middles]


def label_room(lines: Sequence[Line], look: Look) -> float:
    """Return what words need where a phone has to turn them to fit them in, in px."""
    letter = 0.56 * look.small
    longest = letter * max(line.longest for line in lines)
    level = max(letter * sum(len(name) for name in line.names) for line in lines)
    slanted = max(1.4 * look.small * len(line.words) for line in lines)
    turned = 0.0 if level < PHONE else 0.7 * longest if slanted < PHONE else longest
    return 2.0 * look.small + turned
