"""Taking a view along: the link, and the session file for what a link cannot carry."""

import streamlit as st

from dlfa.data.tasks import TASKS
from dlfa.errors import DlfaError
from dlfa.messages import LANGUAGES, _
from dlfa.policy import policy
from dlfa.ui import address, words
from dlfa.ui.cache import examples
from dlfa.ui.deferred import on_behalf
from dlfa.ui.guard import literal
from dlfa.ui.link import copy_link
from dlfa.ui.session import session
from dlfa.ui.session_file import MOST_PAIRS, SessionFile, pack, unpack

__all__ = ["PAIRS", "restore", "share", "snapshot", "too_long"]

FILE = "dlfa-session.json"
FIELDS = ("premise", "hypothesis")
PAIRS = "pairs"  # in the session: the table of many pairs, rows of texts

_OPENED = "sessions_opened"  # how many files were opened: each gets a fresh uploader
_OUTCOME = "session_outcome"  # of opening a file: None, or the error
_EXPECTED = "session_checkpoint"  # of the file that was opened, until a model has answered


def share(*, complete: bool) -> None:
    """Show the ways to take this view along, and to open one that was saved.

    Args:
        complete: whether the address says all that the page's widgets hold.
    """
    copy_link(complete=complete and not _has_own_pairs())
    with st.popover(_("ui.session"), icon=":material/folder_open:", width="stretch"):
        st.caption(_("ui.session.what"))
        _save("session-save")
        _uploader()
    _say_how_it_went()
    _compare()


def too_long() -> None:
    """Say that the address does not say it all, and offer the file that does."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("ui.address.long"))
        _save("session-save-long")


def snapshot() -> SessionFile:
    """Return everything that the visitor has now."""
    state, made = st.session_state, session().provenance
    texts = [state.get(name) for name in FIELDS]
    return SessionFile(
        page=address.here(),
        checkpoint=made.checkpoint if made else "",
        state=address.present(),
        texts=None if None in texts else (str(texts[0]), str(texts[1])),
        pairs=[list(row) for row in state.get(PAIRS) or ()][:MOST_PAIRS],
    )


def restore(found: SessionFile, ignored: tuple[str, ...]) -> None:
    """Bring back what a session file says; what it does not say stays as it is."""
    state = st.session_state
    words.hold()
    pages = {"page": [found.page]} if found.page else {}
    address.bring(found.state | pages, ignored)
    if found.texts is not None:
        state.update(zip(FIELDS, found.texts, strict=True))
    if found.pairs:
        state[PAIRS] = found.pairs
    match found.state.get(words.KEY):
        case [language] if language in LANGUAGES:  # before the first word of the page
            state[words.KEY] = language
    state[_EXPECTED] = found.checkpoint


def _has_own_pairs() -> bool:
    """Return whether the table holds anything but the built-in examples."""
    rows = st.session_state.get(PAIRS) or ()
    ours = [item for task in TASKS for item in examples(task)] if rows else []
    known = {pair for item in ours for pair in item.text.values()}
    return any(tuple(row[:2]) not in known for row in rows)


def _save(key: str) -> None:
    try:
        pack(snapshot())
    except DlfaError as error:  # said now: while downloading, Streamlit has no place for it
        st.caption(literal(str(error)))
        return
    st.download_button(
        _("ui.session.save"),
        data=on_behalf(lambda: pack(snapshot())),
        file_name=FILE,
        mime="application/json",
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


def _uploader() -> None:
    opened = st.session_state.get(_OPENED, 0)
    key = f"session-open-{opened}"
    st.file_uploader(
        _("ui.session.open"),
        type="json",
        key=key,
        on_change=_open,
        args=[key],
        max_upload_size=max(1, policy().max_upload_bytes // 1_000_000),
    )


def _open(key: str) -> None:
    upload = st.session_state[key]
    if upload is None:
        return
    st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1
    try:
        restore(*unpack(upload.getvalue()))
        st.session_state[_OUTCOME] = None
    except DlfaError as error:
        st.session_state[_OUTCOME] = error


def _say_how_it_went() -> None:
    """Say, once, what became of the file: at the end of the page to which it may have led."""
    if _OUTCOME not in st.session_state:
        return
    failed = st.session_state.pop(_OUTCOME)
    if failed is None:
        st.toast(_("ui.session.opened"), icon=":material/check:")
    else:
        st.error(literal(str(failed)), icon=":material/error:")


def _compare() -> None:
    """Say, once, if the numbers cannot be those of the file that was opened."""
    made, expected = session().provenance, st.session_state.get(_EXPECTED)
    if made is not None and expected:
        del st.session_state[_EXPECTED]
        if made.checkpoint != expected:
            st.warning(_("ui.session.other_model"), icon=":material/difference:")
