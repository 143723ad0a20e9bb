"""A visitor's own labelled examples: a file comes in, its columns and labels are named, rows told.

What was read is kept under one key of the session, so that it is still there on another page, and
in memory only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from dlfa.data.columns import Columns
from dlfa.data.own import Own, labelled, written_labels
from dlfa.data.sheets import Sheet, read
from dlfa.errors import DlfaError
from dlfa.figures.words import label_word
from dlfa.messages import _, spoken
from dlfa.policy import policy
from dlfa.ui import jobs
from dlfa.ui.cache import examples
from dlfa.ui.deferred import on_behalf
from dlfa.ui.evaluate.own_choices import choose_columns, choose_means
from dlfa.ui.formats import safe_csv
from dlfa.ui.guard import literal
from dlfa.ui.store import STUDIES
from dlfa.ui.task import page_task

__all__ = ["own_data", "own_settings"]

TYPES = ("csv", "tsv", "txt", "json", "jsonl", "ndjson")
PREVIEW = 5  # rows
TEXT = 200  # characters of a cell in the preview
NUMBERS = 5  # rows that are named of each reason
SPLITTERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}

_INTAKE = "own_data"
Made = TypeVar("Made")


@dataclass
class Intake:
    """What came in last."""

    number: int = 0
    """How many files there were: each has its own widgets."""
    sheet: Sheet | None = None
    failed: tuple[str, dict[str, object]] | None = None
    """Why a file could not be read: a message's key, so that it is told in any language."""
    made: dict[str, tuple[object, Any]] = field(default_factory=dict)
    """What was worked out of the sheet, and for which choices."""

    def kept(self, name: str, choices: object, make: Callable[[], Made]) -> Made:
        """Return what was worked out for these choices; a long file is not gone through again."""
        if name not in self.made or self.made[name][0] != choices:
            self.made[name] = choices, make()
        found: Made = self.made[name][1]
        return found


def own_data(model_labels: Sequence[str]) -> Own | None:
    """Show where a file comes in, what is in it and what cannot be used.

    Args:
        model_labels: the model's label keys, in its order.

    Returns:
        the usable examples, at least one; None while there are none.
    """
    intake: Intake = st.session_state.setdefault(_INTAKE, Intake())
    _bring(intake.number)
    if intake.failed:
        key, params = intake.failed
        st.error(literal(_(key, **params)), icon=":material/error:")
    if intake.sheet is None:
        return None
    _about(intake.sheet)
    own = _chosen(intake, intake.sheet, tuple(model_labels))
    if own is None:
        return None
    _tell(own)
    if not own.rows:
        return None
    _preview(own, model_labels)
    return own


def own_settings() -> tuple[str, Columns, Mapping[str, str]] | None:
    """Return the name of the file that is open, its columns and its labels' meanings, as chosen."""
    intake: Intake | None = st.session_state.get(_INTAKE)
    if intake is None or intake.sheet is None or "own" not in intake.made:
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


def _bring(number: int) -> None:
    """Show the field for files and an example of one."""
    most, key = policy(), f"own-file-{number}"
    megabytes = min(most.max_own_bytes // 1_000_000, st.get_option("server.maxUploadSize"))
    st.file_uploader(
        _("evaluate.own.file"),
        type=TYPES,
        key=key,
        on_change=_take,
        args=(key,),
        help=_("evaluate.own.file.help", size=megabytes, rows=f"{most.max_own_rows:,}"),
        max_upload_size=max(1, megabytes),
    )
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


def _take(key: str) -> None:
    """Read what was uploaded; the field is empty again, and its copy of the file gone."""
    upload, after = st.session_state[key], _next()
    if upload is None:
        return
    try:
        after.sheet = read(upload.getvalue(), upload.name)
    except DlfaError as error:
        after.failed = error.key, error.params


def _forget() -> None:
    """Forget the file, and all that was found with it; in a callback."""
    _next()
    job = jobs.mine()
    if job is not None and not job.stored:  # as of own data alone nothing is
        STUDIES.forget(job.digest)
        jobs.drop()


def _next() -> Intake:
    """Forget what came in before."""
    before: Intake = st.session_state[_INTAKE]
    after = st.session_state[_INTAKE] = Intake(number=before.number + 1)
    return after


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


def _about(sheet: Sheet) -> None:
    """Say what the file is, and offer to forget it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        kind = _(f"evaluate.own.kind.{SPLITTERS.get(sheet.splitter, sheet.kind)}")
        encoding = _(f"evaluate.own.encoding.{sheet.encoding}")
        name = literal(sheet.name)
        st.markdown(_("evaluate.own.about", name=name, kind=kind, encoding=encoding))
        st.button(_("evaluate.own.forget"), key="own-forget", on_click=_forget, type="tertiary")
    if sheet.encoding in ("cp1252", "mixed"):
        st.warning(_(f"evaluate.own.notice.{sheet.encoding}"), icon=":material/translate:")


def _tell(own: Own) -> None:
    """Say how many rows can be used, and why the others cannot."""
    count = f"{len(own.rows):,}"
    if own.rows:
        st.success(_("evaluate.own.usable", count=count), icon=":material/check:")
    else:
        st.info(_("evaluate.own.unusable"), icon=":material/table_rows:")
    lines = [_reason(reason, numbers) for reason, numbers in own.refused.items()]
    if lines:
        st.warning("\n".join([_("evaluate.own.left_out"), "", *lines]), icon=":material/rule:")
    if own.strange:
        named = ", ".join(literal(name[:TEXT]) for name in list(own.strange)[:NUMBERS])
        rows = f"{sum(own.strange.values()):,}"
        st.warning(_("evaluate.own.strange", names=named, rows=rows), icon=":material/language:")
    if own.left_out:
        words = _("evaluate.own.more", most=f"{policy().max_own_rows:,}", left=f"{own.left_out:,}")
        st.warning(words, icon=":material/content_cut:")


def _reason(reason: str, numbers: Sequence[int]) -> str:
    words = _(f"evaluate.own.refused.{reason}", most=f"{policy().max_characters:,}")
    named = ", ".join(map(str, numbers[:NUMBERS])) + (" …" if numbers[NUMBERS:] else "")
    return "- " + _("evaluate.own.refused", count=f"{len(numbers):,}", reason=words, rows=named)


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
