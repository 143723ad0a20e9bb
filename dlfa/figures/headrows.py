"""Heads down the left side of a figure, in the paper's order, each kind of gate under its name."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from dlfa.figures.frame import Settings, heading
from dlfa.figures.palette import Look
from dlfa.figures.words import group, head_place, head_word, kind_word
from dlfa.results import head_gate

__all__ = ["head_axis", "head_headings", "head_rows"]


def head_rows(heads: Iterable[str]) -> dict[int, str]:
    """Give each head a row; every group but the baseline starts with a row for its heading."""
    rows: dict[int, str] = {}
    at = 0
    for place, members in groupby(sorted(heads, key=head_place), key=group):
        at += place > 0
        for head in members:
            rows[at] = head
            at += 1
    return rows


def head_headings(rows: Mapping[int, str], look: Look) -> list[Settings]:
    """Name the kind of the gate in the row above the first head of each kind, at the left edge."""
    firsts: dict[str, int] = {}
    for at, head in rows.items():
        if kind := head_gate(head):
            firsts.setdefault(kind, at - 1)
    place = {"x": 0, "xref": "x domain", "xanchor": "left"}
    return [heading(look, kind_word(kind), y=at, **place) for kind, at in firsts.items()]


def head_axis(rows: Mapping[int, str]) -> Settings:
    """Return the settings of the y axis with these rows, the first on top."""
    return {
        "range": [max(rows) + 0.5, -0.5],
        "tickvals": list(rows),
        "ticktext": [head_word(head) for head in rows.values()],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
