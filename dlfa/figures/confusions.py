"""What a head answers where something else is right, beside another head's mistakes."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.confusion_cells import (
    Matrix,
    confusion_counts,
    confusion_place,
    confusion_shares,
    matrix,
    minus,
)
from dlfa.figures.frame import Settings, draw, origin
from dlfa.figures.numbered import numbered
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
from dlfa.figures.words import escape, head_word, label_mark, label_word, tenths
from dlfa.messages import _, of_task
from dlfa.results import BASELINE, Confusions, Provenance

__all__ = ["confusion_matrices", "describe_confusions"]

ROW = 2.3  # usual rows: height of a cell, for two lines
NARROW = 0.8  # the same, where cells hold no numbers
FEW = 5  # labels whose cells have room for numbers


def confusion_matrices(
    confusions: Confusions,
    look: Look,
    *,
    head: str,
    language: str | None = None,
    against: str = BASELINE,
    difference: bool = False,
    names: Mapping[str, str] | None = None,
    made: Provenance | None = None,
) -> go.Figure:
    """Draw a head's answers by right label, beside another head's.

    Args:
        confusions: of at least one head.
        look: light or dark, desk or projector.
        head: whose mistakes.
        language: one language's code; None: all languages together.
        against: the other head, at the left; left out where it is the same or was not evaluated.
        difference: one picture, the head's shares minus the other's, in points.
        names: language code -> name; a code without one stands for itself.
        made: named in small print where given.

    Returns:
        rows are right labels and sum to 100 %; under each share the number of examples.

    Raises:
        ValueError: a head or a language that is not there, or a difference without another head.
    """
    shown = _shown(confusions, head, against)
    if difference:
        if len(shown) < 2:
            raise ValueError("a difference needs another head")
        tables = [minus(confusions, head, against, language, look)]
    else:
        tables = [matrix(confusions, one, language, look) for one in shown]
    panels = Panels(count=len(tables), columns=len(tables), across=0.05)
    kind = "difference" if difference else "shares"
    place = escape(confusion_place(language, names))
    many = len(confusions.labels) > FEW
    words = of_task(f"figure.confusions.subtitle.{kind}", "words" * many, place=place)
    marks = [] if many else [_marks(confusions.labels)]
    return draw(
        [_cells(table, look) | panels.on(at) for at, table in enumerate(tables)],
        look,
        title=_(f"figure.confusions.title.{kind}"),
        subtitle="<br>".join([words, *marks, *origin(made)]),
        height=len(confusions.labels) * (NARROW if many else ROW) * look.row,
        top=1.8 * look.small,
        bottom=3.6 * look.small,
        axes=panels.axes(_answers(confusions.labels), _rights(confusions.labels)),
        annotations=[
            *(panels.heading(at, look, table.name) for at, table in enumerate(tables)),
            panels.title_below(look, _("figure.confusions.axis"), ticks=True),
        ],
    )


def _shown(confusions: Confusions, head: str, against: str) -> list[str]:
    other = [against] if against in confusions.heads and against != head else []
    return [*other, head]


def _cells(table: Matrix, look: Look) -> Settings:
    hover, texts = _("figure.confusions.hover"), table.texts
    if len(texts) > FEW:
        texts = [[""] * len(row) for row in texts]
    return numbered(table.values, texts, table.notes, hover, look) | table.colours


def _answers(labels: Sequence[str]) -> Settings:
    """Return the axis of answers: a letter each, for a phone has no room for words.

    Many labels share their letters: they are written out, upright.
    """
    many = len(labels) > FEW
    return {
        "range": [-0.5, len(labels) - 0.5],
        "tickvals": list(range(len(labels))),
        "ticktext": [escape((label_word if many else label_mark)(label)) for label in labels],
        "tickangle": -90 if many else 0,
        "showgrid": False,
        "fixedrange": True,
    }


def _rights(labels: Sequence[str]) -> Settings:
    return {
        "range": [len(labels) - 0.5, -0.5],
        "tickvals": list(range(len(labels))),
        "ticktext": [escape(label_word(label)) for label in labels],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }


def _marks(labels: Sequence[str]) -> str:
    """Return what each letter stands for."""
    return ", ".join(f"{escape(label_mark(one))} {escape(label_word(one))}" for one in labels)


def describe_confusions(
    confusions: Confusions,
    *,
    head: str,
    language: str | None = None,
    against: str = BASELINE,
    difference: bool = False,
    names: Mapping[str, str] | None = None,
) -> str:
    """Return `confusion_matrices` in words: how often each label is found, by each head shown.

    Raises:
        ValueError: a head or a language that is not there.
    """
    place = confusion_place(language, names)
    told = [_found(confusions, one, language) for one in _shown(confusions, head, against)]
    kind = "difference" if difference else "shares"
    return _(f"figure.confusions.alt.{kind}", place=place, found="; ".join(told))


def _found(confusions: Confusions, head: str, language: str | None) -> str:
    values = confusion_shares(confusion_counts(confusions, head, language)).diagonal().tolist()
    told = [
        f"{label_word(label)} {tenths(share)} %"
        for label, share in zip(confusions.labels, values, strict=True)
        if np.isfinite(share)
    ]
    return _("figure.confusions.alt.head", head=head_word(head), labels=", ".join(told))
