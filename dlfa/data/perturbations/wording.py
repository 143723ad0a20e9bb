"""Other words: the second sentence denied, words in another order, the sentences exchanged."""

from collections.abc import Mapping

import numpy as np

from dlfa.data.perturbations.kinds import Outcome, Reason, replaced, spelled
from dlfa.data.texts import SentencePair

__all__ = ["TEMPLATES", "negated", "shuffled", "swapped"]

TEMPLATES: Mapping[str, str] = {
    "ar": "ما يلي غير صحيح: {}",
    "bg": "Следното не е вярно: {}",
    "de": "Folgendes ist nicht wahr: {}",
    "el": "Το παρακάτω δεν αληθεύει: {}",
    "en": "The following is not true: {}",
    "es": "Lo siguiente no es cierto: {}",
    "fr": "Ce qui suit n’est pas vrai : {}",
    "hi": "निम्नलिखित बात सच नहीं है: {}",
    "ja": "次のことは事実ではありません：{}",
    "ko": "다음은 사실이 아닙니다: {}",
    "ru": "Следующее не соответствует действительности: {}",
    "sw": "Jambo lifuatalo si kweli: {}",
    "th": "ข้อความต่อไปนี้ไม่เป็นความจริง: {}",
    "tr": "Aşağıdaki ifade doğru değil: {}",
    "ur": "درج ذیل بات سچ نہیں ہے: {}",
    "vi": "Điều sau đây không đúng: {}",
    "zh": "以下说法不属实：{}",
}
"""Machine-written, not checked by speakers. They deny a whole sentence, so that nothing in it has
to be found, moved or inflected."""


def negated(pair: SentencePair, language: str, generator: np.random.Generator) -> Outcome:
    """Deny the second sentence as a whole."""
    template = TEMPLATES.get(language)
    return (pair[0], template.format(pair[1])) if template else Reason.LANGUAGE


def swapped(pair: SentencePair, language: str, generator: np.random.Generator) -> Outcome:
    """Exchange premise and hypothesis."""
    return (pair[1], pair[0]) if pair[0] != pair[1] else Reason.NOTHING


def shuffled(text: str, language: str, generator: np.random.Generator) -> str | Reason:
    """Put the words into a random other order; spaces and marks stay where they are.

    In Chinese, Japanese and Thai words are the pieces that `dlfa.data.words` finds.
    """
    spans = spelled(text)
    words = [text[slice(*span)] for span in spans]
    if len(set(words)) < 2:
        return Reason.NOTHING
    moved = words
    while moved == words:
        moved = [words[at] for at in generator.permutation(len(words)).tolist()]
    return replaced(text, list(zip(spans, moved, strict=True)))
