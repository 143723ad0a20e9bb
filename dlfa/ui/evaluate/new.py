"""A new run: what it would take, the button that starts it, and what is there of it."""

from collections.abc import Hashable
from functools import partial

import streamlit as st

from dlfa.errors import BusyError
from dlfa.messages import _
from dlfa.ui import jobs
from dlfa.ui.evaluate.finished import data_words, some_words
from dlfa.ui.evaluate.forecast import few, foresee
from dlfa.ui.evaluate.form import Asked, ask, hold
from dlfa.ui.evaluate.live import outcome, watch
from dlfa.ui.evaluate.request import ALL
from dlfa.ui.evaluate.shown import Shown
from dlfa.ui.guard import guarded, literal
from dlfa.ui.jobs import Job
from dlfa.ui.loading import known
from dlfa.ui.task import any_task_of

__all__ = ["new_run"]

NAME = 60  # characters of a file's name in a title

_ASKED = "asked_run"  # in the session: what its job does
_REFUSED = "refused_run"  # until the page has told why


def new_run(model: str) -> Shown | None:
    """Show the settings, or the run that goes on; return what is there of the last one, if any.

    Args:
        model: a checkpoint's name or folder.
    """
    if jobs.watching():
        hold(model)
        st.markdown(_title(st.session_state[_ASKED]))
        watch()
        return None
    job = jobs.mine()
    unfinished = job is None or job.state != "done"
    with st.expander(_("evaluate.settings"), expanded=unfinished, icon=":material/tune:"):
        asked = _form(model)
    if job is None:
        st.session_state.pop(_ASKED, None)  # with own data's texts
        return None
    last: Asked = st.session_state[_ASKED]
    if asked is None or asked.request != last.request:
        st.info(_("evaluate.earlier"), icon=":material/history:")
    st.markdown(_title(last))
    outcome(job)
    return _shown(model, job, last)


@guarded()
def _form(model: str) -> Asked | None:
    asked = ask(model)
    if asked is not None:
        _start(asked)
    return asked


def _start(asked: Asked) -> None:
    """Offer to start the run, to go on with it, or to watch it; then say what it would take."""
    some, last = few(asked), jobs.mine()
    name = known(asked.request.model).source, asked.request
    stopped = last if last is not None and last.name == name and last.state != "done" else None
    kept = len(stopped.evaluation.ids) if stopped and stopped.evaluation else 0
    going = jobs.under_way(name)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _start_words(going, stopped),
            key="start-run",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_begin,
            args=(asked, name),
        )
        place = st.empty()
    if (refused := st.session_state.pop(_REFUSED, None)) is not None:
        st.error(literal(str(refused)), icon=":material/error:")
    if going is None:
        place.caption(foresee(asked, some, kept), width="stretch")


def _start_words(going: Job | None, stopped: Job | None) -> str:
    if stopped is not None:
        return _("evaluate.resume")
    if going is None:
        return _("evaluate.start")
    step = going.progress
    if step is None:
        return _("evaluate.watch.preparing")
    return _("evaluate.watch", answered=f"{step.answered:,}", total=f"{step.total:,}")


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
    parts = [_data(asked)]
    if request.languages != (ALL,):
        parts.append(some_words("languages", request.languages))
    if request.heads != (ALL,):
        parts.append(some_words("heads", request.heads))
    return _("evaluate.going", data=" · ".join(parts), model=request.model)


def _data(asked: Asked) -> str:
    request = asked.request
    settings = {"split": request.split, "limit": request.limit, "sampling_seed": request.seed}
    settings["task"] = any_task_of(request.model).key
    words = data_words(settings)
    return f"{words}: {literal(asked.file[:NAME])}" if asked.file else words


def _shown(model: str, job: Job, asked: Asked) -> Shown | None:
    if job.evaluation is None:
        return None
    request, found = asked.request, job.evaluation
    own = {(pair.id, pair.language): pair.pair for pair in asked.own or ()}
    return Shown(
        model=model,
        key=(job.digest, len(found.ids)),
        title=_title(asked),
        evaluation=found,
        command=asked.code or request.command(str(found.settings["task"])),
        language="python" if asked.code else "bash",
        own=own,
    )
