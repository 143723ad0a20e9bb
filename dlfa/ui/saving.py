"""Every figure and every table can be taken along, with one click for each kind of file."""

from collections.abc import Callable, Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlfa.figures import gates_table, probabilities_table
from dlfa.messages import _, spoken
from dlfa.results import GateSweep, Prediction
from dlfa.ui.deferred import on_behalf
from dlfa.ui.formats import Cell, Rows, latex, safe_csv, safe_html
from dlfa.ui.pictures import picture_buttons
from dlfa.ui.session import session

__all__ = ["Lazy", "Rows", "by_head", "by_language", "save_figure", "save_table"]

PAPER = {False: "#FFFFFF", True: "#12151B"}  # a saved figure brings its own ground
Lazy = Rows | Callable[[], Rows]  # a long table is made when somebody asks for it
MIME = {"csv": "text/csv", "html": "text/html", "tex": "application/x-tex"}


def save_figure(
    drawn: go.Figure, key: str, alt: str, rows: Lazy, printed: Lazy | None = None
) -> None:
    """Show what a figure can be saved as; nothing is made before it is asked for.

    Args:
        drawn: on the page under the key ``figure-{key}``.
        key: also the files' name.
        alt: the figure's words.
        rows: the numbers behind it.
        printed: those of them that the figure shows, for a paper; all of them by default.
    """
    ground = PAPER[session().dark]
    with _menu(key):
        picture_buttons(key, ground)
        _file(key, "html", lambda: safe_html(drawn, alt, ground=ground, language=spoken()))
        _tables(key, rows, printed)


def save_table(key: str, rows: Lazy) -> None:
    """Show what a table without a figure can be saved as.

    Args:
        key: unique on the page; also the files' name.
        rows: the table.
    """
    with _menu(key):
        _tables(key, rows)


def _menu(key: str) -> DeltaGenerator:
    return st.popover(_("ui.save"), icon=":material/download:", type="tertiary", key=f"{key}-save")


def _tables(key: str, rows: Lazy, printed: Lazy | None = None) -> None:
    made = session().provenance  # here: a file is made outside the visitor's script
    _file(key, "csv", lambda: safe_csv(_made(rows)))
    _file(key, "tex", lambda: latex(_made(printed or rows), made.to_dict() if made else None))


def _made(rows: Lazy) -> Rows:
    return rows() if callable(rows) else rows


def _file(key: str, kind: str, make: Callable[[], bytes]) -> None:
    st.download_button(
        _(f"ui.save.{kind}"),
        data=on_behalf(make),
        file_name=f"{key}.{kind}",
        mime=MIME[kind],
        key=f"{key}-{kind}",
        on_click="ignore",
        width="stretch",
    )


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
