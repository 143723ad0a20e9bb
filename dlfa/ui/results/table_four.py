"""Table 4: one head beside its baseline, language by language."""

from collections.abc import Iterator

import streamlit as st

from dlfa import figures
from dlfa.data.tasks import TASKS
from dlfa.figures.tables import Row
from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.ui.results.behind import show_behind
from dlfa.ui.results.columns import Columns
from dlfa.ui.results.grid import Place, percent, show_grid
from dlfa.ui.results.table_one import rows_of
from dlfa.ui.results.words import chosen_group, chosen_head, chosen_task, group_word, task_word

__all__ = ["show"]

FIRST = "paws-x"  # the task of which the authors tell every language


def show(columns: Columns) -> None:
    """Show the view."""
    left, right = st.columns(2)
    with left:
        task = chosen_task((FIRST, *(key for key in TASKS if key != FIRST)), "task4")
    with right:
        head = chosen_head(rows_of(columns))
    codes = _languages(columns, task)
    pairs = [*_published(task, codes), *_measured(columns, task, head, codes)]
    show_grid(
        "table4",
        {code: group_word(code) for code in codes},
        [place for place, _cells in pairs],
        {place.column: cells for place, cells in pairs},
        title=_("results.language"),
        caption=_("results.caption.table4"),
        alt=_("results.alt.table4", rows=len(codes), task=task_word(task), head=head_word(head)),
        rows=list(_rows(columns, task, head, codes)),
        sets="tongue",
    )
    if codes:
        show_behind(columns, task, head, chosen_group(codes))


def _languages(columns: Columns, task: str) -> list[str]:
    """Return the task's languages of which anything is known, in the task's order."""
    known = TASKS[task].published
    there = {code for found in columns.found[task] for code in found.languages}
    there |= {code for row in known.by_language.values() for code in row} if known else set()
    return [code for code in TASKS[task].languages if code in there]


def _published(task: str, codes: list[str]) -> Iterator[tuple[Place, list[str]]]:
    known = TASKS[task].published
    for head, numbers in known.by_language.items() if known else ():
        assert known is not None
        place = Place(
            column=f"published {head}",
            title=_("results.column.published", task=head_word(head)),
            about=_("results.column.published.about", model=known.model, source=known.source),
            sets={} if head == BASELINE else {"head": head},
        )
        yield place, [_derived(percent(numbers.get(code)), code in known.derived) for code in codes]


def _derived(number: str, derived: bool) -> str:
    return f"{number} †" if number and derived else number


def _measured(
    columns: Columns, task: str, head: str, codes: list[str]
) -> Iterator[tuple[Place, list[str]]]:
    for found in columns.found[task]:
        number, about = columns.number(found), figures.way_word(found.way)
        about = f"{about} · {figures.seeds_word(found)}"
        for name in dict.fromkeys((BASELINE, head)):
            title = _("results.column.measured", task=head_word(name), number=number)
            place = Place(column=f"measured {name} {found.way.key}", title=title, about=about)
            yield place, [figures.value_word(found, code, name) for code in codes]
        if head != BASELINE:
            title = _("results.column.difference", task=head_word(head), number=number)
            place = Place(column=f"difference {found.way.key}", title=title, about=about)
            yield place, [figures.difference_word(found, code, head) for code in codes]


def _rows(columns: Columns, task: str, head: str, codes: list[str]) -> Iterator[Row]:
    """Yield the table's numbers for files."""
    known, metric = TASKS[task].published, TASKS[task].metrics[0]
    for code in codes:
        if known is not None:
            numbers = {name: row[code] for name, row in known.by_language.items() if code in row}
            yield from figures.published_rows(task, metric, known.model, code, numbers)
        for found in columns.found[task]:
            yield from figures.measured_rows(found, [code], list(dict.fromkeys((BASELINE, head))))
