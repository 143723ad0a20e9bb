"""The picture of a gate beside its control, in words."""

from dlfa.figures.channels import Columns, Order
from dlfa.figures.gates import against_name, shown_columns
from dlfa.figures.heat import Range
from dlfa.figures.rows import token_rows
from dlfa.figures.values import Control, Quantity, state_word, values
from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.results import HeadGate, Tokens

__all__ = ["describe_gate_with_control"]


def describe_gate_with_control(
    gate: HeadGate,
    tokens: Tokens,
    *,
    control: Control = "noise",
    what: Quantity = "attention",
    order: Order = "index",
    scale: Range = "shared",
    groups: int = 0,
    merged: bool = False,
    against: HeadGate | None = None,
    against_word: str = "",
) -> str:
    """Return `gate_with_control` in words: what is drawn how, and how much the cells vary.

    Raises:
        ValueError: ``order="difference"`` without ``against``.
    """
    trained, untrained = (values(gate, what, state) for state in ("trained", control))
    columns = shown_columns(gate, what, order, groups, against)
    rows = len(token_rows(tokens, merged))
    return _(
        "figure.control.alt",
        what=_(f"figure.quantity.{what}"),
        head=head_word(gate.head),
        rows=_(f"figure.control.alt.{'words' if merged else 'tokens'}", rows=rows),
        columns=_columns_told(columns, against_name(against, against_word)),
        scale=_(f"figure.control.alt.scale.{scale}"),
        trained=f"{trained.std():.3f}",
        state=state_word(gate, control),
        control=f"{untrained.std():.3f}",
    )


def _columns_told(columns: Columns, other: str) -> str:
    count = len(columns.channels)
    words = _(f"figure.control.alt.order.{columns.order}", channels=count, other=other)
    if not columns.grouped:
        return words
    return f"{words} ({_('figure.channels.groups', groups=len(columns))})"
