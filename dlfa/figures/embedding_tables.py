"""Maps and measures of sentences as rows: points of a space, its quality, measures, distances.

Shares lie in [0, 1]; intervals hold 95 % and are about sentences, for this encoder only.
"""

from collections.abc import Sequence

import numpy as np

from dlfa.figures.map_words import space_at
from dlfa.figures.tables import Row, source
from dlfa.figures.tree_words import tree_place
from dlfa.results import LanguageTree, LayerMap, LayerMeasure, Neighbours, Probe, SentenceSet

__all__ = ["map_table", "measure_table", "probe_table", "quality_table", "tree_table"]

AXES = ("x", "y", "z")
AVERAGE = "average"  # in the place of a pair or a language: the mean over all


def map_table(
    mapped: LayerMap,
    sentences: SentenceSet,
    *,
    space: str = "",
    rows: Sequence[int] | None = None,
    neighbours: Neighbours | None = None,
) -> list[Row]:
    """Return one row per sentence: its text, what is known of it, its place in one space.

    Args:
        mapped: of these sentences.
        sentences: what the points are.
        space: which; empty: the first.
        rows: of the sentences; None: all of them.
        neighbours: adds the nearest in the full space, with its similarity.

    Raises:
        ValueError: a space that the map lacks.
    """
    at = space_at(mapped, space)
    name = mapped.spaces[at]
    made = source(mapped.provenance)
    chosen = range(len(sentences.texts)) if rows is None else rows
    return [
        _sentence(sentences, row)
        | {"space": name, "method": mapped.method, "centred": mapped.centred}
        | dict(zip(AXES, map(float, mapped.points[at, row]), strict=False))
        | _nearest(sentences, neighbours, name, row)
        | made
        for row in chosen
    ]


def _sentence(sentences: SentenceSet, row: int) -> Row:
    own: Row = {f"column_{name}": str(values[row]) for name, values in sentences.columns.items()}
    known: Row = {
        "row": row,
        "text": sentences.texts[row],
        "language": str(sentences.languages[row]),
        "guessed": bool(sentences.guessed[row]),
        "item": str(sentences.items[row]),
        "copies": int(sentences.copies[row]),
    }
    return known | own


def _nearest(sentences: SentenceSet, neighbours: Neighbours | None, space: str, row: int) -> Row:
    if neighbours is None or space not in neighbours.spaces:
        return {}
    at = neighbours.spaces.index(space)
    near = int(neighbours.rows[at, row, 0])
    similarity = float(neighbours.similarity[at, row, 0])
    return {"nearest_row": near, "nearest": sentences.texts[near], "similarity": similarity}


def quality_table(mapped: LayerMap) -> list[Row]:
    """Return one row per space: trustworthiness, kept neighbours, chance, seeds, drift to it."""
    drift = [0.0, *mapped.drift.tolist()]
    return [
        {
            "space": space,
            "method": mapped.method,
            "centred": mapped.centred,
            "k": mapped.k,
            "trustworthiness": float(mapped.trustworthiness[at]),
            "overlap": float(mapped.overlap[at]),
            "chance": mapped.chance,
            "stability": float(mapped.stability[at]),
            "drift": drift[at],
        }
        | source(mapped.provenance)
        for at, space in enumerate(mapped.spaces)
    ]


def measure_table(measures: LayerMeasure | Sequence[LayerMeasure]) -> list[Row]:
    """Return one row per measure, pair and space, and per measure and space the average."""
    every = [measures] if isinstance(measures, LayerMeasure) else list(measures)
    return [
        row
        for one in every
        for row in _rows(one, [f"{first}-{second}".strip("-") for first, second in one.pairs])
    ]


def probe_table(probe: Probe) -> list[Row]:
    """Return one row per language and space, and per space the average, with the majority."""
    return [row | {"majority": probe.majority} for row in _rows(probe, probe.languages)]


def _rows(found: LayerMeasure | Probe, names: Sequence[str]) -> list[Row]:
    values = np.vstack([found.values, found.average])
    low = np.vstack([found.low, found.average_low])
    high = np.vstack([found.high, found.average_high])
    sizes: list[int] = [*found.n.tolist(), int(found.n.sum())]
    every = [*names, AVERAGE]
    made = source(found.provenance)
    rows: list[Row] = [
        {
            "measure": found.name,
            "languages": name,
            "space": space,
            "value": float(values[row, at]),
            "low": float(low[row, at]),
            "high": float(high[row, at]),
            "control": float(found.control[at]),
            "n": sizes[row],
        }
        for row, name in enumerate(every)
        for at, space in enumerate(found.spaces)
    ]
    return [row | made for row in rows]


def tree_table(tree: LanguageTree, *, space: str = "") -> list[Row]:
    """Return one row per pair of languages in one space: 1 − cosine, and their families.

    Raises:
        ValueError: a space that is not there.
    """
    at = tree_place(tree, space)
    rows: list[Row] = [
        {
            "space": tree.spaces[at],
            "first": tree.languages[one],
            "second": tree.languages[other],
            "first_family": tree.families[one],
            "second_family": tree.families[other],
            "distance": float(tree.distances[at, one, other]),
            "agreement": float(tree.agreement[at]),
            "p": float(tree.p[at]),
        }
        for one in range(len(tree.languages))
        for other in range(one + 1, len(tree.languages))
    ]
    return [row | source(tree.provenance) for row in rows]
