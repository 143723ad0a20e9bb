"""A new run: what it would take, and the button that starts it."""

from functools import partial

import streamlit as st

from dlfa.errors import DlfaError
from dlfa.messages import _
from dlfa.ui.guard import guarded, literal
from dlfa.ui.train.asked import Asked
from dlfa.ui.train.foreseen import foresee
from dlfa.ui.train.form import ask
from dlfa.ui.train.material import tell_missing
from dlfa.ui.train.runs import launch, named, runs

__all__ = ["new_run", "reopen"]

_REFUSED = "refused_training"  # until the page has told why


@guarded()
def new_run(*, allowed: bool) -> None:
    """Show the choices, the command, and where this instance trains, the way to start it.

    Args:
        allowed: whether visitors of this instance may train.
    """
    asked = ask()
    out = str(named(asked.title))
    st.code(asked.command(out), language="bash", wrap_lines=True)
    if not allowed:
        st.info(_("train.public"), icon=":material/public:")
        return
    tell_missing(asked)
    with guarded():
        foresee(asked)
    going = [run for run in runs() if run.under_way]
    beside = bool(going) and st.checkbox(
        _("train.beside", name=literal(going[0].name)), key="beside", help=_("train.beside.help")
    )
    st.button(
        _("train.start"),
        key="start-training",
        type="primary",
        icon=":material/play_arrow:",
        disabled=bool(going) and not beside,
        on_click=partial(_start, asked, beside=beside),
    )
    if refused := st.session_state.pop(_REFUSED, ""):
        st.error(literal(refused), icon=":material/error:")


def _start(asked: Asked, *, beside: bool) -> None:
    folder = named(asked.title)
    reopen(asked.arguments(str(folder.absolute())), folder.name, beside=beside)


def reopen(arguments: list[str], name: str, *, beside: bool = False) -> None:
    """Start a run, or go on with one, in a callback; the page tells what is in the way.

    Args:
        arguments: of its command.
        name: the run's.
        beside: also while another one is under way.
    """
    from dlfa.data.folders import runs_folder

    try:
        launch(arguments, runs_folder() / name, beside=beside)
    except DlfaError as error:
        st.session_state[_REFUSED] = str(error)
