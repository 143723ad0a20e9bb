"""The numbers behind the figures, as rows of plain values for download.

Column names are identifiers, the same in every language, so that files can be joined.
"""

from collections.abc import Sequence

from dlfa.results import HeadGate, Prediction, Provenance, Tokens

__all__ = ["Row", "gates_table", "probabilities_table", "source"]

Row = dict[str, str | int | float | bool]


def probabilities_table(predictions: Sequence[Prediction]) -> list[Row]:
    """Return one row per head: its answer, each label's probability in [0, 1], and the source."""
    return [
        {"head": answer.head, "answer": answer.label}
        | {
            f"p_{label}": float(share)
            for label, share in zip(answer.labels, answer.probabilities, strict=True)
        }
        | {"tokens": answer.tokens, "truncated": answer.truncated}
        | source(answer.provenance)
        for answer in predictions
    ]


def gates_table(gate: HeadGate, tokens: Tokens, provenance: Provenance | None = None) -> list[Row]:
    """Return one row per token: mean and standard deviation over channels, and the share.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        provenance: named in every row where given, for a file stands alone.
    """
    made = source(provenance)
    return [_token_row(gate, tokens, at) | made for at in range(len(tokens))]


def _token_row(gate: HeadGate, tokens: Tokens, at: int) -> Row:
    row: Row = {
        "head": gate.head,
        "layer": gate.layer,
        "kind": gate.kind,
        "position": at,
        "token": tokens.pieces[at],
        "segment": tokens.segment[at],
        "word": int(tokens.word[at]),
        "lower_share": float(gate.share[at]),
        "noise_share": float(gate.noise_share[at]),
    }
    for name in ("attention", "gate", "untrained", "noise"):
        cells = getattr(gate, name)[at]
        row |= {f"{name}_mean": float(cells.mean()), f"{name}_sd": float(cells.std())}
    return row


def source(made: Provenance | None) -> Row:
    """Return the columns that tell where numbers come from; none where it is not known."""
    if made is None:
        return {}
    return {
        "backbone": made.backbone,
        "state": made.state,
        "checkpoint": made.checkpoint,
        "gate_init": made.gate_init,
    }
