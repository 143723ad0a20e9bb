"""Sentences whose layers are known: languages that lie apart below and together above."""

import numpy as np

from dlfa.results import LayerVectors, Provenance, SentenceSet

LANGUAGES = ("de", "en", "th")
PROVENANCE = Provenance(
    backbone="synthetic",
    state="raw",
    checkpoint="",
    revision="",
    device="cpu",
    dtype="float32",
    seed=0,
)


def sentence_set(languages: np.ndarray) -> SentenceSet:
    count = len(languages)
    return SentenceSet(
        texts=tuple(f"sentence {row}" for row in range(count)),
        languages=languages,
        items=np.array([f"item {row // len(LANGUAGES)}" for row in range(count)]),
        guessed=np.zeros(count, dtype=bool),
        copies=np.ones(count, dtype=int),
        name="synthetic",
        digest="0" * 32,
    )


def layer_vectors(vectors: np.ndarray) -> LayerVectors:
    spaces, count, _ = vectors.shape
    return LayerVectors(
        spaces=tuple(str(space) for space in range(spaces)),
        vectors=vectors.astype(np.float32),
        pooled_by="mean",
        tokens=np.full(count, 7),
        cut=np.zeros(count, dtype=bool),
        provenance=PROVENANCE,
    )


def merging(
    items: int = 40, spaces: int = 4, dim: int = 16, seed: int = 0
) -> tuple[LayerVectors, SentenceSet]:
    """Return translations whose languages lie far apart in the first space and not in the last."""
    random = np.random.default_rng(seed)
    languages = np.tile(np.array(LANGUAGES), items)
    meaning = np.repeat(random.normal(size=(items, dim)), len(LANGUAGES), axis=0)
    accent = random.normal(size=(len(LANGUAGES), dim))[np.arange(len(languages)) % 3]
    noise = 0.3 * random.normal(size=(spaces, len(languages), dim))
    share = np.linspace(3, 0, spaces)[:, None, None]
    return layer_vectors(meaning + share * accent + noise), sentence_set(languages)
