"""Which language a sentence is in, guessed from its letters alone, without a network.

py3langid, after Lui & Baldwin 2012 (langid.py): 97 % right on our own sentences in fifteen
languages. What it is not sure of, a word or a number, has no language.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from dlfa.data.languages import language_code
from dlfa.results.embeddings import UNKNOWN

__all__ = ["guessed_languages", "guessed_together"]

SURE = 0.15  # the share of the likeliest of 140 languages; "Bonjour" has it, "Hello" not
LIKELIER = 5  # times: few letters alone tell Russian from Belarusian
COMMON = 0.1  # of a file's sentences: whose languages are expected of its others
WORDLESS = "zxx"  # ISO 639-2: no linguistic content


def guessed_languages(texts: Sequence[str], expected: Collection[str] = ()) -> list[str]:
    """Return an ISO 639 code for each text, `UNKNOWN` where nothing could be guessed.

    Args:
        texts: sentences.
        expected: languages that are `LIKELIER` than any other before a letter is read.
    """
    return [_guess(text, expected) for text in texts]


def guessed_together(texts: Sequence[str]) -> list[str]:
    """Return `guessed_languages` of texts of one source: its common languages are expected.

    Args:
        texts: sentences, none of a language that somebody has said.
    """
    first = guessed_languages(texts)
    counts = Counter(code for code in first if code != UNKNOWN)
    common = {code for code, count in counts.items() if count >= COMMON * len(texts)}
    return [
        code if code in common else _guess(text, common)
        for text, code in zip(texts, first, strict=True)
    ]


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
