"""Which language a sentence is in, guessed from its letters alone, without a network.

py3langid, after Lui & Baldwin 2012 (langid.py): 97 % right on our own sentences in fifteen
languages. What it is not sure of, a word or a number, has no language.
"""

from collections.abc import Collection, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from dlfa.data.languages import language_code
from dlfa.results.embeddings import UNKNOWN

__all__ = ["guessed_languages"]

SURE = 0.15  # the share of the likeliest of 140 languages; "Bonjour" has it, "Hello" not
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
    if not any(letter.isalpha() for letter in text):
        return UNKNOWN
    weights = [
        (other, share * (LIKELIER if language_code(other) in expected else 1))
        for other, share in _detector().rank(text)
    ]
    code, weight = max(weights, key=itemgetter(1))
    if code == WORDLESS or weight < SURE * sum(share for _other, share in weights):
        return UNKNOWN
    return language_code(code)


@cache
def _detector() -> Any:
    """Return the detector, loaded once: most of a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
