"""What pages ask for by name and text: each answer is computed once and then kept.

What is kept is shared by all visitors and read-only, and every cache is bounded: results in
`dlfa.ui.store`, models in `dlfa.ui.loading`, encoders without heads in `dlfa.ui.raw_encoders`. An
answer that is known comes at once; one that has to be computed waits in its model's line, a long
one as a row of short jobs (`in_steps`).
"""

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlfa.data.languages import language
from dlfa.data.listed import listed
from dlfa.data.parallel import OwnItem, own_items
from dlfa.policy import policy
from dlfa.results import GateSweep, Prediction
from dlfa.results.taggings import Tagging, WordGate
from dlfa.ui.kinds import in_order
from dlfa.ui.loading import CHECKPOINTS, known, loaded
from dlfa.ui.store import ANSWERS, GATES
from dlfa.ui.task import task_of
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
    "taggings",
    "translations",
    "word_gate",
]

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")

FIRST_PORTION = 128  # sub-words of a visitor's first job, before anything is known of their cost
BYTES = 3  # of a text per sub-word, about: in UTF-8 that holds from English to Chinese
FEW = 20  # pairs: fewer are there before a bar would say anything
GOAL = 0.3  # seconds that a portion of pairs should take: within the half second of a turn


def model_names() -> tuple[str, ...]:
    """Return the trained models that are offered, without importing torch to find out.

    Those in the repository, then those that the owner listed (see `dlfa.data.listed`).
    """
    shipped = in_order(path.parent.name for path in CHECKPOINTS.glob("*/heads.safetensors"))
    return (*shipped, *listed(shipped))


def examples(task: str) -> tuple[OwnItem, ...]:
    """Return our own parallel sentence pairs for a task; none if their file is missing."""
    try:
        return own_items(task)
    except FileNotFoundError:
        return ()


def predictions(model: str, pairs: Sequence["SentencePair"]) -> list[tuple[Prediction, ...]]:
    """Return every head's answer for every pair; many pairs in portions, with a bar that grows.

    Each pair is kept by itself: whoever changes one of 200 waits for one.

    Raises:
        DlfaError: see `dlfa.analysis.predict`; BusyError if the line is too long.
    """
    return _each(model, _checked(model, pairs), lambda asked, some: asked.predict(some), _size)


def taggings(model: str, texts: Sequence[str]) -> list[Tagging]:
    """Return every head's tags for the words of every sentence, as `predictions` does for pairs.

    Raises:
        DlfaError: see `dlfa.analysis.tag`; BusyError if the line is too long.
    """
    known(model)
    from dlfa.analysis.tag import tag
    from dlfa.data.texts import check_text

    return _each(model, tuple(map(check_text, texts)), tag, lambda text: _size((text,)))


def word_gate(model: str, text: str, head: str) -> WordGate:
    """Return one head's gate on the words of one sentence, from one encoder pass.

    Raises:
        DlfaError: see `dlfa.analysis.tag`; BusyError if the line is too long.
    """

    def gate(predictor: "Predictor") -> WordGate:
        from dlfa.analysis.tag import word_gate as look

        return look(predictor, text, head)

    return in_turn(model, ("word-gate", text, head), gate, GATES)


def _each(
    model: str,
    wanted: Sequence[Question],
    ask: Callable[["Predictor", Sequence[Question]], Sequence[Answer]],
    size: Callable[[Question], int],
) -> list[Answer]:
    """Return an answer to every question, each kept by itself; new ones come in portions.

    Args:
        model: a checkpoint's name or folder.
        wanted: texts that were checked.
        ask: answers a portion, in its order.
        size: of a question, in sub-words, about.
    """
    place = st.empty()  # there in any case, so that nothing below it moves
    source = known(model, place).source
    found = {one: ANSWERS.get((source, one)) for one in wanted}
    missing = [one for one, answer in found.items() if answer is None]
    if missing:
        missing.sort(key=size, reverse=True)  # later portions are quicker
        for answers in _portions(model, missing, ask, size, place):
            for one, answer in answers.items():
                ANSWERS.put((source, one), answer)
            found |= answers
        place.empty()
    return [found[one] for one in wanted]


def _portions(
    model: str,
    missing: Sequence[Question],
    ask: Callable[["Predictor", Sequence[Question]], Sequence[Answer]],
    size: Callable[[Question], int],
    place: DeltaGenerator,
) -> Iterator[dict[Question, Answer]]:
    """Yield answers, as many at a time as this device gives in one turn.

    Args:
        model: a checkpoint's name or folder.
        missing: questions, longest first.
        ask: see `_each`.
        size: see `_each`.
        place: where the bar grows.
    """
    predictor = loaded(model, place)
    at, budget = 0, FIRST_PORTION
    while at < len(missing):
        each = size(missing[at])
        portion = missing[at : at + max(1, budget // each)]
        done = at / len(missing) if len(missing) > FEW else None
        with turn(model, place, done, admitted=at > 0):
            began = time.monotonic()
            answers = ask(predictor, portion)
            took = max(time.monotonic() - began, 1e-3)
        yield dict(zip(portion, answers, strict=True))
        at += len(portion)
        spent = each * len(portion)
        budget = min(2 * spent, int(spent * GOAL / took))


def _size(texts: Sequence[str]) -> int:
    """Return about how many sub-words a pair, or a text alone, has, without a tokenizer."""
    return min(policy().max_tokens, sum(len(text.encode()) // BYTES + 2 for text in texts))


def translations(model: str, item: str, heads: Sequence[str]) -> dict[str, tuple[Prediction, ...]]:
    """Return the chosen heads' answers for one example in all its languages, by language code.

    Raises:
        DlfaError: see `predictions`.
    """
    texts = next(example.text for example in examples(task_of(model).key) if example.id == item)
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
