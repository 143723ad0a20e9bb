"""Two translations' words, which is whose: what the figures of translations share."""

import numpy as np

from dlfa.figures.words import escape, head_word, plain
from dlfa.messages import _
from dlfa.results import GateComparison, Tokens

__all__ = ["correlation_words", "language_word", "numbers", "part_of_words"]


def language_word(comparison: GateComparison, side: int) -> str:
    """Return a side's language code, safe to print; where it is unknown, which text it is."""
    code = comparison.languages[side]
    return escape(plain(code)) if code else _(f"figure.side.{('first', 'second')[side]}")


def part_of_words(tokens: Tokens) -> list[str]:
    """Return ``"premise"`` or ``"hypothesis"`` per word."""
    second = [
        word for word, part in zip(tokens.word, tokens.segment, strict=True) if part == "hypothesis"
    ]
    starts = min(second, default=len(tokens.words))
    return ["premise" if word < starts else "hypothesis" for word in range(len(tokens.words))]


def correlation_words(comparison: GateComparison, head: str) -> str:
    """Return a head's correlation with its interval, chance and twin; says why there is none.

    Raises:
        ValueError: a head that was not compared.
    """
    at = comparison.heads.index(head)
    if not np.isfinite(comparison.correlation[at]):
        return _("figure.correlation.none", head=head_word(head))
    return _("figure.correlation.one", **numbers(comparison, at))


def numbers(comparison: GateComparison, at: int) -> dict[str, str]:
    """Return the numbers of one head's correlation as texts; gain: r − the twin's r."""
    return {
        "r": _two(comparison.correlation[at]),
        "low": _two(comparison.low[at]),
        "high": _two(comparison.high[at]),
        "chance_low": _two(comparison.chance_low[at]),
        "chance_high": _two(comparison.chance_high[at]),
        "twin": _two(comparison.noise_correlation[at]),
        "gain": _two(comparison.correlation[at] - comparison.noise_correlation[at], "+"),
        "gain_low": _two(comparison.gain_low[at], "+"),
        "gain_high": _two(comparison.gain_high[at], "+"),
    }


def _two(number: float, sign: str = "") -> str:
    return f"{number:{sign}.2f}".replace("-", "−") if np.isfinite(number) else "–"
