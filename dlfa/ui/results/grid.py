"""A table on the page: whoever clicks a number sees below what is behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from dlfa import figures
from dlfa.figures.tables import Row
from dlfa.messages import _
from dlfa.results import AVERAGE, Measured
from dlfa.ui import saving
from dlfa.ui.results.columns import Columns

__all__ = ["Cells", "Place", "measured_columns", "percent", "show_grid"]

MODES = ("single-cell", "single-row")  # what can be chosen in a table
NAME = "name"  # of the first column
WIDTHS = {"published": 128, "measured": 128, "difference": 172}  # px
MARGIN, CHARACTER = 20, 7  # px of a title: both sides, each letter


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a number is of, for the choices below the table: only what a click says."""

    column: str
    """A code, unique in the table; begins with one of `WIDTHS`."""
    title: str
    about: str = ""
    """What pointing at the title tells."""
    sets: Mapping[str, str] = field(default_factory=dict)
    """Widgets below, and what a click on one of its numbers makes them hold."""


Cells = Mapping[str, Sequence[str]]
"""Texts by column."""


def show_grid(
    key: str,
    names: Mapping[str, str],
    places: Sequence[Place],
    cells: Cells,
    *,
    title: str,
    caption: str,
    alt: str,
    rows: Sequence[Row],
    sets: str = "head",
) -> None:
    """Show a table; a click on a number, or a row's box, chooses what is looked at below.

    Args:
        key: unique on the page, and the name of files.
        names: the rows by code.
        places: the columns.
        cells: of each column, a text per row.
        title: over the names.
        caption: what one sees.
        alt: the table in words.
        rows: for files.
        sets: the widget that a row's code goes to; empty where nothing can be chosen.
    """
    codes = list(names)

    def clicked() -> None:
        chosen = st.session_state[f"table-{key}"]["selection"]
        at = [row for row, _column in chosen["cells"]] or chosen["rows"]
        if at:
            st.session_state[sets] = codes[at[0]]
        for _row, column in chosen["cells"]:
            st.session_state.update(next((one.sets for one in places if one.column == column), {}))

    choosing: dict[str, Any] = {"on_select": clicked, "selection_mode": MODES} if sets else {}
    frame = pd.DataFrame(
        {NAME: list(names.values()), **{one.column: cells[one.column] for one in places}}
    )
    st.dataframe(
        frame,
        key=f"table-{key}",
        hide_index=True,
        height="content",
        **choosing,
        column_config={
            NAME: st.column_config.TextColumn(title, pinned=True),
            **{
                one.column: st.column_config.TextColumn(
                    one.title, help=one.about or None, width=_width(one)
                )
                for one in places
            },
        },
        placeholder="",
        alt=alt,
    )
    with st.container(horizontal=True, gap="small"):
        st.caption(caption, width="stretch")
        saving.save_table(key, rows)


def measured_columns(
    columns: Columns, found: Measured, group: str, rows: list[str], word: str
) -> Iterator[tuple[Place, list[str]]]:
    """Yield what was measured of a group of languages: the value, and its difference."""
    number, way = columns.number(found), figures.way_word(found.way)
    about = f"{way} · {figures.seeds_word(found)}"
    code = f"{found.task} {group} {found.way.key}"
    place = Place(
        column=f"measured {code}",
        title=_("results.column.measured", task=word, number=number),
        about=about,
        sets={"of": found.task, "tongue": group},
    )
    marks = figures.marks if group == AVERAGE else lambda _found, _head: ""
    values = [figures.value_word(found, group, head) for head in rows]
    signed = [f"{one} {marks(found, head)}".strip() for one, head in zip(values, rows, strict=True)]
    yield place, signed
    place = Place(
        column=f"difference {code}",
        title=_("results.column.difference", task=word, number=number),
        about=about,
        sets={"of": found.task, "tongue": group},
    )
    yield place, [figures.difference_word(found, group, head) for head in rows]


def percent(number: float | None) -> str:
    """Return a published number as it is printed; empty where there is none."""
    return "" if number is None else f"{number:.2f}"


def _width(place: Place) -> int:
    """Return a column's width: room for its numbers and for all of its title."""
    numbers = next((wide for kind, wide in WIDTHS.items() if place.column.startswith(kind)), 100)
    return max(numbers, MARGIN + CHARACTER * len(place.title))
