"""Do sentences of one label (language, topic, own column) lie together, apart from the others?"""

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.directions import centred_by_language, check_finite, unit
from dlfa.analysis.layer_measures import DRAWS
from dlfa.analysis.statistics import Draws, bounds
from dlfa.analysis.translations import clusters
from dlfa.errors import InputError
from dlfa.results import LayerMeasure, LayerVectors, SentenceSet

__all__ = ["silhouette", "silhouettes"]

SHUFFLES = 10
BLOCK = 2_000_000  # likenesses of sentences to groups at a time: 16 MB
LANGUAGE = "language"

Table = Float[np.ndarray, "space sentence"]


def silhouette(
    vectors: LayerVectors,
    sentences: SentenceSet,
    by: str = "label",
    *,
    centred: bool = False,
    draws: int = DRAWS,
    seed: int = 0,
) -> LayerMeasure:
    """Measure how well a labelling is told apart by place alone: 1 is islands, 0 is one cloud.

    The silhouettes (see `silhouettes`) of all sentences together, averaged per language: its rows
    are ``(code, "")``. Sentences that have no label are left out. Intervals: a bootstrap over
    items, of means of the silhouettes; the control has the labels shuffled, between items where
    translations share theirs.

    Args:
        vectors: of the sentences.
        sentences: their languages, items and columns.
        by: ``"language"``, or one of the set's columns.
        centred: whether each language's mean is taken off first.
        draws: of the bootstrap.
        seed: of the draws and the shuffled labels.

    Raises:
        InputError: no such column, fewer than two labels in it, or values that are no finite
            numbers.
    """
    check_finite(vectors.vectors)
    labels = _labels(sentences, by)
    rows = np.flatnonzero(labels != "")
    names, groups = np.unique(labels[rows], return_inverse=True)
    if len(names) < 2:
        raise InputError("error.measure.groups", name=by)
    items, languages = clusters(sentences)[rows], sentences.languages[rows]
    shuffled = _shuffled(groups, items, seed)
    table, chance = [], []
    for space in vectors.vectors:
        chosen = (centred_by_language(space, sentences.languages) if centred else space)[rows]
        table.append(silhouettes(chosen, groups))
        chance.append([silhouettes(chosen, order) for order in shuffled])
    spoken = np.unique(languages)
    drawn = _means(np.array(table), languages, items, draws, seed)  # (draw language space)
    low, high = bounds(drawn[1:])
    average_low, average_high = bounds(drawn[1:].mean(1))
    controls = np.mean(chance, axis=1)  # (space sentence)
    return LayerMeasure(
        name=f"silhouette-{by}",
        spaces=vectors.spaces,
        pairs=tuple((str(code), "") for code in spoken),
        values=drawn[0],
        low=low,
        high=high,
        average=drawn[0].mean(0),
        average_low=average_low,
        average_high=average_high,
        control=np.mean([controls[:, languages == code].mean(1) for code in spoken], axis=0),
        n=np.array([(languages == code).sum() for code in spoken]),
        provenance=replace(vectors.provenance, seed=seed),
    )


def silhouettes(
    vectors: Float[np.ndarray, "sentence dim"], groups: Int[np.ndarray, " sentence"]
) -> Float[np.ndarray, " sentence"]:
    """Return each sentence's silhouette (Rousseeuw 1987), of cosine distances.

    (b − a) / max(a, b), where a is the mean distance to the others of its group and b that to the
    nearest other group; 0 for one that is alone in its group. The mean distance from a sentence to
    a group follows from the sum of the group's unit vectors, so that n sentences cost n, not n².

    Args:
        vectors: of the sentences.
        groups: numbers from 0, none left out; two at least.
    """
    directions = unit(vectors).astype(float)
    sizes = np.bincount(groups)
    sums = np.zeros((len(sizes), directions.shape[1]))
    np.add.at(sums, groups, directions)
    blocks = np.array_split(np.arange(len(groups)), -(-len(groups) * len(sizes) // BLOCK))
    parts = [_silhouettes(directions[rows], groups[rows], sums, sizes) for rows in blocks]
    return np.concatenate(parts)


def _silhouettes(
    directions: Float[np.ndarray, "sentence dim"],
    groups: Int[np.ndarray, " sentence"],
    sums: Float[np.ndarray, "group dim"],
    sizes: Int[np.ndarray, " group"],
) -> Float[np.ndarray, " sentence"]:
    """Return some sentences' silhouettes, given all groups' sums of unit vectors."""
    like = directions @ sums.T  # (sentence group)
    rows, own = np.arange(len(groups)), sizes[groups]
    others = like[rows, groups] - (directions**2).sum(1)
    within = 1 - np.divide(others, own - 1, out=np.zeros(len(own)), where=own > 1)
    apart = 1 - like / sizes
    apart[rows, groups] = np.inf
    nearest = apart.min(1)
    larger = np.maximum(within, nearest)
    known = (own > 1) & (larger > 0)
    return np.divide(nearest - within, larger, out=np.zeros(len(own)), where=known)


def _labels(sentences: SentenceSet, by: str) -> np.ndarray:
    if by == LANGUAGE:
        return sentences.languages
    if by not in sentences.columns:
        known = ", ".join([LANGUAGE, *sentences.columns])
        raise InputError("error.measure.column", name=by, known=known)
    return sentences.columns[by]


def _shuffled(
    groups: Int[np.ndarray, " sentence"], items: Int[np.ndarray, " sentence"], seed: int
) -> list[np.ndarray]:
    """Return wrong labels; translations go on sharing theirs where all of them do."""
    draw = np.random.default_rng(seed)
    _names, first, places = np.unique(items, return_index=True, return_inverse=True)
    by_item = groups[first]
    if (by_item[places] == groups).all():
        return [draw.permutation(by_item)[places] for _ in range(SHUFFLES)]
    return [draw.permutation(groups) for _ in range(SHUFFLES)]


def _means(
    table: Table, languages: np.ndarray, items: np.ndarray, draws: int, seed: int
) -> Float[np.ndarray, "draw language space"]:
    """Return each language's mean, of all sentences first and then in every draw of items."""
    run = Draws(items, draws, seed=seed)
    counts = np.concatenate([np.ones((1, run.premises)), run.counts])
    found = []
    for code in np.unique(languages):
        rows = np.flatnonzero(languages == code)
        weights = counts[:, run.places[rows]]
        n = weights.sum(1, keepdims=True)
        weights[n[:, 0] == 0] = 1  # a draw without this language says nothing new of it
        found.append(weights @ table[:, rows].T / weights.sum(1, keepdims=True))
    return np.stack(found, axis=1)
