"""Which column of a visitor's file is what, and which label its labels mean."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlfa.data.columns import NONE, OPTIONAL, REQUIRED, UNKNOWN, Columns, guessed, is_headed, names
from dlfa.data.languages import language
from dlfa.data.own import LEFT_OUT
from dlfa.data.sheets import Sheet
from dlfa.data.tables import label_words
from dlfa.data.tasks import TASKS
from dlfa.figures.words import label_word
from dlfa.messages import _
from dlfa.ui.guard import literal

__all__ = ["choose_columns", "choose_means"]

ACROSS = 4  # fields in a row
MOST_LABELS = 12  # a column with more different values holds no labels
SHOWN = 30  # characters of a label


def choose_columns(sheet: Sheet, number: int) -> Columns | None:
    """Show which column is what, filled in with a guess, and return what is chosen.

    None, with a sentence, while a part that is needed has no column, or two have the same.

    Args:
        sheet: the file.
        number: how many files there were: each has its own widgets.
    """
    headed = bool(sheet.keys) or st.toggle(
        _("evaluate.own.headed"),
        value=is_headed(sheet),
        key=f"own-headed-{number}",
        persist_state="session",
    )
    guess, known = guessed(sheet, headed=headed), names(sheet, headed=headed)
    found = {
        part: _column(place, part, options, getattr(guess, part), number)
        for parts, options in ((REQUIRED, known), (OPTIONAL, (NONE, *known)))
        for place, part in zip(st.columns(len(parts)), parts, strict=True)
    }
    code = UNKNOWN if found["language"] else _code(number)
    needed = [found[part] for part in REQUIRED]
    if "" in needed or len(set(needed)) < len(needed):
        words = _("evaluate.own.column.missing" if "" in needed else "evaluate.own.column.twice")
        st.warning(words, icon=":material/view_column:")
        return None
    return Columns(**found, code=code, headed=headed)


def _column(
    place: DeltaGenerator, part: str, options: Sequence[str], guess: str, number: int
) -> str:
    found = place.selectbox(
        _(f"evaluate.own.column.{part}"),
        options,
        index=options.index(guess) if guess in options else None,
        format_func=lambda name: name or _("evaluate.own.column.none"),
        key=f"own-{part}-{number}",
        help=_(f"evaluate.own.help.{part}") if part in OPTIONAL else None,
        placeholder=_("evaluate.own.labels.choose"),
        persist_state="session",
    )
    return found or NONE


def _code(number: int) -> str:
    """Show which language all rows are in, where no column says so."""
    codes = (UNKNOWN, *dict.fromkeys(code for task in TASKS.values() for code in task.languages))
    words = {code: language(code).title for code in codes} | {UNKNOWN: _("evaluate.own.code.und")}
    return st.selectbox(
        _("evaluate.own.code"),
        codes,
        format_func=words.__getitem__,
        key=f"own-code-{number}",
        persist_state="session",
    )


def choose_means(
    written: Mapping[str, int], labels: Sequence[str], number: int
) -> dict[str, str] | None:
    """Show which of the model's labels each of the file's means, and return what is chosen.

    Args:
        written: the file's labels, see `dlfa.data.own.written_labels`.
        labels: the model's.
        number: as above.

    Returns:
        the meaning of each label that has one; None if the column holds no labels.
    """
    if len(written) > MOST_LABELS:
        words = _("evaluate.own.labels.many", count=f"{len(written):,}")
        st.warning(words, icon=":material/label_off:")
        return None
    st.caption(_("evaluate.own.labels"))
    places = [place for _row in range(0, len(written), ACROSS) for place in st.columns(ACROSS)]
    found: dict[str, str] = {}
    for place, (label, count) in zip(places, written.items(), strict=False):
        with place:
            meant = _meaning(label, count, labels, number)
        if meant is not None:
            found[label] = meant
    return found


def _meaning(label: str, count: int, labels: Sequence[str], number: int) -> str | None:
    options = (*labels, LEFT_OUT)
    guess = label_words(labels).get(label)
    words = _("evaluate.own.labels.one", label=literal(label[:SHOWN]), count=f"{count:,}")
    return st.selectbox(
        words,
        options,
        index=None if guess is None else options.index(guess),
        format_func=lambda key: label_word(key) if key else _("evaluate.own.labels.left_out"),
        key=f"own-label-{label}-{number}",
        placeholder=_("evaluate.own.labels.choose"),
        persist_state="session",
    )
