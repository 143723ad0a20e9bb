"""What pages ask for by name and text: each answer is computed once and then kept.

What is kept is shared by all visitors and read-only, and every cache is bounded: results in
`dlfa.ui.store`, models in `dlfa.ui.loading`; there are no others. An answer that is known comes at
once; one that has to be computed waits in its model's line, a long one as a row of short jobs
(`in_steps`).
"""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlfa.data.languages import language
from dlfa.data.sources import OwnItem, own_items
from dlfa.policy import policy
from dlfa.results import GateSweep, Prediction
from dlfa.ui.loading import CHECKPOINTS, known, loaded
from dlfa.ui.store import ANSWERS, GATES
from dlfa.ui.turns import in_steps, in_turn, turn

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor, SentencePair

__all__ = [
    "examples",
    "gates",
    "in_steps",
    "in_turn",
    "model_names",
    "predictions",
    "translations",
]

FIRST_PORTION = 128  # sub-words of a visitor's first job, before anything is known of their cost
BYTES = 3  # of a text per sub-word, about: in UTF-8 that holds from English to Chinese
FEW = 20  # pairs: fewer are there before a bar would say anything
GOAL = 0.3  # seconds that a portion of pairs should take: within the half second of a turn


def model_names() -> tuple[str, ...]:
    """Return the trained models in the repository, without importing torch to find out."""
    return tuple(sorted(path.parent.name for path in CHECKPOINTS.glob("*/heads.safetensors")))


def examples() -> tuple[OwnItem, ...]:
    """Return our own parallel sentence pairs; none if their file is missing."""
    try:
        return own_items()
    except FileNotFoundError:
        return ()


def predictions(model: str, pairs: Sequence["SentencePair"]) -> list[tuple[Prediction, ...]]:
    """Return every head's answer for every pair; many pairs in portions, with a bar that grows.

    Each pair is kept by itself: whoever changes one of 200 waits for one.

    Raises:
        DlfaError: see `dlfa.analysis.predict`; BusyError if the line is too long.
    """
    wanted = _checked(model, pairs)
    place = st.empty()  # there in any case, so that nothing below it moves
    source = known(model, place).source
    found = {pair: ANSWERS.get((source, pair)) for pair in wanted}
    missing = [pair for pair, answer in found.items() if answer is None]
    if missing:
        missing.sort(key=_size, reverse=True)  # later portions are quicker
        for answers in _portions(model, missing, place):
            for pair, answer in answers.items():
                ANSWERS.put((source, pair), answer)
            found |= answers
        place.empty()
    return [found[pair] for pair in wanted]


def _portions(
    model: str, missing: Sequence["SentencePair"], place: DeltaGenerator
) -> Iterator[dict["SentencePair", tuple[Prediction, ...]]]:
    """Yield answers, as many at a time as this device gives in one turn.

    Args:
        model: a checkpoint's name or folder.
        missing: pairs, longest first.
        place: where the bar grows.
    """
    predictor = loaded(model, place)
    at, budget = 0, FIRST_PORTION
    while at < len(missing):
        each = _size(missing[at])
        portion = missing[at : at + max(1, budget // each)]
        done = at / len(missing) if len(missing) > FEW else None
        with turn(model, place, done, admitted=at > 0):
            began = time.monotonic()
            answers = predictor.predict(portion)
            took = max(time.monotonic() - began, 1e-3)
        yield dict(zip(portion, answers, strict=True))
        at += len(portion)
        spent = each * len(portion)
        budget = min(2 * spent, int(spent * GOAL / took))


def _size(pair: "SentencePair") -> int:
    """Return about how many sub-words a pair has, without a tokenizer."""
    return min(policy().max_tokens, sum(len(text.encode()) // BYTES + 2 for text in pair))


def translations(model: str, item: str, heads: Sequence[str]) -> dict[str, tuple[Prediction, ...]]:
    """Return the chosen heads' answers for one example in all its languages, by language code.

    Raises:
        DlfaError: see `predictions`.
    """
    texts = next(example.text for example in examples() if example.id == item)
    codes = sorted(texts, key=lambda code: (code != "en", language(code).name))
    answers = predictions(model, [texts[code] for code in codes])
    return {
        code: tuple(answer for answer in row if answer.head in heads)
        for code, row in zip(codes, answers, strict=True)
    }


def gates(model: str, pair: "SentencePair") -> GateSweep:
    """Return every fusion head's gate for one pair, from one encoder pass.

    Raises:
        DlfaError: see `dlfa.analysis.gates`; BusyError if the line is too long.
    """
    (wanted,) = _checked(model, [pair])

    def sweep(predictor: "Predictor") -> GateSweep:
        from dlfa.analysis.gates import gate_sweep

        return gate_sweep(predictor, wanted)

    return in_turn(model, wanted, sweep, GATES)


def _checked(model: str, pairs: Sequence["SentencePair"]) -> tuple["SentencePair", ...]:
    """Know the model and check the texts, before either becomes a key."""
    known(model)
    from dlfa.data.texts import check_text

    return tuple((check_text(first), check_text(second)) for first, second in pairs)
