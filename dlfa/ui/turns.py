"""The way of every computation on the screen: known already, or in its model's line, in turn."""

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING, TypeVar

import streamlit as st
from cachetools import LRUCache, cached
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dlfa.errors import BusyError, DlfaError, UnknownModelError
from dlfa.messages import _
from dlfa.ui.queue import GLANCE, Line
from dlfa.ui.session import remember
from dlfa.ui.store import STUDIES, Store

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor

__all__ = ["fetch", "in_steps", "in_turn", "loaded", "turn", "waiting"]

Part = TypeVar("Part")
Result = TypeVar("Result")

_MODELS: LRUCache[str, "Predictor"] = LRUCache(maxsize=2)
_LINES: dict[str, Line] = {}  # of models that were loaded once, so there are few
_LOADING: dict[str, str] = {}  # what is being loaded now -> the stage it is in
LOADING_PATIENCE = 120.0  # seconds: an encoder may have to come from the Hub


def in_turn(
    model: str, key: Hashable, call: Callable[["Predictor"], Result], store: Store = STUDIES
) -> Result:
    """Return what a short analysis gives: known already, or computed in the model's line.

    Args:
        model: a checkpoint's name or folder.
        key: of the result: names, texts and numbers, the analysis's own name first.
        call: takes the model; at most half a second on two cores, else see `in_steps`.
        store: where the result is kept.

    Raises:
        DlfaError: what ``call`` raises; BusyError if the line is too long.
    """
    predictor = loaded(model)
    place = st.empty()  # there in any case, so that nothing below it moves
    if (known := store.get((model, key))) is None:
        with turn(model, place):
            known = store.get((model, key))  # somebody in front may have asked for the same
            if known is None:
                known = call(predictor)
                store.put((model, key), known)
        place.empty()
    return known


def in_steps(
    model: str,
    key: Hashable,
    jobs: Callable[["Predictor"], Sequence[Callable[[], Part]]],
    gather: Callable[[list[Part]], Result],
    store: Store = STUDIES,
) -> Result:
    """Return what a long analysis gives, computed as short jobs between other visitors' jobs.

    A bar shows how far it is. Each part is kept once it is there: whoever leaves, or clicks
    elsewhere on the page, comes back to what was done; two visitors who ask for the same thing
    share the work.

    Args:
        model: a checkpoint's name or folder.
        key: of the result: names, texts and numbers, the analysis's own name first.
        jobs: takes the model and returns the jobs in order; each takes at most half a second.
        gather: takes all parts, in order, and returns the result; quick.
        store: where parts and result are kept.

    Raises:
        DlfaError: what the jobs raise; BusyError if the line is too long.
    """
    predictor = loaded(model)
    place = st.empty()  # there in any case, so that nothing below it moves
    whole = (model, key)
    if (known := store.get(whole)) is not None:
        return known
    with place, st.spinner(_("ui.working.prepare")):
        todo, parts = jobs(predictor), []
    for at, job in enumerate(todo):
        if (part := store.get((*whole, at))) is None:
            with turn(model, place, at / len(todo)):
                part = store.get((*whole, at))  # from somebody who asks for the same
                if part is None:
                    part = job()
                    store.put((*whole, at), part)
        parts.append(part)
    result = gather(parts)
    store.put(whole, result)
    for at in range(len(todo)):
        store.drop((*whole, at))
    place.empty()
    return result


def loaded(model: str) -> "Predictor":
    """Return the model, and let the side bar know where its numbers come from.

    The first visitor who asks for it sees the stages of loading.

    Raises:
        DlfaError: see `dlfa.analysis.predict.load`.
    """
    if not model:
        raise UnknownModelError("ui.model.none")
    place = st.empty()
    if model in _MODELS:
        predictor = fetch(model)
    else:
        try:
            with place.status(_("ui.model.loading")) as box:
                predictor = _watched(model, lambda stage: box.update(label=_stage(stage)))
        except DlfaError:  # the page says what is wrong
            place.empty()
            raise
    place.empty()
    remember(model, predictor.provenance)
    return predictor


def _stage(stage: str) -> str:
    return _(f"ui.model.loading.{stage}")


def _watched(model: str, tell: Callable[[str], object]) -> "Predictor":
    """Load a model, or look on while somebody else does, but not for ever."""
    deadline = time.monotonic() + LOADING_PATIENCE
    while stage := _LOADING.get(model):
        if time.monotonic() > deadline:
            raise BusyError("ui.model.slow", seconds=round(LOADING_PATIENCE))
        tell(stage)
        time.sleep(GLANCE)
    return fetch(model, tell)


@cached(_MODELS, key=lambda name, *_rest: name, condition=Condition())
def fetch(name: str, tell: Callable[[str], object] = lambda stage: None) -> "Predictor":
    """Return a model, loaded once for all visitors; who comes meanwhile waits for it.

    Args:
        name: a checkpoint's name or folder.
        tell: called with the stage that begins: ``libraries``, ``encoder``, ``heads``.

    Raises:
        DlfaError: see `dlfa.analysis.predict.load`.
    """

    def begin(stage: str) -> None:
        _LOADING[name] = stage
        tell(stage)

    try:
        begin("libraries")
        from dlfa.analysis.predict import load

        return load(name, begin)
    finally:
        _LOADING.pop(name, None)


@contextmanager
def turn(model: str, place: DeltaGenerator, done: float | None = None) -> Iterator[None]:
    """Hold the visitor's turn in the model's line, and show where they are.

    Args:
        model: whose line it is.
        place: where the words appear. A script that nobody waits for any more stops there.
        done: how much of a long job is done, in [0, 1]; None for a short one.
    """

    def tell(ahead: int) -> None:
        words = _("ui.queue.place", ahead=ahead)
        if done is None:
            place.caption(words)
        else:
            place.progress(done, words)

    with _line(model).turn(tell, _visitor()):
        if done is None:
            with place, st.spinner(_("ui.working")):
                yield
        else:
            place.progress(done, _("ui.working.share", share=f"{100 * done:.0f}"))
            yield


def waiting(model: str) -> int:
    """Return how many visitors are in a model's line."""
    return _LINES[model].waiting if model in _LINES else 0


def _line(model: str) -> Line:
    return _LINES.setdefault(model, Line())


def _visitor() -> str | None:
    here = get_script_run_ctx(suppress_warning=True)
    return here.session_id if here else None
