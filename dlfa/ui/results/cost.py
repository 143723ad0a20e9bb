"""What the trainings and evaluations behind the numbers took."""

from typing import Any

import pandas as pd
import streamlit as st

from dlfa import figures
from dlfa.figures.table_words import way_word
from dlfa.figures.tables import Row
from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.ui import saving
from dlfa.ui.results.columns import Columns
from dlfa.ui.results.words import task_word

__all__ = ["show"]


def show(columns: Columns) -> None:
    """Show the view."""
    rows: list[Row] = []
    whose: list[str] = []
    for one in columns.chosen:
        told = figures.cost_rows([source for some in one.sources.values() for source in some])
        rows += told
        whose += [way_word(one.way)] * len(told)
    if not rows:
        st.info(_("results.cost.none"), icon=":material/hourglass_empty:")
        return
    st.dataframe(
        pd.DataFrame([_shown(row, way) for row, way in zip(rows, whose, strict=True)]),
        key="table-cost",
        hide_index=True,
        height="content",
        column_config=_config(),
        placeholder="",
        alt=_("results.alt.cost", rows=len(rows)),
    )
    with st.container(horizontal=True, gap="small"):
        st.caption(_total(rows), width="stretch")
        saving.save_table("cost", rows)


def _shown(row: Row, way: str) -> dict[str, object]:
    heads = row["heads"]
    named = head_word(heads) if isinstance(heads, str) else _("evaluate.some.heads", count=heads)
    seconds, tested, tokens = row["seconds"], row["evaluation_seconds"], row["tokens"]
    return {
        "way": way,
        "task": task_word(str(row["task"])),
        "seed": row["seed"],
        "heads": named,
        "tokens": tokens or None,
        "seconds": round(float(seconds)) if seconds else None,
        "rate": row["tokens_per_second"] or None,
        "tested": round(float(tested)) if tested else None,
        "hardware": row["hardware"],
        "commit": row["commit"],
        "record": row["record"],
        "command": row["command"],
    }


def _config() -> dict[str, Any]:
    column = st.column_config
    texts = ("way", "task", "heads", "hardware", "commit", "record", "command")
    numbers = {"seed": "%d", "tokens": "localized", "seconds": "localized", "rate": "%.0f"}
    return {name: column.TextColumn(_(f"results.cost.{name}")) for name in texts} | {
        name: column.NumberColumn(_(f"results.cost.{name}"), format=form)
        for name, form in (numbers | {"tested": "localized"}).items()
    }


def _total(rows: list[Row]) -> str:
    """Say how long all took together, as far as anybody wrote it down."""
    known = [float(row["seconds"]) for row in rows if row["seconds"]]
    hours = sum(known) / 3600
    return _("results.caption.cost", trainings=len(rows), known=len(known), hours=f"{hours:.1f}")
