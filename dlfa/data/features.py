"""What an example has in it that a model may lean on: shared words, a negation."""

import regex

from dlfa.data.words import word_spans

__all__ = ["negated", "word_overlap"]

DOTTED = str.maketrans({"I": "ı", "İ": "i"})  # the two letters that casefolding takes for one
TURKIC = frozenset({"az", "tr"})
LETTERS = regex.compile(r"\w", regex.VERSION1)
NEGATIONS = regex.compile(
    r"""\b(?:
        no(?!\.\s*\d)                                    # but “No. 5” is a number
      | not | never | nobody | nothing | nowhere | none | neither | nor | without | cannot
      | \w+n['’]t                                        # isn't
      | (?:ai|are|ca|could|did|do|does|had|has|have|is|should|was|were|wo|would)nt  # isnt
    )\b""",
    regex.VERSION1 | regex.VERBOSE | regex.IGNORECASE,
)


def word_overlap(premise: str, hypothesis: str, language: str = "und") -> float:
    """Return which share of the hypothesis' words is in the premise too, in [0, 1].

    Case and punctuation count nothing; each occurrence of a word counts. Words are what
    `dlfa.data.words` finds: in Chinese, Japanese and Thai, which write none apart, they are the
    pieces of BudouX, longer than a dictionary's, so compare languages with care.

    Args:
        premise: in which the words are looked for.
        hypothesis: whose words are looked for; without any the share is NaN.
        language: its ISO 639-1 code: case is another thing in Turkish.
    """
    wanted = _words(hypothesis, language)
    known = set(_words(premise, language))
    return sum(word in known for word in wanted) / len(wanted) if wanted else float("nan")


def _words(text: str, language: str) -> list[str]:
    folded = (text.translate(DOTTED) if language in TURKIC else text).casefold()
    words = (folded[start:end] for start, end in word_spans(folded))
    return [word for word in words if LETTERS.search(word)]


def negated(english: str) -> bool:
    """Return whether an English text holds a word that negates: no, not, isn't, never, nobody ...

    Words only: what a prefix (impossible) or a verb (fail to) negates is not found.
    """
    return NEGATIONS.search(english) is not None
