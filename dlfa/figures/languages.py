"""What the heads answer in every language: a heat map."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import Settings, colour_bar, draw, heading, made_by
from dlfa.figures.palette import SEQUENTIAL, Look
from dlfa.figures.words import (
    counted,
    escape,
    group,
    head_word,
    kind_word,
    label_mark,
    label_word,
    ordered,
    percent,
    plain,
)
from dlfa.messages import _
from dlfa.results import Prediction, head_gate

__all__ = ["describe_head_language", "head_language_heatmap"]

Answers = Mapping[str, Sequence[Prediction]]  # by language code
APART = 0.4  # columns between two groups
MIDDLE = 0.47  # where cividis turns too light for white letters


def head_language_heatmap(
    answers: Answers, label: str, look: Look, names: Mapping[str, str]
) -> go.Figure:
    """Draw the probability of one label for every language (rows) and head (columns).

    Args:
        answers: the same sentence pair's answers by language code; a head that a language lacks
            leaves its cell empty.
        label: the label whose probability, in [0, 1], is the colour.
        look: light or dark, desk or projector.
        names: language code -> name; a code without one stands for itself.

    Returns:
        a heat map; each cell's letter is the label the head chose.

    Raises:
        ValueError: a label the task does not have.
    """
    columns = _columns(answers)
    groups = [
        {head: columns[head] for head in members} for _place, members in groupby(columns, key=group)
    ]
    first = next(iter(answers.values()))[0]
    marks = ", ".join(
        f"{escape(label_mark(one))} {escape(label_word(one))}" for one in first.labels
    )
    return draw(
        [_cells(answers, members, label, look) for members in groups],
        look,
        title=_("figure.languages.title"),
        subtitle=_("figure.languages.subtitle", marks=marks, model=made_by(first.provenance)),
        height=max(3, len(answers)) * look.row,
        top=1.8 * look.small,
        bottom=9.6 * look.small,
        axes=_axes(columns, [_name(code, names) for code in answers]),
        annotations=[above for members in groups for above in _heading(members, look)],
        coloraxis=_colours(label, look),
    )


def _name(code: str, names: Mapping[str, str]) -> str:
    return plain(names.get(code, code), longest=32)


def _columns(answers: Answers) -> dict[str, float]:
    """Return each head's place on the x axis, one column each and a gap between groups."""
    every = {answer.head: answer for row in answers.values() for answer in row}
    heads = [answer.head for answer in ordered(every.values())]
    places = sorted({group(head) for head in heads})
    return {head: at + APART * places.index(group(head)) for at, head in enumerate(heads)}


def _cells(answers: Answers, columns: Mapping[str, float], label: str, look: Look) -> Settings:
    """Return the cells of one kind of head."""
    rows = [[_answer(row, head) for head in columns] for row in answers.values()]
    return {
        "type": "heatmap",
        "z": np.array([[_share(answer, label) for answer in row] for row in rows]),
        "x0": next(iter(columns.values())),
        "dx": 1,
        "text": [[_mark(answer, label) for answer in row] for row in rows],
        "texttemplate": "%{text}",
        "textfont": {"size": look.small - 1},
        "customdata": [list(map(_hover, row, columns)) for row in rows],
        "hovertemplate": _("figure.languages.hover"),
        "hoverongaps": False,
        "xgap": 1,
        "ygap": 1,
        "coloraxis": "coloraxis",
    }


def _heading(columns: Mapping[str, float], look: Look) -> list[Settings]:
    """Name the kind of the gate above its columns; the baseline has none."""
    kind = head_gate(next(iter(columns)))
    middle = sum(columns.values()) / len(columns)
    place = {"x": middle, "y": 1, "yref": "y domain", "yanchor": "bottom"}
    return [heading(look, kind_word(kind), **place)] if kind else []


def _colours(label: str, look: Look) -> Settings:
    title = _("figure.languages.scale", label=escape(label_word(label)))
    bar = colour_bar(look, title) | {"tickformat": ".0%"}
    return {"colorscale": SEQUENTIAL, "cmin": 0, "cmax": 1, "colorbar": bar}


def _mark(answer: Prediction | None, label: str) -> str:
    """Return the letter of an answer, in an ink that reads on its cell's colour."""
    if answer is None:
        return ""
    ink = "#FFFFFF" if _share(answer, label) < MIDDLE else "#000000"
    return f'<span style="color:{ink}">{escape(label_mark(answer.label))}</span>'


def _answer(row: Iterable[Prediction], head: str) -> Prediction | None:
    return next((answer for answer in row if answer.head == head), None)


def _share(answer: Prediction | None, label: str) -> float:
    if answer is None:
        return np.nan
    return float(answer.probabilities[answer.labels.index(label)])


def _hover(answer: Prediction | None, head: str) -> list[str]:
    return [head_word(head), escape(label_word(answer.label)) if answer else ""]


def _tick(head: str) -> str:
    """Return a column's short label: the kind of its gate stands above."""
    return head_word(head.removesuffix("_aff"))


def _axes(columns: Mapping[str, float], names: Sequence[str]) -> dict[str, Settings]:
    across = {
        "range": [-0.5, max(columns.values()) + 0.5],
        "tickvals": list(columns.values()),
        "ticktext": [_tick(head) for head in columns],
        "tickangle": -90,
        "showgrid": False,
        "fixedrange": True,
    }
    down = {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": [escape(name) for name in names],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": down}


def describe_head_language(answers: Answers, label: str, names: Mapping[str, str]) -> str:
    """Return the heat map in words: where the label is likeliest and least likely.

    Raises:
        ValueError: a label the task does not have.
    """
    means = {
        code: float(np.mean([_share(answer, label) for answer in row]))
        for code, row in answers.items()
    }
    high, low = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    return _(
        "figure.languages.alt",
        label=label_word(label),
        languages=len(answers),
        high=_name(high, names),
        high_percent=percent(means[high]),
        low=_name(low, names),
        low_percent=percent(means[low]),
        counts=counted(answer.label for row in answers.values() for answer in row),
    )
