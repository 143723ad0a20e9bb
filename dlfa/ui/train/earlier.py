"""The runs on this computer: what became of each, what opens its model, how it goes on or goes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import streamlit as st
from babel.dates import format_datetime

from dlfa.data.tasks import TASKS
from dlfa.errors import DlfaError
from dlfa.figures.words import decimals
from dlfa.messages import _, spoken
from dlfa.ui import address
from dlfa.ui.guard import guarded, literal
from dlfa.ui.train.live import show_curves, show_log
from dlfa.ui.train.new import reopen
from dlfa.ui.train.runs import Run, delete, runs

__all__ = ["ended", "follow", "show_runs"]

PAGES = {"pair": ("predict", "evaluate"), "tagging": ("tag", "evaluate")}
ICONS = {
    "predict": ":material/rule:",
    "tag": ":material/label:",
    "evaluate": ":material/leaderboard:",
}
STATES = {
    "done": ":material/check_circle:",
    "stopped": ":material/pause_circle:",
    "failed": ":material/error:",
    "interrupted": ":material/bolt:",
}
PERCENT = 100

_LEAVING = "leaving_to"  # in the session: the page on which a model opens
_SEEN = "runs_under_way"  # all that this visitor has watched
_KEPT = "kept_run"  # until the page has told why it was not deleted


def follow() -> None:
    """Go where a button of the page's last run led."""
    if page := st.session_state.pop(_LEAVING, ""):
        st.switch_page(f"pages/{page}.py")


def ended(going: Sequence[str]) -> bool:
    """Return whether a run that this visitor watched is over; turn to one that has just ended.

    Args:
        going: the names of the runs under way.
    """
    state = st.session_state
    seen: dict[str, bool] = state.get(_SEEN, {})  # by name: whether it was under way last time
    for name in (name for name, went in seen.items() if went and name not in going):
        state["run"] = name
    state[_SEEN] = dict.fromkeys(seen, False) | dict.fromkeys(going, True)
    return not all(state[_SEEN].values())


def show_runs() -> None:
    """Show the runs that are over, and the chosen one from close by."""
    over = {run.name: run for run in runs() if not run.under_way}
    if kept := st.session_state.pop(_KEPT, ""):
        st.error(literal(kept), icon=":material/error:")
    if not over:
        st.caption(_("train.runs.none"))
        return
    names = list(over)
    chosen = st.selectbox(
        _("train.runs"),
        names,
        index=names.index(address.choice("run", names, names[0])),
        format_func=lambda name: _words(over[name]) if name in over else name,
        key="run",
        persist_state="session",
    )
    with guarded():
        _show(over[chosen])


def _words(run: Run) -> str:
    """Return a run in one line: name, what became of it, its best score, when."""
    parts = [run.name, _(f"train.state.{run.state}")]
    task = TASKS.get(str(run.settings.get("task")))
    score = run.training.get("validation", {}).get(f"eval_{task.chosen_by}") if task else None
    if task and score is not None:
        parts.append(_(f"train.score.{task.chosen_by}", score=decimals(PERCENT * float(score), 1)))
    moment = datetime.fromtimestamp(run.written, UTC)
    return " · ".join([*parts, format_datetime(moment, "short", locale=spoken())])


def _show(run: Run) -> None:
    with st.container(border=True):
        st.markdown(
            f"{STATES[run.state]} **{literal(run.name)}** · {_(f'train.state.{run.state}.about')}"
        )
        if run.failure:
            st.error(literal(run.failure), icon=":material/error:")
        task = TASKS.get(str(run.settings.get("task")))
        frozen = run.settings.get("recipe", {}).get("tuning") == "frozen"
        if frozen and task and task.kind == "pair":
            st.caption(_("train.frozen.weak"))
        _buttons(run)
    if run.history:
        show_curves(run)
    show_log(run)
    if run.arguments:
        with st.expander(_("train.again"), icon=":material/terminal:"):
            from dlfa.ui.commands import quoted

            words = " ".join(map(quoted, run.arguments))
            st.code(f"python -m dlfa {words}", language="bash", wrap_lines=True)


def _buttons(run: Run) -> None:
    task = TASKS.get(str(run.settings.get("task")))
    there = (run.folder / "checkpoint" / "heads.safetensors").is_file()
    with st.container(horizontal=True):
        for page in PAGES[task.kind] if task and there else ():
            words = _("train.open", page=_(f"{page}.nav"))
            leave = partial(_leave, page, run.model)
            st.button(words, key=f"open-{page}", icon=ICONS[page], on_click=leave)
        if run.arguments and run.state != "done":
            go_on = partial(reopen, run.arguments, run.name)
            st.button(_("train.resume"), key="resume", icon=":material/resume:", on_click=go_on)
        with st.popover(_("train.delete"), icon=":material/delete:", key="delete"):
            st.markdown(_("train.delete.sure", name=literal(run.name)))
            sure = partial(_delete, run)
            st.button(_("train.delete.yes"), key="delete-yes", on_click=sure)


def _leave(page: str, model: str) -> None:
    st.session_state.update({"model": model, _LEAVING: page})


def _delete(run: Run) -> None:
    try:
        delete(run)
    except DlfaError as error:
        st.session_state[_KEPT] = str(error)
    else:
        st.session_state.pop("run", None)
