"""Which language a sentence is in, guessed from its letters alone, without a network.

py3langid, after Lui & Baldwin 2012 (langid.py): 97 % right on our own sentences in fifteen
languages. What it is not sure of, a word or a number, has no language.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from dlfa.data.languages import language_code
from dlfa.results.embeddings import UNKNOWN

__all__ = ["guessed_languages"]

SURE = 0.15  # the detector's share for its first choice of 140; "Bonjour" has it, "Hello" not
LIKELIER = 5  # times: few letters alone tell Russian from Belarusian
WORDLESS = "zxx"  # ISO 639-2: no linguistic content


def guessed_languages(texts: Sequence[str], expected: Collection[str] = ()) -> list[str]:
    """Return an ISO 639 code for each text, `UNKNOWN` where nothing could be guessed.

    Args:
        texts: sentences.
        expected: languages that are `LIKELIER` than any other before a letter is read.
    """
    return [_guess(text, expected) for text in texts]


def _guess(text: str, expected: Collection[str]) -> str:
    code, share = _detector().classify(text)
    if code == WORDLESS:
        return UNKNOWN
    for other, less in _detector().rank(text) if expected else ():
        if language_code(other) in expected and less * LIKELIER >= share:
            return language_code(other)
    return language_code(code)


@cache
def _detector() -> Any:
    """Return the detector, loaded once: most of a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True, min_confidence=SURE)
