"""The sentences that a visitor chose on the map, or looked for, with their true neighbours."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from dlfa.figures.spaces import space_word
from dlfa.figures.words import decimals
from dlfa.messages import _
from dlfa.results import Neighbours, SentenceSet
from dlfa.ui import address, inputs, saving
from dlfa.ui.embeddings.layout import named_spaces, names_of
from dlfa.ui.formats import Cell

__all__ = ["chosen_rows", "show_selected", "take_choice"]

FIGURE = "figure-map"
MOST = 200  # rows of the table
_CHOSEN = "chosen_sentences"  # in the session: the set's digest, and rows of it


def take_choice(digest: str) -> None:
    """Keep which sentences were clicked or drawn around; in a callback.

    Args:
        digest: of the sentences on the map.
    """
    points = st.session_state[FIGURE]["selection"]["points"]
    rows = [int(point["customdata"][0]) for point in points if point.get("customdata")]
    st.session_state[_CHOSEN] = digest, tuple(sorted(set(rows)))


def chosen_rows(sentences: SentenceSet) -> tuple[int, ...]:
    """Return the rows that are chosen on the map of these sentences."""
    digest, rows = st.session_state.get(_CHOSEN, ("", ()))
    return tuple(rows) if digest == sentences.digest else ()


def show_selected(
    sentences: SentenceSet,
    spaces: Sequence[str],
    neighbours: Neighbours | None,
    typed: Sequence[int],
) -> None:
    """Show the chosen sentences and their neighbours in the full space of one layer.

    Args:
        sentences: on the map.
        spaces: of the map.
        neighbours: of the sentences; None while they are not there.
        typed: rows of the visitor's own.
    """
    st.subheader(_("embeddings.selected"), anchor=False)
    left, right = st.columns([2, 1])
    with left:
        wanted = _sought()
    with right:
        space = inputs.pick("space", named_spaces(spaces), _("embeddings.selected.space"))
    rows = _found(sentences, wanted) if wanted else (*typed, *chosen_rows(sentences))
    rows = tuple(dict.fromkeys(rows))
    if not rows:
        key = "embeddings.selected.nothing" if wanted else "embeddings.selected.how"
        st.caption(_(key))
        return
    if rows[MOST:]:
        st.caption(_("embeddings.selected.more", most=MOST, all=f"{len(rows):,}"))
    table = _table(sentences, rows[:MOST], neighbours, space)
    st.dataframe(
        pd.DataFrame(table, dtype="string"),
        key="selected",
        hide_index=True,
        column_config={name: _(f"embeddings.column.{name}") for name in table[0]},
        alt=_("embeddings.selected.alt", rows=len(table), space=space_word(space)),
    )
    saving.save_table("sentences", partial(_table, sentences, rows, neighbours, space))


def _sought() -> str:
    return str(
        st.text_input(
            _("embeddings.selected.find"),
            address.text("find"),
            key="find",
            help=_("embeddings.selected.find.help"),
            persist_state="session",
        )
        or ""
    ).strip()


def _found(sentences: SentenceSet, wanted: str) -> tuple[int, ...]:
    folded = wanted.casefold()
    return tuple(row for row, text in enumerate(sentences.texts) if folded in text.casefold())


def _table(
    sentences: SentenceSet, rows: Sequence[int], neighbours: Neighbours | None, space: str
) -> list[dict[str, Cell]]:
    names = names_of(sentences)
    return [
        {
            "language": names[str(sentences.languages[row])],
            "text": sentences.texts[row],
            **(_near(sentences, row, neighbours, space, names) if neighbours else {}),
        }
        for row in rows
    ]


def _near(
    sentences: SentenceSet, row: int, near: Neighbours, space: str, names: dict[str, str]
) -> dict[str, Cell]:
    at = near.spaces.index(space)
    said: dict[str, Cell] = {}
    for place, other in enumerate(near.rows[at, row].tolist(), start=1):
        cosine = decimals(float(near.similarity[at, row, place - 1]), 3)
        name = names[str(sentences.languages[other])]
        said[f"near{place}"] = f"{cosine} · {name} · {sentences.texts[other]}"
    return said
