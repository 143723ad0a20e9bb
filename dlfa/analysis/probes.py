"""What a linear probe reads out of every space: the language of a sentence, the kind of a word.

A probe that tells languages well says that the space keeps them apart, somewhere; one that learned
parts of speech from English and finds them in Hindi says that both lie in the same directions.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Bool, Float, Int

from dlfa.analysis.directions import check_finite
from dlfa.analysis.linear_probe import ProbeSums
from dlfa.analysis.pos_probe import pos_probe
from dlfa.analysis.probe_results import probed
from dlfa.analysis.translations import clusters, codes
from dlfa.errors import InputError
from dlfa.results import LayerVectors, Probe, SentenceSet

__all__ = ["language_probe", "pos_probe"]

FOLDS = 5
SHUFFLES = 2

OnProgress = Callable[[int, int], object]
Right = Bool[np.ndarray, "set sentence"]


def language_probe(
    vectors: LayerVectors,
    sentences: SentenceSet,
    *,
    folds: int = FOLDS,
    seed: int = 0,
    on_progress: OnProgress = lambda done, total: None,
) -> Probe:
    """Return how well a sentence's language can be told by one linear map.

    Cross-validated by item, so that no translation of what is asked for was learned from; see
    `dlfa.analysis.linear_probe` for the probe. Vectors are always raw: of vectors without their
    languages' means it has nothing to learn from. In the control, every item's translations
    exchange their languages at random. Intervals: Wilson's, items drawn as wholes.

    Args:
        vectors: of the sentences.
        sentences: their languages; those of nobody's language are left out.
        folds: of the cross-validation.
        seed: of folds and shuffles.
        on_progress: called with spaces done, and all of them.

    Raises:
        InputError: fewer than two languages, fewer items than folds, or values that are no finite
            numbers.
    """
    check_finite(vectors.vectors)
    names = codes(sentences)
    rows = np.flatnonzero(np.isin(sentences.languages, names))
    items = np.unique(clusters(sentences)[rows], return_inverse=True)[1]
    if len(names) < 2:
        raise InputError("error.measure.languages", least=2)
    if items.max() + 1 < folds:
        raise InputError("error.probe.items", least=folds)
    draw = np.random.default_rng(seed)
    fold = (draw.permutation(int(items.max()) + 1) % folds)[items]
    spoken = np.searchsorted(names, sentences.languages[rows])
    labels = np.stack([spoken, *(_exchanged(spoken, items, draw) for _ in range(SHUFFLES))])
    found = []
    for done, space in enumerate(vectors.vectors):
        found.append(_cross_validated(space[rows], labels, fold, len(names)))
        on_progress(done + 1, len(vectors.spaces))
    right = np.array(found)  # (space set sentence)
    of = [spoken == language for language in range(len(names))]
    return probed(
        "language",
        vectors.spaces,
        names,
        [right[:, 0, those] for those in of],
        [items[those] for those in of],
        control=right[:, 1:].mean((1, 2)),
        majority=float(np.bincount(spoken).max() / len(spoken)),
        trained_on=names,
        provenance=replace(vectors.provenance, seed=seed),
    )


def _exchanged(
    spoken: Int[np.ndarray, " sentence"],
    items: Int[np.ndarray, " sentence"],
    draw: np.random.Generator,
) -> Int[np.ndarray, " sentence"]:
    """Shuffle the languages of each item's sentences; of one that is alone, among all those."""
    alone = np.bincount(items)[items] == 1
    groups = np.where(alone, -1, items)
    there = np.lexsort((draw.random(len(items)), groups))
    back = np.argsort(groups, kind="stable")
    found = np.empty_like(spoken)
    found[back] = spoken[there]
    return found


def _cross_validated(
    vectors: Float[np.ndarray, "sentence dim"],
    labels: Int[np.ndarray, "set sentence"],
    fold: Int[np.ndarray, " sentence"],
    classes: int,
) -> Right:
    """Return whether each sentence's label is found by what learned from the other folds."""
    given, wanted = torch.from_numpy(vectors)[None], torch.from_numpy(labels)
    parts = [torch.from_numpy(np.flatnonzero(fold == one)) for one in range(int(fold.max()) + 1)]
    first = ProbeSums.of(given[:, parts[0]], wanted[:, parts[0]], classes)
    sums = [first, *(first.like(given[:, rows], wanted[:, rows]) for rows in parts[1:])]
    total = sum(sums[1:], first)
    right = np.zeros(labels.shape, bool)
    for rows, own in zip(parts, sums, strict=True):
        guessed = (total - own).fit().predict(given[:, rows])[:, 0]
        right[:, rows.numpy()] = (guessed == wanted[:, rows]).numpy()
    return right
