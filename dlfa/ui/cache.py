"""The only caches of the app: keyed by names and texts, each of them bounded.

What is cached is shared by all visitors and read-only. An answer that is known comes at once;
one that has to be computed waits in its model's line.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from dlfa.data.languages import language
from dlfa.data.sources import OwnItem, own_items
from dlfa.errors import UnknownModelError
from dlfa.messages import _
from dlfa.results import GateSweep, Prediction
from dlfa.ui.queue import Line
from dlfa.ui.session import remember

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor, SentencePair

__all__ = ["examples", "gates", "model_names", "predictions", "translations"]

CHECKPOINTS = Path(__file__).parents[2] / "assets" / "checkpoints"
Result = TypeVar("Result")


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
    """Return every head's answer for every pair.

    Raises:
        DlfaError: see `dlfa.analysis.predict`; BusyError if the line is too long.
    """
    wanted = _checked(model, pairs)
    return _in_turn(model, lambda ready: _predictions(model, wanted, ready))


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
    return _in_turn(model, lambda ready: _gates(model, wanted, ready))


@st.cache_resource(max_entries=2, show_spinner=_("ui.model.loading"))
def _model(name: str) -> "Predictor":
    from dlfa.analysis.predict import load

    return load(name)


@st.cache_resource(max_entries=8, show_spinner=False)
def _line(name: str) -> Line:
    return Line()


@st.cache_data(max_entries=512, max_size="64MB", show_spinner=False)
def _predictions(
    name: str, pairs: tuple["SentencePair", ...], _ready: bool
) -> list[tuple[Prediction, ...]]:
    _require(_ready)
    return _model(name).predict(pairs)


@st.cache_data(max_entries=32, max_size="512MB", show_spinner=False)
def _gates(name: str, pair: "SentencePair", _ready: bool) -> GateSweep:
    from dlfa.analysis.gates import gate_sweep

    _require(_ready)
    return gate_sweep(_model(name), pair)


def _checked(model: str, pairs: Sequence["SentencePair"]) -> tuple["SentencePair", ...]:
    """Load the model and check the texts, before either becomes a cache's key."""
    if not model:
        raise UnknownModelError("ui.model.none")
    predictor = _model(model)
    remember(model, predictor.provenance)
    from dlfa.analysis.predict import check_text

    return tuple((check_text(first), check_text(second)) for first, second in pairs)


class _UnknownError(Exception):
    """Not in the cache; what Streamlit does not keep, because it is an exception."""


def _require(ready: bool) -> None:
    if not ready:
        raise _UnknownError


def _in_turn(model: str, call: Callable[[bool], Result]) -> Result:
    """Answer from the cache, else wait in the model's line and compute."""
    place = st.empty()  # there in any case, so that nothing below it moves
    try:
        return call(False)
    except _UnknownError:

        def tell(ahead: int) -> None:
            place.caption(_("ui.queue.place", ahead=ahead))

        with _line(model).turn(tell), place, st.spinner(_("ui.working")):
            return call(True)
