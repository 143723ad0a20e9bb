"""A visitor's own labelled examples: a file comes in, columns and labels are named, rows told."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dlfa.data.columns import Columns
from dlfa.data.own import Own, labelled, written_labels
from dlfa.data.sheets import Sheet, read
from dlfa.figures.words import label_word
from dlfa.messages import _, spoken
from dlfa.policy import policy
from dlfa.ui import jobs
from dlfa.ui.cache import examples
from dlfa.ui.deferred import on_behalf
from dlfa.ui.evaluate.own_choices import choose_columns, choose_means
from dlfa.ui.formats import safe_csv
from dlfa.ui.guard import literal
from dlfa.ui.own_files import Intake, OwnFiles, tell_left_out
from dlfa.ui.store import STUDIES
from dlfa.ui.task import page_task

__all__ = ["own_data", "own_settings"]

PREVIEW = 5  # rows
TEXT = 200  # characters of a cell in the preview
SPLITTERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}


def own_data(model_labels: Sequence[str]) -> Own | None:
    """Show where a file comes in, what is in it and what cannot be used.

    Args:
        model_labels: the model's label keys, in its order.

    Returns:
        the usable examples, at least one; None while there are none.
    """
    _bring()
    sheet = FILES.sheet()
    if sheet is None:
        return None
    FILES.about(sheet, _kind(sheet))
    own = _chosen(FILES.intake(), sheet, tuple(model_labels))
    if own is None:
        return None
    _tell(own)
    if not own.rows:
        return None
    _preview(own, model_labels)
    return own


def own_settings() -> tuple[str, Columns, Mapping[str, str]] | None:
    """Return the name of the file that is open, its columns and its labels' meanings, as chosen."""
    intake = FILES.intake()
    if intake.sheet is None or "own" not in intake.made:
        return None
    choices: Any = intake.made["own"][0]
    columns, _labels, means, _language = choices
    return intake.sheet.name, columns, means


def _chosen(intake: Intake, sheet: Sheet, labels: tuple[str, ...]) -> Own | None:
    columns = choose_columns(sheet, intake.number)
    if columns is None:
        return None
    written = intake.kept("labels", columns, lambda: written_labels(sheet, columns))
    means = choose_means(written, labels, intake.number) or {}
    choices = (columns, labels, means, spoken())  # a label may be a word of the language on screen
    with st.spinner(_("evaluate.own.reading")):
        return intake.kept("own", choices, lambda: labelled(sheet, columns, labels, means))


def _bring() -> None:
    """Show the field for files and an example of one."""
    most = policy()
    FILES.bring(max_bytes=most.max_own_bytes, max_rows=most.max_own_rows)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("evaluate.own.kept"))
        st.download_button(
            _("evaluate.own.example"),
            data=on_behalf(_example),
            file_name="own-examples.csv",
            mime="text/csv",
            key="own-example",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
        )


def _drop_run() -> None:
    """Forget what was found with a forgotten file."""
    job = jobs.mine()
    if job is not None and not job.stored:  # as of own data alone nothing is
        STUDIES.forget(job.digest)
        jobs.drop()


FILES = OwnFiles(key="own_data", name="own", page="evaluate", read=read, forgotten=_drop_run)


def _example() -> bytes:
    """Return our own sentences for the model's task in the form that is asked for."""
    task = page_task()
    return safe_csv(
        [
            {
                "id": item.id,
                "language": code,
                "genre": item.topic,
                **dict(zip(task.evaluation.columns, pair, strict=True)),
                "label": item.label,
            }
            for item in examples(task.key)
            for code, pair in item.text.items()
        ]
    )


def _kind(sheet: Sheet) -> str:
    """Return what the file is."""
    kind = _(f"evaluate.own.kind.{SPLITTERS.get(sheet.splitter, sheet.kind)}")
    encoding = _(f"evaluate.own.encoding.{sheet.encoding}")
    return _("evaluate.own.about", name=literal(sheet.name), kind=kind, encoding=encoding)


def _tell(own: Own) -> None:
    """Say how many rows can be used, and why the others cannot."""
    if own.rows:
        count = f"{len(own.rows):,}"
        st.success(_("evaluate.own.usable", count=count), icon=":material/check:")
    else:
        st.info(_("evaluate.own.unusable"), icon=":material/table_rows:")
    tell_left_out(own, "evaluate", policy().max_own_rows)


def _preview(own: Own, labels: Sequence[str]) -> None:
    """Show the first usable rows as they were understood."""
    first = own.rows[:PREVIEW]
    columns = {
        "premise": [row.pair[0][:TEXT] for row in first],
        "hypothesis": [row.pair[1][:TEXT] for row in first],
        "label": [label_word(labels[row.gold]) for row in first],
        "language": [row.language for row in first],
        "id": [row.id for row in first],
        "premise_id": [row.premise for row in first],
        "genre": [row.genre for row in first],
    }
    columns = {part: cells for part, cells in columns.items() if any(cells)}
    shown = {_(f"evaluate.own.column.{part}"): cells for part, cells in columns.items()}
    st.dataframe(
        pd.DataFrame(shown, dtype="string"),
        key="own-preview",
        hide_index=True,
        alt=_("evaluate.own.preview.alt", shown=len(first)),
    )
