"""Ask a trained model for the labels of typed words, and look into its gates there.

Running text has no words of its own in training's sense: Unicode's boundaries give them
(`dlfa.data.words`), and the tokenizer gets them one by one, as in training.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from dlfa.analysis.controls import controls
from dlfa.analysis.gates import fusing, gate_on
from dlfa.analysis.predict import Predictor
from dlfa.analysis.tagging import checked_tagger, encoded, word_probabilities
from dlfa.data.collation import Features
from dlfa.data.texts import check_text
from dlfa.data.words import word_spans
from dlfa.results import Tokens
from dlfa.results.taggings import Tagging, WordGate

__all__ = ["tag", "word_gate"]


def tag(
    predictor: Predictor, texts: Sequence[str], heads: Iterable[str] | str = "all"
) -> list[Tagging]:
    """Return the heads' labels for the words of every text, in the order given.

    Args:
        predictor: a model that tags words.
        texts: running text in any language and script, a sentence each.
        heads: names such as ``("baseline", "D_8")``, or ``"all"``.

    Raises:
        WrongTaskError: the model answers sentence pairs.
        TextError: an empty or over-long text.
        UnknownHeadError: a head this model does not have.
    """
    names = checked_tagger(predictor).model.heads.choose(heads)
    spans = [word_spans(check_text(text)) for text in texts]
    features = encoded(predictor, list(map(_words, texts, spans)))
    found: dict[int, np.ndarray] = {}
    for rows, batch in predictor.batches(features):
        scores = word_probabilities(predictor, batch, [features[row] for row in rows], names)
        found |= dict(zip(rows, scores, strict=True))
    return [
        Tagging(
            text=text,
            spans=np.array(spans[row]),
            heads=names,
            labels=predictor.labels,
            probabilities=found[row],
            tokens=len(features[row]["input_ids"]),
            truncated=features[row]["truncated"],
            provenance=predictor.provenance,
        )
        for row, text in enumerate(texts)
    ]


def word_gate(predictor: Predictor, text: str, head: str) -> WordGate:
    """Return one head's gate on the words of one text, beside its controls.

    Args:
        predictor: a model that tags words.
        text: as for `tag`.
        head: one with a gate.

    Raises:
        WrongTaskError: the model answers sentence pairs.
        TextError: an empty or over-long text.
        UnknownHeadError: a head this model does not have, or one without a gate.
    """
    checked_tagger(predictor)
    fusing(predictor, (head,))
    words = _words(text, word_spans(check_text(text)))
    (features,) = encoded(predictor, [words])
    ((_, batch),) = predictor.batches([features])
    states = tuple(state.float() for state in predictor.states(batch))
    mask = batch["attention_mask"].bool()
    gate = gate_on(head, predictor.model.heads, states, controls(predictor), mask)
    return WordGate(
        tokens=_tokens(predictor, words, features), gate=gate, provenance=predictor.provenance
    )


def _words(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in spans)


def _tokens(predictor: Predictor, words: tuple[str, ...], features: Features) -> Tokens:
    """Return the model's view of one sentence of words."""
    with predictor.tokenising:
        encoding = predictor.tokenizer(
            list(words), is_split_into_words=True, truncation=True, max_length=predictor.max_tokens
        ).encodings[0]
    word = np.array([-1 if at is None else at for at in encoding.word_ids])
    return Tokens(
        pieces=tuple(encoding.tokens),
        special=word < 0,
        segment=tuple("special" if at < 0 else "premise" for at in word),
        truncated=features["truncated"],
        word=word,
        words=words,
    )
