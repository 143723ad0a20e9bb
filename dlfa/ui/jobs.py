"""A run in the background, in turns with the pages: it outlives reruns and holds nobody up.

An evaluation may take minutes. It runs in a thread of its own and asks for its model's line as a
page does, one short job per turn; the page only looks how far it is. Whoever starts what is under
way already watches that; a run ends by itself soon after the last page that wanted it was closed.

Not a process of its own: the model is in memory once, for everybody; what was done lies on the disk
and survives ``kill -9``; and the command beside a run continues the same one without the app.
"""

import logging
import secrets
import time
from collections.abc import Callable, Generator, Hashable
from contextlib import AbstractContextManager, closing
from functools import partial
from threading import Lock, RLock, Thread
from typing import TYPE_CHECKING, Literal, cast

import streamlit as st
from streamlit import runtime

from dlfa.errors import BusyError, DlfaError
from dlfa.results import Evaluated
from dlfa.ui.loading import fetch
from dlfa.ui.turns import patient_turn, visitor

if TYPE_CHECKING:
    from dlfa.analysis.evaluation import Progress, Run
    from dlfa.analysis.predict import Predictor

__all__ = ["MOST", "Job", "State", "cancel", "drop", "mine", "start", "under_way", "watching"]

MOST = 4  # runs of all visitors together
AWAY = 60.0  # seconds since the last look of a page that was closed: a reload is a new session
STEP_TOKENS = 768  # sub-words of one turn: with all heads under half a second on two cores

State = Literal["preparing", "going", "stopped", "done", "failed"]
LOG = logging.getLogger(__name__)

_MINE = "job"  # in the session: its job
_TICKET = "job_ticket"  # in the session: who looks; none after a cancel
_GOING: dict[Hashable, "Job"] = {}
_LOCK = RLock()  # of the above and of all tickets, never held for long


class OverError(BaseException):
    """Nobody wants this run any more; no `Exception`, so that nothing on the way catches it."""


class Job:
    """One run on its way, and what is there of it.

    Args:
        name: of what it computes: two jobs of one name would do the same.
        model: a checkpoint's name or folder.
        begin: takes the model and returns the run, see `dlfa.analysis.evaluation.begin`.
    """

    def __init__(self, name: Hashable, model: str, begin: "Callable[[Predictor], Run]") -> None:
        self.name, self.model = name, model
        self.begin: Callable[[Predictor], Run] | None = begin
        self.state: State = "preparing"
        self.ahead = 0
        """Turns of others in front, while it waits for its own."""
        self.run: Run | None = None
        """None before it began, and once it is done: it holds the model and all examples."""
        self.digest, self.total, self.stored = "", 0, False
        """The run's name, its pairs, and whether they are kept on disk; once it began."""
        self.progress: Progress | None = None
        self.evaluation: Evaluated | None = None
        """All that is complete; grows while the run goes on."""
        self.error: DlfaError | None = None
        """Why it failed, where somebody can do something about it."""
        self.case = ""
        """Where a failure is a mistake of ours: the number under which the log has it."""
        self._seen: dict[str, tuple[float, str | None]] = {}
        self._working = Lock()

    @property
    def going(self) -> bool:
        """Whether it is under way."""
        return self.state in ("preparing", "going")

    def look(self, ticket: str, whose: str | None = None) -> None:
        """Note that somebody wants it now, and as long as their page is open.

        Args:
            ticket: theirs.
            whose: their session, see `dlfa.ui.turns.visitor`.
        """
        with _LOCK:
            self._seen[ticket] = time.monotonic(), whose

    def leave(self, ticket: str) -> None:
        """Note that somebody does not want it any more."""
        with _LOCK:
            self._seen.pop(ticket, None)

    def work(self, line: Hashable) -> None:
        """Do what is not done yet; returns when the run is done, failed, or wanted by nobody.

        Args:
            line: whose turns it takes.
        """
        with self._working:  # whoever stops and at once goes on comes after their own last thread
            try:
                self._work(line)
                self._end("done")
            except OverError:
                pass
            except DlfaError as error:
                self.error = error
                self._end("failed")
            except Exception:
                self.case = secrets.token_hex(4)
                LOG.exception("failure %s", self.case)
                self._end("failed")

    def _work(self, line: Hashable) -> None:
        predictor = fetch(self.model)
        run = self._begun(predictor)
        self._check()
        self.evaluation = run.evaluation()  # of an earlier time
        self.state = "going"
        steps = run.go(turn=partial(self._turn, line), tokens=STEP_TOKENS)
        with closing(cast("Generator[Progress]", steps)):
            for progress in steps:
                self.progress, self.ahead = progress, 0
                if progress.whole:
                    self.evaluation = run.evaluation()
                self._check()
        self.evaluation = run.evaluation()  # with what was told last, of the arithmetic

    def _begun(self, predictor: "Predictor") -> "Run":
        if self.run is None:
            assert self.begin is not None
            self.run = self.begin(predictor)
        run = self.run
        self.digest, self.total, self.stored = run.digest, run.total, run.store is not None
        return run

    def _turn(self, line: Hashable) -> AbstractContextManager[None]:
        return patient_turn(self.model, line, self._wait)

    def _wait(self, ahead: int) -> None:
        self.ahead = ahead
        self._check()

    def _check(self) -> None:
        with _LOCK:
            wanted = any(_is_there(*one) for one in self._seen.values())
            if not wanted:  # in one go: nobody joins what is about to end
                self._end("stopped")
        if not wanted:
            raise OverError

    def _end(self, state: State) -> None:
        with _LOCK:
            if state == "done":  # a session may last for hours
                self.run = self.begin = None
            self.state = state
            _GOING.pop(self.name, None)


