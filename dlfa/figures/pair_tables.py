"""The answers to many pairs as rows of plain values for download; column names are identifiers."""

from collections.abc import Iterable

from dlfa.figures.tables import Row
from dlfa.results.comparisons import AnsweredPair, Duel

__all__ = ["duel_table", "pairs_table", "sides_table"]


Columns = tuple[str, str]
SENTENCES = ("premise", "hypothesis")  # what their columns are called unless a task says so


def pairs_table(pairs: Iterable[AnsweredPair], columns: Columns = SENTENCES) -> list[Row]:
    """Return one row per pair: the texts, how far the heads agree, each head's answer and shares.

    Args:
        pairs: with the answers of the same heads.
        columns: what the two sentences' are called.
    """
    return [_row(pair, columns) for pair in pairs]


def _row(pair: AnsweredPair, columns: Columns) -> Row:
    label, count = pair.majority
    first, made = pair.answers[0], pair.answers[0].provenance
    row: Row = {"row": pair.number, columns[0]: pair.premise, columns[1]: pair.hypothesis}
    row |= {"gold": pair.gold, "majority": label, "heads_in_majority": count}
    row |= {"heads": len(pair.answers), "tokens": first.tokens, "truncated": first.truncated}
    for answer in pair.answers:
        row[f"{answer.head}_answer"] = answer.label
        for name, share in zip(answer.labels, answer.probabilities.tolist(), strict=True):
            row[f"{answer.head}_p_{name}"] = share
    return row | {"backbone": made.backbone, "state": made.state, "checkpoint": made.checkpoint}


def sides_table(
    pairs: Iterable[AnsweredPair], names: tuple[str, str], columns: Columns = SENTENCES
) -> list[Row]:
    """Return one row per pair with A's and B's answers and shares.

    Args:
        pairs: each with two answers, A's and B's.
        names: what A and B are called.
        columns: what the two sentences' are called.
    """
    return [_sides(pair, names, columns) for pair in pairs]


def _sides(pair: AnsweredPair, names: tuple[str, str], columns: Columns) -> Row:
    row: Row = {"row": pair.number, columns[0]: pair.premise, columns[1]: pair.hypothesis}
    row["gold"] = pair.gold
    for side, name, answer in zip(("first", "second"), names, pair.answers, strict=True):
        row |= {side: name, f"{side}_answer": answer.label}
        for label, share in zip(answer.labels, answer.probabilities.tolist(), strict=True):
            row[f"{side}_p_{label}"] = share
        row[f"{side}_checkpoint"] = answer.provenance.checkpoint
    return row


def duel_table(duel: Duel) -> list[Row]:
    """Return how often A and B gave which answers, one row per combination."""
    return [
        {
            "first": duel.names[0],
            "second": duel.names[1],
            "first_answer": a,
            "second_answer": b,
            "pairs": int(duel.counts[row, column]),
            "first_checkpoint": duel.provenance[0].checkpoint,
            "second_checkpoint": duel.provenance[1].checkpoint,
        }
        for row, a in enumerate(duel.labels)
        for column, b in enumerate(duel.labels)
    ]
