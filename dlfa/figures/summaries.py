"""What the figures of changed gates show, as narrow rows: tables for a paper.

Percent and percentage points, rounded to one decimal; `trial_table` and `effects_table` have all
numbers as they are.
"""

from collections.abc import Iterator

import numpy as np

from dlfa.figures.tables import Row
from dlfa.figures.verdict import chosen_heads, decided
from dlfa.figures.words import points
from dlfa.results import GateEffects, GateTrial

__all__ = ["effects_summary", "trial_summary"]


def trial_summary(trial: GateTrial, *, head: str | None) -> list[Row]:
    """Return one row per change of the gate.

    Args:
        trial: over labelled pairs.
        head: one head: accuracy and its difference to the gate as trained with their 95 %
            intervals, and how many answers flipped; None: means over all heads, and how many of
            them have an interval of the difference above (raised) and below 0 (lowered).

    Raises:
        ValueError: a head that was not tried.
    """
    chosen = chosen_heads(trial, head)
    changes = range(len(trial.changes))
    if len(chosen) == 1:
        return [_one_head(trial, change, chosen[0]) for change in changes]
    return [_every_head(trial, change, chosen) for change in changes]


def _one_head(trial: GateTrial, change: int, at: int) -> Row:
    place = change, at
    return {
        "change": trial.changes[change],
        "accuracy": points(trial.accuracy[place]),
        "accuracy_low": points(trial.low[place]),
        "accuracy_high": points(trial.high[place]),
        "difference": points(trial.difference[place]),
        "difference_low": points(trial.difference_low[place]),
        "difference_high": points(trial.difference_high[place]),
        "flipped": points(trial.flipped[place].sum() / trial.n.sum()),
    }


def _every_head(trial: GateTrial, change: int, chosen: list[int]) -> Row:
    up, down = decided(trial, chosen)
    return {
        "change": trial.changes[change],
        "heads": len(chosen),
        "accuracy": points(trial.accuracy[change].mean()),
        "difference": points(trial.difference[change].mean()),
        "raised": int(up[change].sum()),
        "lowered": int(down[change].sum()),
        "flipped": points(trial.flipped[change].sum(-1).mean() / trial.n.sum()),
    }


def effects_summary(effects: GateEffects, *, head: str) -> list[Row]:
    """Return one row per change of one head's gate, and a last one, ``"none"``: the baseline's.

    Args:
        effects: of one pair.
        head: one with a gate.

    Returns:
        the answer, every label's probability ± its standard deviation over the shuffles' draws,
        and how far the probabilities moved (total variation distance).

    Raises:
        ValueError: a head that was not changed.
    """
    return list(_effects(effects, effects.heads.index(head)))


def _effects(effects: GateEffects, at: int) -> Iterator[Row]:
    for change, name in enumerate(effects.changes):
        numbers = effects.probabilities[change, at], effects.deviations[change, at]
        yield _answer(effects, name, *numbers) | {"moved": points(effects.shifts[change, at])}
    baseline = effects.baseline
    yield _answer(effects, "none", baseline, np.zeros_like(baseline)) | {"moved": 0.0}


def _answer(effects: GateEffects, change: str, shares: np.ndarray, spread: np.ndarray) -> Row:
    known = bool(np.isfinite(shares).all())
    row: Row = {"change": change, "answer": effects.labels[int(shares.argmax())] if known else ""}
    for label, share, deviation in zip(effects.labels, shares, spread, strict=True):
        row |= {f"p_{label}": points(share), f"sd_{label}": points(deviation)}
    return row
