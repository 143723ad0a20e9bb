"""The numbers of one pair's gates as rows: a cell, its branches, its changes, its translation."""

from collections.abc import Iterator

import numpy as np

from dlfa.figures.aligned import part_of_words
from dlfa.figures.balance import token_balance
from dlfa.figures.rows import token_rows, word_means
from dlfa.figures.tables import Row, source
from dlfa.results import (
    BASELINE,
    GateComparison,
    GateEffects,
    HeadGate,
    Provenance,
    Tokens,
    head_gate,
)

__all__ = [
    "alignment_table",
    "branches_table",
    "cell_table",
    "comparison_table",
    "effects_table",
]

QUANTITIES = (
    "attention",
    "gate",
    "cell_share",
    "global_logits",
    "local_logits",
    "untrained",
    "noise",
)


def cell_table(
    gate: HeadGate,
    tokens: Tokens,
    provenance: Provenance | None = None,
    *,
    token: int,
    channel: int,
) -> list[Row]:
    """Return one row per quantity of one cell, beside its token's and its channel's mean.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        provenance: named in every row where given.
        token: its place in ``tokens``.
        channel: its index.

    Raises:
        IndexError: a token or a channel that is not there.
    """
    where: Row = {
        "head": gate.head,
        "layer": gate.layer,
        "kind": gate.kind,
        "position": token,
        "token": tokens.pieces[token],
        "channel": channel,
    }
    made = source(provenance)
    return [where | numbers | made for numbers in _cell_rows(gate, token, channel)]


def _cell_rows(gate: HeadGate, token: int, channel: int) -> Iterator[Row]:
    for name in QUANTITIES:
        cells = getattr(gate, name)
        if name == "global_logits":  # the same for every token
            cells = np.broadcast_to(cells, gate.attention.shape)
        yield {
            "quantity": name,
            "value": float(cells[token, channel]),
            "token_mean": float(cells[token].mean()),
            "channel_mean": float(cells[:, channel].mean()),
        }


def branches_table(
    gate: HeadGate, tokens: Tokens, provenance: Provenance | None = None
) -> list[Row]:
    """Return one row per token: root mean square and mean over channels of each branch's logits.

    Columns end in the source: ``sentence`` (global), ``token`` (local), ``both`` (their sum) and
    ``twin`` (the untrained twin's sum).
    """
    squares, means = token_balance(gate, token_rows(tokens))
    made = source(provenance)
    rows: list[Row] = []
    for at, piece in enumerate(tokens.pieces):
        row: Row = {"head": gate.head, "layer": gate.layer, "kind": gate.kind, "position": at}
        row |= {"token": piece, "segment": tokens.segment[at]}
        row |= {f"rms_{name}": float(numbers[at]) for name, numbers in squares.items()}
        row |= {f"mean_{name}": float(numbers[at]) for name, numbers in means.items()}
        rows.append(row | made)
    return rows


def effects_table(effects: GateEffects) -> list[Row]:
    """Return one row per change and head; a last one, change ``"none"``, for the baseline."""
    made = source(effects.provenance)
    places = np.ndindex(len(effects.changes), len(effects.heads))
    rows = [_effect_row(effects, change, head) | made for change, head in places]
    zeros = np.zeros_like(effects.baseline)
    numbers = _label_numbers(effects, effects.baseline, zeros)
    last: Row = {"change": "none", "head": BASELINE, "shift": 0.0, "draws": 0}
    return [*rows, last | numbers | made]


def _effect_row(effects: GateEffects, change: int, head: int) -> Row:
    shuffled = effects.changes[change].startswith("shuffle")
    row: Row = {
        "change": effects.changes[change],
        "head": effects.heads[head],
        "shift": float(effects.shifts[change, head]),
        "draws": effects.draws if shuffled else 0,
    }
    place = change, head
    return row | _label_numbers(effects, effects.probabilities[place], effects.deviations[place])


def _label_numbers(effects: GateEffects, shares: np.ndarray, deviations: np.ndarray) -> Row:
    row: Row = {"answer": effects.labels[int(shares.argmax())]}
    for label, share, deviation in zip(effects.labels, shares, deviations, strict=True):
        row |= {f"p_{label}": float(share), f"sd_{label}": float(deviation)}
    return row


def comparison_table(comparison: GateComparison) -> list[Row]:
    """Return one row per head: r, the random alignments', the twin's, and r − the twin's (gain).

    Intervals are 95 %; ``alignment_layer`` is the layer whose vectors linked the words.
    """
    made = source(comparison.provenance)
    columns = {
        "r": comparison.correlation,
        "low": comparison.low,
        "high": comparison.high,
        "chance_low": comparison.chance_low,
        "chance_high": comparison.chance_high,
        "twin_r": comparison.noise_correlation,
        "gain": comparison.correlation - comparison.noise_correlation,
        "gain_low": comparison.gain_low,
        "gain_high": comparison.gain_high,
    }
    beyond = {"beyond_chance": comparison.beyond_chance, "beyond_twin": comparison.beyond_twin}
    rows: list[Row] = []
    for at, head in enumerate(comparison.heads):
        first, second = comparison.languages
        row: Row = {"first": first, "second": second, "head": head, "kind": head_gate(head) or ""}
        row |= {"links": len(comparison.alignment), "alignment_layer": comparison.alignment.layer}
        row |= {name: float(column[at]) for name, column in columns.items()}
        rows.append(row | {name: bool(found[at]) for name, found in beyond.items()} | made)
    return rows


def alignment_table(comparison: GateComparison, *, head: str) -> list[Row]:
    """Return one row per pair of aligned words: their cosine, and each one's mean share.

    Raises:
        KeyError: a head that was not compared.
    """
    made = source(comparison.provenance)
    sides = comparison.first, comparison.second
    shares = [word_means(side[head].share, side.tokens) for side in sides]
    twins = [word_means(side[head].noise_share, side.tokens) for side in sides]
    parts = part_of_words(comparison.first.tokens)
    rows: list[Row] = []
    links = comparison.alignment
    for first, second, cosine in zip(links.first, links.second, links.similarity, strict=True):
        row: Row = {"head": head, "part": parts[first], "cosine": float(cosine)}
        for at, (name, word) in enumerate((("first", first), ("second", second))):
            row |= {
                f"{name}_language": comparison.languages[at],
                f"{name}_position": int(word),
                f"{name}_word": sides[at].tokens.words[word],
                f"{name}_share": float(shares[at][word]),
                f"{name}_noise_share": float(twins[at][word]),
            }
        rows.append(row | made)
    return rows