def _is_there(seen: float, whose: str | None) -> bool:
    """Return whether a visitor looked lately, or their page is open, if only in the background."""
    if seen >= time.monotonic() - AWAY:
        return True
    return (
        whose is not None and runtime.exists() and runtime.get_instance().is_active_session(whose)
    )


def start(name: Hashable, model: str, begin: "Callable[[Predictor], Run]") -> Job:
    """Start a run for the visitor, go on with their stopped one, or join one that is under way.

    Args:
        name: of what it computes.
        model: a checkpoint's name or folder.
        begin: see `Job`.

    Raises:
        BusyError: the visitor has another run under way, or all visitors have too many.
    """
    last = mine()
    if last is not None and watching() and last.name != name:
        raise BusyError("evaluate.busy.yours")
    ticket = st.session_state.setdefault(_TICKET, secrets.token_hex(8))
    again = last is not None and last.name == name and last.state != "done"
    job = last if last is not None and again else Job(name, model, begin)
    with _LOCK:
        fresh = name not in _GOING
        if fresh and len(_GOING) >= MOST:
            raise BusyError("evaluate.busy.all", running=MOST)
        job = _GOING.setdefault(name, job)
        job.look(ticket, visitor())
        if fresh:
            job.state, job.error, job.case = "preparing", None, ""
    st.session_state[_MINE] = job
    if fresh:
        Thread(target=job.work, args=(visitor(),), name="run", daemon=True).start()
    return job


def under_way(name: Hashable) -> Job | None:
    """Return the run of this name that goes on, whoever started it: also before a page's reload."""
    return _GOING.get(name)


def mine() -> Job | None:
    """Return the visitor's run, if they started one in this session, and note that they look."""
    job: Job | None = st.session_state.get(_MINE)
    if job is not None and watching():
        job.look(st.session_state[_TICKET], visitor())
    return job


def watching() -> bool:
    """Return whether the visitor's run is under way and they have not cancelled it."""
    job: Job | None = st.session_state.get(_MINE)
    return job is not None and job.going and _TICKET in st.session_state


def cancel() -> None:
    """Take the visitor's wish for their run back; it stops unless somebody else wants it too."""
    job: Job | None = st.session_state.get(_MINE)
    ticket = st.session_state.pop(_TICKET, "")
    if job is not None:
        job.leave(ticket)


def drop() -> None:
    """Cancel the visitor's run, and forget it and what it found."""
    cancel()
    st.session_state.pop(_MINE, None)
