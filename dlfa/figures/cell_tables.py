"""The cells of a gate's picture as rows, in the picture's order."""

from collections.abc import Iterator
from itertools import pairwise

from dlfa.figures.channels import Columns, Order
from dlfa.figures.gates import shown_columns
from dlfa.figures.rows import Rows, token_rows
from dlfa.figures.tables import Row, source
from dlfa.figures.values import Quantity, values
from dlfa.results import HeadGate, Provenance, Tokens

__all__ = ["cells_table"]


def cells_table(
    gate: HeadGate,
    tokens: Tokens,
    provenance: Provenance | None = None,
    *,
    what: Quantity = "attention",
    order: Order = "index",
    groups: int = 0,
    merged: bool = False,
    against: HeadGate | None = None,
) -> list[Row]:
    """Return one row per cell that `gate_with_control` shows, from the upper left rightwards.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        provenance: named in every row where given.
        what: s, g or the lower layer's share.
        order: of the channels, as in the picture; the next three too.
        groups: channels averaged into so many; 0: none.
        merged: sub-words are averaged into words.
        against: for ``order="difference"``.

    Returns:
        rows with the token's text and position (of a word: its first token's), the channel (of a
        group: its first and last in this order, and how many), and the trained gate's and the
        untrained twin's value.

    Raises:
        ValueError: ``order="difference"`` without ``against``.
    """
    rows, columns = token_rows(tokens, merged), shown_columns(gate, what, order, groups, against)
    trained, twin = (
        columns.of(rows.average(values(gate, what, state))).tolist()
        for state in ("trained", "noise")
    )
    head: Row = {"head": gate.head, "layer": gate.layer, "kind": gate.kind, "quantity": what}
    made, across = source(provenance), list(_channels(columns))
    return [
        head | token | channel | {"trained": one, "twin": other} | made
        for token, ours, theirs in zip(_tokens(tokens, rows, merged), trained, twin, strict=True)
        for channel, one, other in zip(across, ours, theirs, strict=True)
    ]


def _tokens(tokens: Tokens, rows: Rows, merged: bool) -> Iterator[Row]:
    for at in rows.first.tolist():
        word = int(tokens.word[at])
        text = tokens.words[word] if merged and word >= 0 else tokens.pieces[at]
        name = "word" if merged else "token"
        yield {"position": at, name: text, "segment": tokens.segment[at]}


def _channels(columns: Columns) -> Iterator[Row]:
    spans = (columns.channels[first:end] for first, end in pairwise(columns.edges))
    for span in spans:
        first, last = int(span[0]), int(span[-1])
        if columns.grouped:
            yield {"first_channel": first, "last_channel": last, "channels": len(span)}
        else:
            yield {"channel": first}
