"""What a view has to wait for: at hand at once, or made in the background behind a bar."""

from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from dlfa.messages import _
from dlfa.ui import background
from dlfa.ui.background import Piece
from dlfa.ui.guard import guarded, literal
from dlfa.ui.store import SPACES
from dlfa.ui.turns import visitor

__all__ = ["made"]

EVERY = 0.5  # seconds between two looks
SOON = 0.8  # seconds that the page waits by itself, before a bar would say anything

_CANCELLED = "work_cancelled"  # in the session: what the visitor does not want
_FAILED = "work_failed"  # in the session: a piece whose failure is still to be told


def made(name: tuple[Hashable, ...], call: Callable[[Piece], Any], words: str) -> Any:
    """Return a result that is known or soon there; else show how far it is, with a way to cancel.

    The page runs again when it is there.

    Args:
        name: of the result: its kind first, then everything it depends on.
        call: makes it, see `dlfa.ui.background.Piece`.
        words: message key of what is being made.

    Returns:
        the result; None while it is not there.

    Raises:
        DlfaError: what ``call`` raised.
    """
    found = SPACES.get(name)
    if found is not None:
        return found
    failed = st.session_state.get(_FAILED)
    if failed is not None and failed.name == name:  # told once; whoever comes again tries again
        del st.session_state[_FAILED]
        return _outcome(failed)
    if st.session_state.get(_CANCELLED) == name:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("ui.work.cancelled", what=_(words)))
            st.button(_("ui.work.again"), key=f"again-{name[0]}", on_click=_again)
        return None
    piece = background.begin(name, call, SPACES, visitor())
    piece.over.wait(SOON)
    if not piece.over.is_set():
        _watch(piece, words)
        return None
    return _outcome(piece)


def _outcome(piece: Piece) -> Any:
    if piece.error is not None:
        raise piece.error
    if piece.case:
        st.error(_("error.unexpected", case=piece.case), icon=":material/bug_report:")
    return piece.result


def _watch(piece: Piece, words: str) -> None:
    """Show how far it is, looked at anew until it ends.

    The button stands outside of what is looked at anew: it keeps still under a finger, and runs
    the whole page, where somebody else may have waited for the same.
    """

    @st.fragment(run_every=EVERY)
    @guarded()
    def look() -> None:
        _look(piece, words)

    with st.container(horizontal=True, vertical_alignment="center"):
        look()
        st.button(
            _("ui.work.cancel"),
            key=f"cancel-{piece.name[0]}",
            icon=":material/stop_circle:",
            on_click=_cancel,
            args=(piece,),
        )


def _look(piece: Piece, words: str) -> None:
    piece.look(visitor())
    if piece.over.is_set():
        if piece.error is not None or piece.case:
            st.session_state[_FAILED] = piece
        st.rerun()
    share = piece.done / piece.total if piece.total else 0.0
    told = _("ui.work", what=literal(_(words)), done=piece.done, total=piece.total or "…")
    st.progress(share, told)


def _cancel(piece: Piece) -> None:
    piece.leave(visitor())
    st.session_state[_CANCELLED] = piece.name


def _again() -> None:
    st.session_state.pop(_CANCELLED, None)
