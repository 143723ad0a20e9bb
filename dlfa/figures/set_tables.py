"""The numbers of gates over a set of pairs as rows: shares, statistics, variance, accuracy."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from jaxtyping import Float

from dlfa.figures.tables import Row, source
from dlfa.results import FACTORS, PARTS, GateStudy, GateTrial, head_gate, head_layer

__all__ = ["drift_table", "explained_table", "study_table", "trial_table"]

BRANCHES = ("global", "local")
WHOLE = "all"  # parts of a pair together


def study_table(study: GateStudy) -> list[Row]:
    """Return one row per language, label, head and part: mean and deviation of the share.

    Part ``"all"`` is each pair's mean over all its tokens, special ones too. A
    combination that no pair has is left out.
    """
    made = source(study.provenance)
    return [row | made for row in _study_rows(study)]


def _study_rows(study: GateStudy) -> Iterator[Row]:
    for language, code in enumerate(study.languages):
        for label, name in enumerate(study.labels):
            chosen = (study.language == language) & (study.label == label)
            for head, part in product(range(len(study.heads)), (WHOLE, *PARTS)):
                share, twin = (column[chosen] for column in _of_part(study, head, part))
                there = np.isfinite(share) & np.isfinite(twin)
                if there.any():
                    which: Row = {"data": study.data, "language": code, "label": name}
                    which |= {"head": study.heads[head], "part": part}
                    yield which | _moments(share[there], twin[there])


def _of_part(
    study: GateStudy, head: int, part: str
) -> tuple[Float[np.ndarray, " pair"], Float[np.ndarray, " pair"]]:
    """Return the share of every pair, trained and the twin's; NaN where it lacks the part."""
    if part == WHOLE:
        return study.whole[:, head], study.noise_whole[:, head]
    place = PARTS.index(part)
    return study.share[:, head, place], study.noise_share[:, head, place]


def _moments(share: np.ndarray, twin: np.ndarray) -> Row:
    return {
        "pairs": len(share),
        "share_mean": float(share.mean()),
        "share_sd": float(share.std()),
        "noise_share_mean": float(twin.mean()),
        "noise_share_sd": float(twin.std()),
    }


def drift_table(study: GateStudy) -> list[Row]:
    """Return one row per head, branch and language: how far it is from English statistics."""
    made = source(study.provenance)
    places = np.ndindex(study.drift.shape)
    return [_drift_row(study, *place) | made for place in places]


def _drift_row(study: GateStudy, head: int, branch: int, language: int) -> Row:
    name, place = study.heads[head], (head, branch, language)
    return {
        "data": study.data,
        "head": name,
        "layer": head_layer(name) or 0,
        "kind": head_gate(name) or "",
        "branch": BRANCHES[branch],
        "language": study.languages[language],
        "drift": float(study.drift[place]),
        "spread": float(study.spread[place]),
    }


def explained_table(study: GateStudy) -> list[Row]:
    """Return one row per kind of gate and state: the variance of s, and what explains it."""
    made = source(study.provenance)
    rows: list[Row] = []
    for kind, states in study.explained.items():
        for state, found in states.items():
            row: Row = {"data": study.data, "kind": kind, "state_of_gate": state}
            row |= {"variance": found["total"]}
            row |= {f"explained_{factor.replace('-', '_')}": found[factor] for factor in FACTORS}
            rows.append(row | made)
    return rows


def trial_table(trial: GateTrial) -> list[Row]:
    """Return one row per change and head: accuracy, difference, both intervals, right by language.

    Intervals are 95 %; ``n_*`` and ``right_*`` count pairs of each language.
    """
    made = source(trial.provenance)
    places = np.ndindex(len(trial.changes), len(trial.heads))
    return [_trial_row(trial, change, head) | made for change, head in places]


def _trial_row(trial: GateTrial, change: int, head: int) -> Row:
    place = change, head
    row: Row = {
        "data": trial.data,
        "change": trial.changes[change],
        "head": trial.heads[head],
        "n": int(trial.n.sum()),
        "accuracy": float(trial.accuracy[place]),
        "low": float(trial.low[place]),
        "high": float(trial.high[place]),
        "difference": float(trial.difference[place]),
        "difference_low": float(trial.difference_low[place]),
        "difference_high": float(trial.difference_high[place]),
        "flipped": int(trial.flipped[place].sum()),
    }
    for at, language in enumerate(trial.languages):
        row |= {f"n_{language}": int(trial.n[at]), f"right_{language}": int(trial.right[place][at])}
    return row
