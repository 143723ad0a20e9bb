"""Which texts a model takes, and why not the others."""

from collections import defaultdict
from collections.abc import Sequence

from dlfa.errors import TextError
from dlfa.policy import policy

__all__ = ["SentencePair", "check_text", "has_words", "sorted_out"]

SentencePair = tuple[str, str]  # premise, hypothesis


def sorted_out(pairs: Sequence[SentencePair]) -> tuple[list[int], dict[str, list[int]]]:
    """Return which pairs can be answered, and for each reason why not, which ones cannot.

    Args:
        pairs: (premise, hypothesis) texts, counted from 0.
    """
    fit: list[int] = []
    unfit: dict[str, list[int]] = defaultdict(list)
    for at, pair in enumerate(pairs):
        try:
            for text in pair:
                check_text(text)
        except TextError as error:
            unfit[str(error)].append(at)
        else:
            fit.append(at)
    return fit, unfit


def check_text(text: str) -> str:
    """Return a text fit for the model, or say what is wrong with it.

    Raises:
        TextError: empty, longer than the policy allows, or not text.
    """
    limit = policy().max_characters
    if len(text) > limit:
        raise TextError("error.text.long", found=len(text), limit=limit)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise TextError("error.text.not_text") from None
    if not has_words(text):
        raise TextError("error.text.empty")
    return text


def has_words(text: str) -> bool:
    """Return whether anything in a text can be seen."""
    return any(character.isprintable() and not character.isspace() for character in text)
