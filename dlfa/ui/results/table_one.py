"""Table 1: every head's mean over the languages, task by task."""

from collections.abc import Iterator

import streamlit as st

from dlfa import figures
from dlfa.data.tasks import Task
from dlfa.figures.tables import Row
from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.results import AVERAGE, BASELINE, head_names
from dlfa.ui.results.behind import show_behind
from dlfa.ui.results.columns import Columns
from dlfa.ui.results.grid import Place, measured_columns, percent, show_grid
from dlfa.ui.results.words import chosen_head, chosen_task, task_word

__all__ = ["paper_rows", "rows_of", "show"]

LAYERS = 12


def rows_of(columns: Columns) -> dict[str, str]:
    """Return the rows by head: the baseline, then the uppermost layer first, as in the paper."""
    return paper_rows("_aff" if columns.chosen and columns.chosen[0].kind == "aff" else "")


def paper_rows(ending: str = "") -> dict[str, str]:
    """Return the paper's rows by head.

    Args:
        ending: of the fused heads' names: ``"_aff"`` for the other reading of the gate.
    """
    fused = [f"{head}{ending}" for head in head_names(LAYERS, aff=False) if head != BASELINE]
    return {head: head_word(head) for head in (BASELINE, *reversed(fused))}


def show(columns: Columns) -> None:
    """Show the view."""
    names = rows_of(columns)
    places, cells, rows = [], {}, []
    for task in columns.tasks:
        for place, column in _columns(columns, task, list(names)):
            places.append(place)
            cells[place.column] = column
        rows += list(_rows(columns, task, list(names)))
    show_grid(
        "table1",
        names,
        places,
        cells,
        title=_("results.head"),
        caption=_("results.caption.table1") if columns.chosen else _("results.caption.published"),
        alt=_("results.alt.table1", rows=len(names), tasks=len(columns.tasks)),
        rows=rows,
    )
    left, right = st.columns(2)
    with left:
        looked = chosen_task()
    with right:
        head = chosen_head(names)
    show_behind(columns, looked, head)


def _columns(columns: Columns, task: Task, heads: list[str]) -> Iterator[tuple[Place, list[str]]]:
    """Yield one task's columns: the published one, then two for each way of measuring."""
    word = task_word(task.key)
    if task.published is not None:
        known = task.published
        place = Place(
            column=f"published {task.key}",
            title=_("results.column.published", task=word),
            about=_("results.column.published.about", model=known.model, source=known.source),
            sets={"of": task.key},
        )
        yield place, [percent(known.means.get(head)) for head in heads]
    for found in columns.found[task.key]:
        yield from measured_columns(columns, found, AVERAGE, heads, word)


def _rows(columns: Columns, task: Task, heads: list[str]) -> Iterator[Row]:
    """Yield the table's numbers for files."""
    if task.published is not None:
        known = task.published
        numbers = {head: known.means[head] for head in heads if head in known.means}
        yield from figures.published_rows(task.key, task.metrics[0], known.model, AVERAGE, numbers)
    for found in columns.found[task.key]:
        yield from figures.measured_rows(found, [AVERAGE], heads)
