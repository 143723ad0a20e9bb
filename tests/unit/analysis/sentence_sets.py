"""Made-up sentences with vectors whose truth is known."""

import numpy as np

from tests.unit.figures.samples import provenance


def sentence_set(codes="en de fr", items=40, columns=None):
    """Return parallel sentences: all of one language, then all of the next."""
    from dlfa.results import SentenceSet

    languages = np.repeat(codes.split(), items)
    names = np.array([f"item-{at:04}" for at in range(items)] * len(codes.split()))
    return SentenceSet(
        texts=tuple(f"{code} {name}" for code, name in zip(languages, names, strict=True)),
        languages=languages,
        items=names,
        columns=columns or {},
        guessed=np.zeros(len(names), bool),
        copies=np.ones(len(names), int),
        name="made-up",
        digest="0" * 32,
    )


def layer_vectors(*spaces):
    """Return vectors, one argument a space: each a list of one table per language."""
    from dlfa.results import LayerVectors

    table = np.stack([np.concatenate(space) for space in spaces]).astype(np.float32)
    return LayerVectors(
        spaces=tuple(map(str, range(len(spaces)))),
        vectors=table,
        pooled_by="mean",
        tokens=np.full(table.shape[1], 9),
        cut=np.zeros(table.shape[1], bool),
        provenance=provenance(),
    )


def cloud(items=40, dim=12, seed=0):
    """Return unrelated vectors around a common point, as an encoder's are."""
    return np.random.default_rng(seed).normal(size=(items, dim)) + 1


def rotation(dim=12, seed=1):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(dim, dim)))[0]
