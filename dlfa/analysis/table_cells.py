"""One group of languages of a table: values and differences over seeds, Holm over its heads."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dlfa.analysis.drawn import Drawn, one_seed
from dlfa.analysis.seeds import over_seeds
from dlfa.analysis.statistics import holm
from dlfa.results import BASELINE, Seeded, Source

__all__ = ["CELLS", "Run", "row_of"]

WORTH = ("value", "value_low", "value_high")
APART = ("difference", "low", "high", "p", "between")
FIELDS = ("mean", "low", "high", "p", "between")  # of `Seeded`, in the same order
CELLS = (*WORTH, *APART, "p_holm")
"""What is known of a head and a group, as of `dlfa.results.Measured`."""


class Run(NamedTuple):
    """A seed's record, and what it says."""

    source: Source
    said: Drawn


def row_of(
    runs: Sequence[Run], heads: Sequence[str], places: list[int]
) -> dict[str, Float[np.ndarray, " head"]]:
    """Return all cells of one group of languages; NaN where there is nothing.

    Args:
        runs: a record per seed, each with the baseline.
        heads: of the table.
        places: the languages' indices.
    """
    found = {name: np.full(len(heads), np.nan) for name in CELLS}

    def put(names: Sequence[str], cells: Sequence[str], told: Seeded) -> None:
        at = [heads.index(head) for head in names]
        for cell, field in zip(cells, FIELDS, strict=False):
            found[cell][at] = getattr(told, field)

    for names, some in _alike(runs, heads).items():
        put(names, WORTH, over_seeds(*_each(some, names, places)))
        fused = [head for head in names if head != BASELINE]
        if fused:
            put(fused, APART, _apart(some, fused, places))
    there = np.isfinite(found["p"])
    found["p_holm"][there] = holm(found["p"][there])
    return found


def _alike(runs: Sequence[Run], heads: Sequence[str]) -> dict[tuple[str, ...], list[Run]]:
    """Return the heads that the same seeds have, with those seeds' runs."""
    found: dict[tuple[int, ...], list[str]] = {}
    for head in heads:
        have = tuple(at for at, run in enumerate(runs) if head in run.said.heads)
        found.setdefault(have, []).append(head)
    return {tuple(names): [runs[at] for at in have] for have, names in found.items()}


def _each(
    runs: Sequence[Run], names: Sequence[str], places: list[int]
) -> tuple[Float[np.ndarray, "seed head"], Float[np.ndarray, "seed draw head"]]:
    """Return what each seed says of some heads, mean over some languages, and in every draw."""
    found, drawn = [], []
    for run in runs:
        at = [run.said.heads.index(head) for head in names]
        found.append(run.said.found[:, places].mean(axis=1)[at])
        drawn.append(run.said.drawn[:, places].mean(axis=1)[:, at])
    return np.array(found), np.array(drawn)


def _apart(runs: Sequence[Run], names: Sequence[str], places: list[int]) -> Seeded:
    """Return the differences to the baseline of the same seed, over seeds."""
    if len(runs) == 1:
        said = runs[0].said
        return one_seed(said, [said.heads.index(head) for head in names], np.array(places))
    found, drawn = _each(runs, names, places)
    alone, alone_drawn = _each(runs, [BASELINE], places)
    return over_seeds(found - alone, drawn - alone_drawn)
