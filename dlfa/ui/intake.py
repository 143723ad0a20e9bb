"""Pairs come in: pasted, from a file, or the built-in examples."""

from collections.abc import Callable, Sequence

import streamlit as st

from dlfa.data.tables import Table, decoded, parse
from dlfa.errors import DlfaError
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.ui.guard import literal
from dlfa.ui.pairs import built_in, can_undo, known_pairs, put_pairs, undo

__all__ = ["intake"]

TYPES = ("tsv", "csv", "txt")
SHOWN = 5  # labels that are none, named one by one

_PASTED = "pasted"
_NOTES = "pairs_notes"  # what was to be said about the last table that came in


def intake(labels: Sequence[str]) -> None:
    """Show the ways in which pairs come into the table, and what there was to say about the last.

    Args:
        labels: the task's label keys.
    """
    with st.container(horizontal=True):
        with st.popover(_("predict.intake.open"), icon=":material/content_paste:"):
            _paste(labels)
            _upload(labels)
        _button("examples", "dataset", lambda: put_pairs(built_in()))
        _button("empty", "delete", lambda: put_pairs([]))
        if can_undo():
            _button("undo", "undo", undo)
    for key, params in st.session_state.get(_NOTES, ()):
        st.warning(_(key, **params), icon=":material/info:")


def _button(name: str, icon: str, act: Callable[[], None]) -> None:
    def clicked() -> None:
        st.session_state.pop(_NOTES, None)
        act()

    words = _(f"predict.intake.{name}")
    st.button(words, key=f"intake-{name}", icon=f":material/{icon}:", on_click=clicked)


def _paste(labels: Sequence[str]) -> None:
    st.text_area(
        _("predict.intake.paste"),
        key=_PASTED,
        height=140,
        max_chars=policy().max_upload_bytes,  # the browser takes no longer text, without a word
        help=_("predict.intake.help", most=policy().max_pairs, limit=_limit()),
        persist_state="session",
    )
    with st.container(horizontal=True):
        for name, below in (("replace", False), ("add", True)):
            st.button(
                _(f"predict.intake.{name}"),
                key=f"intake-{name}",
                on_click=_take_pasted,
                args=(labels, below),
            )


def _limit() -> str:
    return f"{policy().max_upload_bytes:,}"


def _upload(labels: Sequence[str]) -> None:
    st.file_uploader(
        _("predict.intake.file"),
        type=TYPES,
        key="pairs-file",
        on_change=_take_file,
        args=(labels,),
        max_upload_size=max(1, policy().max_upload_bytes // 1_000_000),
    )


def _take_pasted(labels: Sequence[str], below: bool) -> None:
    _take(st.session_state.get(_PASTED) or "", labels, below=below)


def _take_file(labels: Sequence[str]) -> None:
    upload = st.session_state["pairs-file"]
    if upload is None:
        return
    try:
        text = decoded(upload.getvalue())
    except DlfaError as error:
        st.session_state[_NOTES] = [(error.key, error.params)]
    else:
        _take(text, labels, below=False)


def _take(text: str, labels: Sequence[str], *, below: bool) -> None:
    """Put a table's rows into ours; if it cannot be read, ours stays as it is."""
    kept = known_pairs() if below else []
    room = max(0, policy().max_pairs - len(kept))
    try:
        found = parse(text, labels, room)
    except DlfaError as error:
        st.session_state[_NOTES] = [(error.key, error.params)]
        return
    st.session_state[_NOTES] = _notes(found, len(kept))
    if found.rows:
        put_pairs([*kept, *found.rows])


def _notes(found: Table, before: int) -> list[tuple[str, dict[str, object]]]:
    """Return what there is to say, as message keys: they are read in the visitor's language."""
    notes: list[tuple[str, dict[str, object]]] = []
    if not found.rows and not found.left_out:
        notes.append(("predict.intake.nothing", {"limit": _limit()}))
    if found.left_out:
        most = policy().max_pairs
        notes.append(("predict.intake.more", {"most": most, "left": found.left_out}))
    if found.unknown:
        shown = ", ".join(
            f"{before + row}: {literal(text[:20])}" for row, text in found.unknown[:SHOWN]
        )
        notes.append(("predict.intake.labels", {"count": len(found.unknown), "shown": shown}))
    return notes
