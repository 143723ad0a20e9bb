"""The table of sentence pairs: edited in place, kept under one key of the session.

``st.session_state["pairs"]`` holds ``[premise, hypothesis]`` or ``[premise, hypothesis, label]``
per row: it is what a session file carries, and what comes back on another page or with another
model. Each task has a table of its own, for what is right for one is nothing to another. The editor
itself keeps only what was changed since it was first shown, so it starts anew from the session
wherever it lost that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from dlfa.data.tables import TableRow
from dlfa.figures.words import label_word
from dlfa.messages import _, of_task, spoken
from dlfa.policy import policy
from dlfa.ui.cache import examples
from dlfa.ui.task import page_task

__all__ = ["built_in", "can_undo", "edited_pairs", "known_pairs", "put_pairs", "undo"]

PAIRS = "pairs"
COLUMNS = ("premise", "hypothesis", "gold")
HEIGHT = 300  # px: seven rows, and the answers below stay in sight

_EDITOR = "pairs_editor"
_COUNT = "pairs_editors"  # how many there were: each has its own key
_BEFORE = "pairs_before"
_TASK = "pairs_task"  # in the session: whose table it is
_OTHERS = "pairs_others"  # and the tables of other tasks, by task

Cells = list[list[str]]


@dataclass
class Editor:
    """What the editor on the page started from."""

    base: Cells
    given: Cells
    """What it gave last: if the session holds something else, it came from elsewhere."""
    words: tuple[str, ...]
    """Language and labels: other column titles make it another editor."""
    key: str


def known_pairs() -> list[TableRow]:
    """Return the table's rows, at first the built-in examples in the language on the page."""
    return [TableRow(*row) for row in _cells()]


def built_in() -> list[TableRow]:
    """Return the built-in examples in the language on the page, or in English."""
    code, items = st.session_state.get("lang") or "en", examples(page_task().key)
    if not any(code in item.text for item in items):
        code = "en"
    return [TableRow(*item.text[code], item.label) for item in items if code in item.text]


def put_pairs(rows: Sequence[TableRow]) -> None:
    """Put rows in the place of the table, which `undo` brings back."""
    st.session_state[_BEFORE] = _cells()
    st.session_state[PAIRS] = [_written(row) for row in rows]
    st.session_state.pop(_EDITOR, None)


def can_undo() -> bool:
    """Return whether another table was there before."""
    return _BEFORE in st.session_state


def undo() -> None:
    """Bring back the table that was there before; a second time, go forward again."""
    state = st.session_state
    state[PAIRS], state[_BEFORE] = state[_BEFORE], _cells()
    state.pop(_EDITOR, None)


def edited_pairs(labels: Sequence[str]) -> list[TableRow]:
    """Show the table for editing and return its rows; blank ones at the end do not count.

    Args:
        labels: what the column of right labels may hold.
    """
    state, editor = st.session_state, _editor(labels)
    edited = st.data_editor(
        pd.DataFrame(
            editor.base,
            columns=list(COLUMNS),
            index=pd.RangeIndex(1, len(editor.base) + 1),
            dtype="string",
        ),
        key=editor.key,
        num_rows="dynamic",
        hide_index=False,
        height=HEIGHT,
        placeholder="",
        alt=_("predict.pairs.alt"),
        column_config=_columns(labels),
    )
    rows = _rows(edited)
    state[PAIRS] = editor.given = [_written(row) for row in rows]
    state[_TASK] = page_task().key, state[PAIRS]
    if state[editor.key]["deleted_rows"]:  # the rows below get new numbers
        del state[_EDITOR]
        st.rerun()
    return rows


def _rows(edited: pd.DataFrame) -> list[TableRow]:
    rows = [
        TableRow(*("" if pd.isna(cell) else str(cell) for cell in row))
        for row in edited.itertuples(index=False)
    ]
    while rows and not (rows[-1].premise.strip() or rows[-1].hypothesis.strip()):
        rows.pop()
    return rows


def _editor(labels: Sequence[str]) -> Editor:
    """Return the editor on the page, or a new one where that has lost what was typed into it."""
    state, words, cells = st.session_state, (spoken(), *labels), _cells()
    editor: Editor | None = state.get(_EDITOR)
    if editor is None or editor.key not in state or editor.words != words or editor.given != cells:
        state[_COUNT] = state.get(_COUNT, 0) + 1
        editor = Editor(_padded(cells), cells, words, f"pairs-table-{state[_COUNT]}")
        state[_EDITOR] = editor
    return editor


def _cells() -> Cells:
    """Return the session's rows; they may come from a file, and change behind the editor."""
    _change()
    if PAIRS not in st.session_state:
        st.session_state[PAIRS] = [_written(row) for row in built_in()]
    known = page_task().labels  # a file may hold labels of another task
    return [row if row[2:] == [] or row[2] in known else row[:2] for row in st.session_state[PAIRS]]


def _change() -> None:
    """Where the model was changed for one of another task, bring that task's own table.

    A table that came from elsewhere meanwhile, such as a session file's, is the new task's.
    """
    state, task = st.session_state, page_task().key
    before, left = state.get(_TASK, (task, None))
    if before != task and state.get(PAIRS) is left:
        others = state.setdefault(_OTHERS, {})
        others[before] = state.pop(PAIRS, None), state.pop(_BEFORE, None)
        for name, kept in zip((PAIRS, _BEFORE), others.pop(task, (None, None)), strict=True):
            if kept is not None:
                state[name] = kept
    state[_TASK] = task, state.get(PAIRS)


def _padded(cells: Cells) -> Cells:
    return [[*row, ""][: len(COLUMNS)] for row in cells]


def _written(row: TableRow) -> list[str]:
    return [row.premise, row.hypothesis, *([row.gold] if row.gold else [])]


def _columns(labels: Sequence[str]) -> dict[str, Any]:
    longest, task = policy().max_characters, page_task().key
    texts = {
        name: st.column_config.TextColumn(
            of_task(f"ui.pair.{name}", task), max_chars=longest, default=""
        )
        for name in ("premise", "hypothesis")
    }
    gold = st.column_config.SelectboxColumn(
        _("predict.pairs.gold"),
        options=["", *labels],
        format_func=lambda label: label_word(str(label)) if label else "",
        default="",
        width="small",
    )
    return {**texts, "gold": gold}
