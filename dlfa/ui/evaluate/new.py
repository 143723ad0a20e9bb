"""A new run: what it would take, the button that starts it, and what is there of it."""

from collections.abc import Hashable
from functools import partial

import streamlit as st

from dlfa.errors import BusyError
from dlfa.messages import _
from dlfa.ui import jobs
from dlfa.ui.evaluate.finished import data_words
from dlfa.ui.evaluate.forecast import foresee
from dlfa.ui.evaluate.form import Asked, ask
from dlfa.ui.evaluate.live import outcome, watch
from dlfa.ui.evaluate.shown import Shown
from dlfa.ui.guard import guarded
from dlfa.ui.jobs import Job
from dlfa.ui.loading import known

__all__ = ["new_run"]

_ASKED = "asked_run"  # in the session: what its job does
_REFUSED = "refused_run"  # until the page has told why


def new_run(model: str) -> Shown | None:
    """Show the settings, or the run that goes on; return what is there of the last one, if any.

    Args:
        model: a checkpoint's name or folder.
    """
    if jobs.watching():
        st.markdown(_title(st.session_state[_ASKED]))
        watch()
        return None
    job = jobs.mine()
    unfinished = job is None or job.state != "done"
    with st.expander(_("evaluate.settings"), expanded=unfinished, icon=":material/tune:"):
        _form(model)
    if job is None:
        return None
    st.markdown(_title(st.session_state[_ASKED]))
    outcome(job)
    return _shown(model, job, st.session_state[_ASKED])


@guarded()
def _form(model: str) -> None:
    asked = ask(model)
    if asked is not None:
        _start(asked)


def _start(asked: Asked) -> None:
    """Say what the run would take, and offer to start it, or to go on with it."""
    model = asked.request.model
    name, last = (known(model).source, asked.request), jobs.mine()
    stopped = last if last is not None and last.name == name and last.state != "done" else None
    kept = len(stopped.evaluation.ids) if stopped and stopped.evaluation else 0
    found = foresee(asked)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("evaluate.resume" if stopped else "evaluate.start"),
            key="start-run",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_begin,
            args=(asked, name),
        )
        st.caption(found.words(kept), width="stretch")
    if (refused := st.session_state.pop(_REFUSED, None)) is not None:
        raise refused


def _begin(asked: Asked, name: Hashable) -> None:
    """Start a run, in a callback; a refusal is told by the page."""
    request = asked.request
    try:
        jobs.start(name, request.model, partial(request.begin, own=asked.own))
    except BusyError as error:
        st.session_state[_REFUSED] = error
    else:
        st.session_state[_ASKED] = asked


def _title(asked: Asked) -> str:
    request = asked.request
    settings = {"split": request.split, "limit": request.limit, "sampling_seed": request.seed}
    return _("evaluate.going", data=data_words(settings), model=request.model)


def _shown(model: str, job: Job, asked: Asked) -> Shown | None:
    if job.evaluation is None or job.run is None:
        return None
    request, found = asked.request, job.evaluation
    own = {(pair.id, pair.language): pair.pair for pair in asked.own or ()}
    return Shown(
        model=model,
        key=(job.run.digest, len(found.ids)),
        title=_title(asked),
        evaluation=found,
        command=asked.code or request.command(str(found.settings["task"])),
        language="python" if asked.code else "bash",
        own=own,
    )
