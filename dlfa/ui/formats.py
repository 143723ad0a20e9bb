"""Tables and figures as files: CSV, LaTeX, a page that works offline."""

import csv
import html
import io
from collections.abc import Mapping, Sequence
from dataclasses import fields

import plotly.graph_objects as go

from dlfa.results import Provenance

__all__ = ["Cell", "Rows", "latex", "safe_csv", "safe_html"]

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet calculate
TITLE = 80  # characters
ONE_PAGE = 40  # rows; a longer table breaks over pages
SOURCE = {part.name for part in fields(Provenance)}  # columns that say where a row comes from

Cell = str | int | float | bool
Rows = Sequence[Mapping[str, Cell]]


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


def latex(rows: Rows, facts: Mapping[str, object] | None = None) -> bytes:
    """Return rows as a LaTeX table with booktabs' rules; what LaTeX would read as code is spelled.

    Args:
        rows: the table; columns that name the source go into a comment, once, if all rows agree.
        facts: what else the numbers depend on, for the comment.
    """
    if not rows:
        return b""
    from pandas import DataFrame  # slow to import, and seldom asked for

    frame = DataFrame([{name: _flat(cell) for name, cell in row.items()} for row in rows])
    fixed = [name for name in frame if name in SOURCE and frame[name].nunique() == 1]
    told = {**{name: frame[name].iloc[0] for name in fixed}, **(facts or {})}
    table = frame.drop(columns=fixed).style.hide(axis="index")
    table.format(precision=4, escape="latex").format_index(escape="latex", axis="columns")
    body = table.to_latex(hrules=True, environment="longtable" if len(frame) > ONE_PAGE else None)
    return f"{_comment(told)}{body}".encode()


def _comment(told: Mapping[str, object]) -> str:
    """Return what a table's numbers depend on; no value can end the comment."""
    lines = ["\\usepackage{booktabs,longtable}; scripts other than Latin: XeLaTeX or LuaLaTeX"]
    lines += [f"{name}: {_flat(str(value))}" for name, value in told.items() if value != ""]
    return "".join(f"% {line}\n" for line in lines)


def _flat(cell: Cell) -> Cell:
    return " ".join(cell.split()) if isinstance(cell, str) else cell


def safe_html(drawn: go.Figure, alt: str, *, ground: str, language: str = "en") -> bytes:
    """Return a figure as a page of its own that needs no network.

    Args:
        drawn: the figure.
        alt: its words.
        ground: the page's colour, ``#RRGGBB``.
        language: code of the language of its words.
    """
    page = go.Figure(drawn).update_layout(paper_bgcolor=ground)
    body = page.to_html(full_html=False, include_plotlyjs=True)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(alt[:TITLE])}</title>"
        f'</head><body style="background:{ground}">'
        f'<div role="figure" aria-label="{html.escape(alt)}">{body}</div></body></html>'
    ).encode()
