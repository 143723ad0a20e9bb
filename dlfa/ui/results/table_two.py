"""Table 2: English and German together, and all other languages together."""

from collections.abc import Iterator

import streamlit as st

from dlfa import figures
from dlfa.data.tasks import Task
from dlfa.figures.tables import Row
from dlfa.messages import _
from dlfa.ui.results.behind import show_behind
from dlfa.ui.results.columns import Columns
from dlfa.ui.results.grid import Place, measured_columns, percent, show_grid
from dlfa.ui.results.table_one import rows_of
from dlfa.ui.results.words import chosen_group, chosen_head, chosen_task, task_word

__all__ = ["show"]


def show(columns: Columns) -> None:
    """Show the view: the tasks of which the authors tell groups."""
    tasks = [task for task in columns.tasks if task.published and task.published.grouped]
    names = rows_of(columns)
    pairs = [each for task in tasks for each in _columns(columns, task, list(names))]
    show_grid(
        "table2",
        names,
        [place for place, _cells in pairs],
        {place.column: cells for place, cells in pairs},
        title=_("results.head"),
        caption=_("results.caption.table2"),
        alt=_("results.alt.table2", rows=len(names), tasks=len(tasks)),
        rows=[row for task in tasks for row in _rows(columns, task, list(names))],
    )
    left, middle, right = st.columns(3)
    with left:
        task = chosen_task([task.key for task in tasks])
    with middle:
        group = chosen_group(_groups(tasks[0]))
    with right:
        head = chosen_head(names)
    show_behind(columns, task, head, group)


def _groups(task: Task) -> list[str]:
    return list(task.published.grouped) if task.published else []


def _columns(columns: Columns, task: Task, heads: list[str]) -> Iterator[tuple[Place, list[str]]]:
    known = task.published
    assert known is not None
    for group in _groups(task):
        word = f"{task_word(task.key)} {group}"
        place = Place(
            column=f"published {task.key} {group}",
            title=_("results.column.published", task=word),
            about=_("results.column.published.about", model=known.model, source=known.source),
            sets={"of": task.key, "tongue": group},
        )
        yield place, [percent(known.grouped[group].get(head)) for head in heads]
        for found in columns.found[task.key]:
            yield from measured_columns(columns, found, group, heads, word)


def _rows(columns: Columns, task: Task, heads: list[str]) -> Iterator[Row]:
    """Yield the table's numbers for files."""
    known, metric = task.published, task.metrics[0]
    assert known is not None
    for group in _groups(task):
        numbers = known.grouped[group]
        yield from figures.published_rows(task.key, metric, known.model, group, numbers)
        for found in columns.found[task.key]:
            yield from figures.measured_rows(found, [group], heads)
