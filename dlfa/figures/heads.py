"""Heads in figures: their order, their groups, and the headings above these."""

from collections.abc import Iterable

import plotly.graph_objects as go

from dlfa.figures.palette import Look
from dlfa.figures.words import escape
from dlfa.results import BASELINE, Prediction, Provenance, head_gate, head_layer

__all__ = ["KINDS", "group", "heading", "made_by", "ordered"]

KINDS = (BASELINE, "paper", "aff")  # the order of the groups


def group(head: str) -> int:
    """Return the place of a head's group: 0 the baseline, 1 the gate as printed, 2 ``aff``."""
    return KINDS.index(head_gate(head) or BASELINE)


def ordered(predictions: Iterable[Prediction]) -> list[Prediction]:
    """Return answers in the paper's order: the baseline, D_1 ..., then the ``aff`` twins."""
    return sorted(
        predictions, key=lambda answer: (group(answer.head), head_layer(answer.head) or 0)
    )


def heading(figure: go.Figure, look: Look, text: str, **place: object) -> None:
    """Write a group's name into a figure, at a place that plotly's annotations know."""
    font = {"size": look.small, "color": look.muted}
    figure.add_annotation(text=f"<i>{text}</i>", showarrow=False, font=font, **place)


def made_by(made: Provenance) -> str:
    """Return the encoder that answered and its state: it is named wherever it is shown."""
    return f"{escape(made.backbone)}, {escape(made.state)}"
