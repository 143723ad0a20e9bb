"""The way of every computation on the screen: known already, or in its model's line, in turn."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dlfa.errors import BusyError
from dlfa.messages import _
from dlfa.ui.loading import known, loaded
from dlfa.ui.queue import Line, Tell
from dlfa.ui.store import STUDIES, Store

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor

__all__ = ["in_steps", "in_turn", "patient_turn", "stepwise", "turn", "visitor", "waiting"]

Part = TypeVar("Part")
Result = TypeVar("Result")

_LINES: dict[str, Line] = {}  # of models that were loaded once, so there are few


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
    place = st.empty()  # there in any case, so that nothing below it moves
    name = known(model, place).source, key
    if (result := store.get(name)) is None:
        predictor = loaded(model, place)
        with turn(model, place):
            result = store.get(name)  # somebody in front may have asked for the same
            if result is None:
                result = call(predictor)
                store.put(name, result)
        place.empty()
    return result


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
    place = st.empty()  # there in any case, so that nothing below it moves
    name = known(model, place).source, key
    if (result := store.get(name)) is None:
        predictor = loaded(model, place)
        with place, st.spinner(_("ui.working.prepare")):
            todo = jobs(predictor)
        result = stepwise(model, name, todo, gather, store, place)
        place.empty()
    return result


def stepwise(
    line: str,
    name: tuple[Hashable, ...],
    todo: Sequence[Callable[[], Part]],
    gather: Callable[[list[Part]], Result],
    store: Store,
    place: DeltaGenerator,
) -> Result:
    """Do what is not done yet, in turns; who was let in once is not sent away midway.

    Args:
        line: whose it is: a model's name, or what else is asked one visitor at a time.
        name: what parts and result are kept under, with a digest of what computes them.
        todo: see `in_steps`, as are the others.
        gather: takes all parts.
        store: where parts and result are kept.
        place: where the bar grows.
    """
    parts, admitted = [], False
    for at, job in enumerate(todo):
        if (part := store.get((*name, at))) is None:
            with turn(line, place, at / len(todo), admitted=admitted):
                if (result := store.get(name)) is not None:  # from somebody who asks for the same
                    return result
                part = store.get((*name, at))
                if part is None:
                    part = job()
                    store.put((*name, at), part)
            admitted = True
        parts.append(part)
    result = gather(parts)
    store.put(name, result)
    for at in range(len(todo)):
        store.drop((*name, at))
    return result


@contextmanager
def turn(
    model: str, place: DeltaGenerator, done: float | None = None, *, admitted: bool = False
) -> Iterator[None]:
    """Hold the visitor's turn in the model's line, and show where they are.

    Args:
        model: whose line it is.
        place: where the words appear. A script that nobody waits for any more stops there.
        done: how much of a long job is done, in [0, 1]; None for a short one.
        admitted: an earlier part of the same job had its turn: this one is not refused.
    """

    def tell(ahead: int) -> None:
        words = _("ui.queue.place", ahead=ahead)
        if done is None:
            place.caption(words)
        else:
            place.progress(done, words)

    with _line(model).turn(tell, visitor(), admitted=admitted):
        if done is None:
            with place, st.spinner(_("ui.working")):
                yield
        else:
            place.progress(done, _("ui.working.share", share=f"{100 * done:.0f}"))
            yield


@contextmanager
def patient_turn(model: str, whose: Hashable, tell: Tell) -> Iterator[None]:
    """Hold a turn for a job in the background: never refused, and it waits as long as it takes.

    Args:
        model: whose line it is.
        whose: the visitor for whom it runs: with their page it takes turns as one.
        tell: see `dlfa.ui.queue.Line.turn`; ends the waiting by raising.
    """
    with ExitStack() as held:
        while True:
            with suppress(BusyError):  # the turn did not come in time, but nobody sits there
                held.enter_context(_line(model).turn(tell, whose, admitted=True))
                break
        yield


def waiting(model: str) -> int:
    """Return how many visitors are in a model's line."""
    return _LINES[model].waiting if model in _LINES else 0


def _line(model: str) -> Line:
    return _LINES.setdefault(model, Line())


def visitor() -> str | None:
    """Return who sees the page that runs now; None outside of pages."""
    here = get_script_run_ctx(suppress_warning=True)
    return here.session_id if here else None
