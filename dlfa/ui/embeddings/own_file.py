"""A visitor's own sentences: a file comes in, its columns are named, unusable rows are told."""

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
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.results import SentenceSet
from dlfa.ui.embeddings.own_columns import choose_columns
from dlfa.ui.guard import literal
from dlfa.ui.own_files import Intake, OwnFiles, tell_left_out

__all__ = ["own_columns", "own_file"]

MADE = "sentences"
FILES = OwnFiles(key="own_sentences", name="sentences", page="embeddings", read=read_sentences)


def own_file() -> SentenceSet | None:
    """Show where a file comes in, what is in it and what cannot be used.

    Returns:
        its sentences; None while there are none.

    Raises:
        TextError: not a single row can be used.
    """
    intake = FILES.intake()
    expanded = MADE not in intake.made
    with st.expander(_("embeddings.own"), expanded=expanded, icon=":material/upload:"):
        _bring()
        own = _chosen(intake)
        if own is None:
            return None
        _tell(own)
    return own.sentences


def own_columns() -> tuple[str, SentenceColumns | None]:
    """Return the name of the file that is open, and its columns, as chosen."""
    intake = FILES.intake()
    name = intake.sheet.name if intake.sheet else ""
    columns: Any = intake.made[MADE][0] if MADE in intake.made else None
    return name, columns


def _chosen(intake: Intake) -> OwnSentences | None:
    sheet = FILES.sheet()
    if sheet is None:
        return None
    FILES.about(sheet, _("embeddings.own.about", name=literal(sheet.name)))
    columns = choose_columns(sheet, intake.number)
    if columns is None:
        return None
    with st.spinner(_("embeddings.set.reading")):
        return intake.kept(MADE, columns, lambda: own_sentences(sheet, columns))


def _bring() -> None:
    most = policy()
    FILES.bring(
        max_bytes=most.max_sentence_bytes,
        max_rows=most.max_sentences,
        more_types=("parquet",) if most.parquet else (),
    )
    st.caption(_("embeddings.own.kept"))


def _tell(own: OwnSentences) -> None:
    """Say what was read, what was guessed, and why some rows are not there."""
    found = own.sentences
    told = [_("embeddings.own.usable", count=f"{len(found.texts):,}")]
    if own.merged:
        told.append(_("embeddings.own.merged", count=f"{own.merged:,}"))
    st.success(" ".join(told), icon=":material/check:")
    if found.guessed.any():
        st.info(_guess(found), icon=":material/translate:")
    tell_left_out(own, "embeddings", policy().max_sentences)


def _guess(found: SentenceSet) -> str:
    codes, counts = np.unique(found.languages[found.guessed], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    named = ", ".join(f"{language(str(codes[at])).name} {counts[at]:,}" for at in order)
    return _("embeddings.own.guessed", count=f"{int(found.guessed.sum()):,}", languages=named)
