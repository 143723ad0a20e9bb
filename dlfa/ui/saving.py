"""Every figure and every table can be taken along: CSV, a page that works offline, a picture."""

import csv
import html
import io
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from dlfa.figures import gates_table, probabilities_table
from dlfa.messages import _
from dlfa.results import GateSweep, Prediction
from dlfa.ui.session import session

__all__ = ["Rows", "by_head", "by_language", "downloads", "picture", "safe_csv", "safe_html"]

PAPER = {False: "#FFFFFF", True: "#12151B"}  # a saved figure brings its own ground
PICTURES = ("svg", "png")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet calculate

Cell = str | int | float | bool
Rows = Sequence[Mapping[str, Cell]]


def picture(key: str) -> str:
    """Return the format in which the camera above a figure saves it."""
    return st.session_state.get(f"{key}-picture") or PICTURES[0]


def downloads(drawn: go.Figure, key: str, alt: str, rows: Rows) -> None:
    """Show what a figure can be saved as; nothing is made before it is asked for."""
    dark = session().dark
    st.download_button(
        _("ui.save.table"),
        data=lambda: safe_csv(rows),
        file_name=f"{key}.csv",
        mime="text/csv",
        key=f"{key}-csv",
        on_click="ignore",
        width="stretch",
    )
    st.download_button(
        _("ui.save.page"),
        data=lambda: safe_html(drawn, alt, dark=dark),
        file_name=f"{key}.html",
        mime="text/html",
        key=f"{key}-html",
        on_click="ignore",
        width="stretch",
    )
    st.segmented_control(
        _("ui.save.picture"),
        PICTURES,
        default=PICTURES[0],
        format_func=str.upper,
        key=f"{key}-picture",
        required=True,
    )


def safe_csv(rows: Rows) -> bytes:
    """Return rows as CSV for any spreadsheet; no cell is taken for a formula."""
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _inert(cell) for name, cell in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _inert(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def safe_html(drawn: go.Figure, alt: str, *, dark: bool) -> bytes:
    """Return a figure as a page of its own that needs no network."""
    ground = PAPER[dark]
    page = go.Figure(drawn).update_layout(paper_bgcolor=ground)
    body = page.to_html(full_html=False, include_plotlyjs=True)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'</head><body style="background:{ground}">'
        f'<div role="figure" aria-label="{html.escape(alt)}">{body}</div></body></html>'
    ).encode()


def by_language(answers: Mapping[str, Sequence[Prediction]]) -> list[dict[str, Cell]]:
    """Return the rows of several languages' answers, for one table."""
    return [
        {"language": code, **row}
        for code, predictions in answers.items()
        for row in probabilities_table(predictions)
    ]


def by_head(sweep: GateSweep) -> list[dict[str, Cell]]:
    """Return the rows of several heads' gates, for one table."""
    return [
        row for gate in sweep.heads for row in gates_table(gate, sweep.tokens, sweep.provenance)
    ]
