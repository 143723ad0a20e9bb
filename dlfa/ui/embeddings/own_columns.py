"""Which column of a visitor's file holds the sentences, their languages, and what else."""

import streamlit as st

from dlfa.data.columns import NONE, is_headed, names
from dlfa.data.languages import language
from dlfa.data.sentence_files import NAMES, SentenceColumns, guessed_columns
from dlfa.data.sheets import Sheet
from dlfa.data.tasks import TASKS
from dlfa.messages import _
from dlfa.results import UNKNOWN

__all__ = ["choose_columns"]

ID = "id"
MOST = 5_000  # rows that are looked at for a guess
MOST_GROUPS = 10  # each is kept for every row


def choose_columns(sheet: Sheet, number: int) -> SentenceColumns | None:
    """Show which column is what, filled in with a guess, and return what is chosen.

    Args:
        sheet: the file.
        number: how many files there were: each has its own widgets.

    Returns:
        the columns; None while there is none for the sentences.
    """
    headed = bool(sheet.keys) or st.toggle(
        _("evaluate.own.headed"),
        value=is_headed(sheet, NAMES),
        key=f"sentences-headed-{number}",
        persist_state="session",
    )
    guess, known = guessed_columns(sheet, headed=headed), names(sheet, headed=headed)
    left, middle, right = st.columns(3)
    with left:
        text = _column("text", known, guess.text, number)
    with middle:
        spoken = _column("language", (NONE, *known), guess.language, number)
        code = UNKNOWN if spoken else _code(number)
    with right:
        item = _column("item", (NONE, *known), guess.item or _shared(sheet, known), number)
    groups = st.multiselect(
        _("embeddings.own.column.groups"),
        known,
        default=[name for name in guess.groups if name in known][:MOST_GROUPS],
        max_selections=MOST_GROUPS,
        key=f"sentences-groups-{number}",
        help=_("embeddings.own.help.groups"),
        persist_state="session",
    )
    if not text:
        return None
    return SentenceColumns(
        text=text, language=spoken, code=code, item=item, groups=tuple(groups), headed=headed
    )


def _shared(sheet: Sheet, known: tuple[str, ...]) -> str:
    """Return a column of ids that rows share, as translations do; empty where there is none."""
    for place, name in enumerate(known):
        if name.strip().casefold() == ID:
            cells = [row[place] for row in sheet.rows[:MOST] if row and place < len(row)]
            return name if len(set(cells)) <= len(cells) / 2 else NONE
    return NONE


def _column(part: str, options: tuple[str, ...], guess: str, number: int) -> str:
    found = st.selectbox(
        _(f"embeddings.own.column.{part}"),
        options,
        index=options.index(guess) if guess in options else 0,
        format_func=lambda name: name or _("evaluate.own.column.none"),
        key=f"sentences-{part}-{number}",
        help=_(f"embeddings.own.help.{part}"),
        persist_state="session",
    )
    return str(found)


def _code(number: int) -> str:
    """Show which language all rows are in, where no column says so."""
    codes = (UNKNOWN, *dict.fromkeys(code for task in TASKS.values() for code in task.languages))
    words = {code: language(code).title for code in codes} | {UNKNOWN: _("embeddings.own.guess")}
    found = st.selectbox(
        _("evaluate.own.code"),
        codes,
        format_func=words.__getitem__,
        key=f"sentences-code-{number}",
        persist_state="session",
    )
    return str(found)
