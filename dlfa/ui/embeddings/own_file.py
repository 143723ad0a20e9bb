"""A visitor's own sentences: a file comes in, its columns are named, rows that cannot be used told.

What was read is kept under one key of the session, so that it is still there on another page, and
in memory only.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from dlfa.data.languages import language
from dlfa.data.sentence_files import (
    OwnSentences,
    SentenceColumns,
    own_sentences,
    read_sentences,
)
from dlfa.data.sheets import Sheet
from dlfa.errors import DlfaError
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.results import SentenceSet
from dlfa.ui.embeddings.own_columns import choose_columns
from dlfa.ui.guard import literal

__all__ = ["own_columns", "own_file"]

TYPES = ("csv", "tsv", "txt", "json", "jsonl", "ndjson")
NUMBERS = 5  # rows, or names, that are told one by one
TEXT = 40  # characters of a strange language's name

_INTAKE = "own_sentences"


@dataclass
class Intake:
    """What came in last."""

    number: int = 0
    """How many files there were: each has its own widgets."""
    sheet: Sheet | None = None
    failed: tuple[str, dict[str, Any]] | None = None
    """Why a file could not be read: a message's key, so that it is told in any language."""
    made: tuple[SentenceColumns, OwnSentences] | None = None
    """What was worked out of the sheet, and for which columns."""


def own_file() -> SentenceSet | None:
    """Show where a file comes in, what is in it and what cannot be used.

    Returns:
        its sentences; None while there are none.

    Raises:
        TextError: not a single row can be used.
    """
    intake: Intake = st.session_state.setdefault(_INTAKE, Intake())
    with st.expander(_("embeddings.own"), expanded=intake.made is None, icon=":material/upload:"):
        _bring(intake.number)
        if intake.failed:
            key, params = intake.failed
            st.error(literal(_(key, **params)), icon=":material/error:")
        if intake.sheet is None:
            return None
        _about(intake.sheet)
        columns = choose_columns(intake.sheet, intake.number)
        if columns is None:
            return None
        if intake.made is None or intake.made[0] != columns:
            with st.spinner(_("embeddings.set.reading")):
                intake.made = columns, own_sentences(intake.sheet, columns)
        _tell(intake.made[1])
    return intake.made[1].sentences


def own_columns() -> tuple[str, SentenceColumns | None]:
    """Return the name of the file that is open, and its columns, as chosen."""
    intake: Intake = st.session_state.get(_INTAKE, Intake())
    name = intake.sheet.name if intake.sheet else ""
    return name, intake.made[0] if intake.made else None


def _bring(number: int) -> None:
    most, key = policy(), f"sentences-file-{number}"
    megabytes = min(most.max_sentence_bytes // 1_000_000, st.get_option("server.maxUploadSize"))
    st.file_uploader(
        _("embeddings.own.file"),
        type=(*TYPES, "parquet") if most.parquet else TYPES,
        key=key,
        on_change=_take,
        args=(key,),
        help=_("embeddings.own.file.help", size=megabytes, rows=f"{most.max_sentences:,}"),
        max_upload_size=max(1, megabytes),
    )
    st.caption(_("embeddings.own.kept"))


def _take(key: str) -> None:
    """Read what was uploaded; the field is empty again, and its copy of the file gone."""
    upload = st.session_state[key]
    after = _next()
    if upload is None:
        return
    try:
        after.sheet = read_sentences(upload.getvalue(), upload.name)
    except DlfaError as error:
        after.failed = error.key, error.params


def _forget() -> None:
    """Forget the file and all that was found in it; in a callback."""
    _next()


def _next() -> Intake:
    """Forget what came in before."""
    before: Intake = st.session_state[_INTAKE]
    after = st.session_state[_INTAKE] = Intake(number=before.number + 1)
    return after


def _about(sheet: Sheet) -> None:
    """Say which file it is, and offer to forget it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("embeddings.own.about", name=literal(sheet.name)))
        st.button(
            _("evaluate.own.forget"), key="sentences-forget", on_click=_forget, type="tertiary"
        )
    if sheet.encoding in ("cp1252", "mixed"):
        st.warning(_(f"evaluate.own.notice.{sheet.encoding}"), icon=":material/translate:")


def _tell(own: OwnSentences) -> None:
    """Say what was read, what was guessed, and why some rows are not there."""
    found = own.sentences
    told = [_("embeddings.own.usable", count=f"{len(found.texts):,}")]
    if own.merged:
        told.append(_("embeddings.own.merged", count=f"{own.merged:,}"))
    st.success(" ".join(told), icon=":material/check:")
    if found.guessed.any():
        st.info(_guess(found), icon=":material/translate:")
    lines = [_reason(reason, numbers) for reason, numbers in own.refused.items()]
    if lines:
        st.warning("\n".join([_("evaluate.own.left_out"), "", *lines]), icon=":material/rule:")
    if own.strange:
        named = ", ".join(literal(name[:TEXT]) for name in list(own.strange)[:NUMBERS])
        rows = f"{sum(own.strange.values()):,}"
        st.warning(_("evaluate.own.strange", names=named, rows=rows), icon=":material/language:")
    if own.left_out:
        words = _(
            "embeddings.own.more", most=f"{policy().max_sentences:,}", left=f"{own.left_out:,}"
        )
        st.warning(words, icon=":material/content_cut:")


def _guess(found: SentenceSet) -> str:
    codes, counts = np.unique(found.languages[found.guessed], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    named = ", ".join(f"{language(str(codes[at])).name} {counts[at]:,}" for at in order)
    return _("embeddings.own.guessed", count=f"{int(found.guessed.sum()):,}", languages=named)


def _reason(reason: str, numbers: tuple[int, ...]) -> str:
    words = _(f"embeddings.own.refused.{reason}", most=f"{policy().max_characters:,}")
    named = ", ".join(map(str, numbers[:NUMBERS])) + (" …" if numbers[NUMBERS:] else "")
    return "- " + _("evaluate.own.refused", count=f"{len(numbers):,}", reason=words, rows=named)
