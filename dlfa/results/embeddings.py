"""Sentences as an encoder's layers see them: vectors, maps with their quality, measures by layer.

A *space* is a layer of the encoder, ``"0"`` (the embedding output) to ``"12"``, or the fused space
of a trained head, ``"D_1"`` … . Everything of one space shares its index along the axis ``space``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.results.provenance import Provenance

__all__ = [
    "UNKNOWN",
    "LanguageTree",
    "LayerMap",
    "LayerMeasure",
    "LayerVectors",
    "Method",
    "Neighbours",
    "Placed",
    "PooledBy",
    "Probe",
    "SentenceSet",
]

UNKNOWN = "und"
"""The language code where nobody said and nothing could be guessed."""

PooledBy = Literal["mean", "first"]
"""Mean over the real tokens, or the first token's vector."""

Method = Literal["pca", "umap"]


@dataclass(frozen=True, kw_only=True)
class SentenceSet:
    """Sentences with what is known of them; equal ones (text and language) are there once."""

    texts: tuple[str, ...]
    languages: np.ndarray
    """ISO 639-1 codes, ``(sentence)`` strings; `UNKNOWN` where nobody said."""
    items: np.ndarray
    """What the sentence is a translation of, ``(sentence)`` strings: translations share it; empty
    where there are none."""
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Further columns by name (``"label"``, a visitor's own): ``(sentence)`` strings."""
    guessed: Bool[np.ndarray, " sentence"]
    """Whether the language is a detector's guess."""
    copies: Int[np.ndarray, " sentence"]
    """Rows that were merged into this one, itself among them: at least 1."""
    name: str
    """Of the set, such as ``"built-in"``, ``"xnli validation"``, or a file's name."""
    digest: str
    """Of texts and languages in their order, 32 hex digits."""


@dataclass(frozen=True, kw_only=True)
class LayerVectors:
    """One vector a sentence in every space."""

    spaces: tuple[str, ...]
    vectors: Float[np.ndarray, "space sentence dim"]
    """float32, as pooled: neither centred nor normalised."""
    pooled_by: PooledBy
    tokens: Int[np.ndarray, " sentence"]
    """Input length in sub-words, special ones included, after cutting."""
    cut: Bool[np.ndarray, " sentence"]
    """Whether the sentence was longer than the encoder reads."""
    provenance: Provenance


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """Each sentence's nearest others in every space, by cosine, nearest first, never itself."""

    spaces: tuple[str, ...]
    rows: Int[np.ndarray, "space sentence k"]
    similarity: Float[np.ndarray, "space sentence k"]
    """Cosine, in [−1, 1]."""
    centred: bool
    """Whether each language's mean was taken off first."""


@dataclass(frozen=True, kw_only=True)
class LayerMap:
    """Every space drawn in two or three dimensions, each aligned to the one before."""

    spaces: tuple[str, ...]
    method: Method
    centred: bool
    points: Float[np.ndarray, "space sentence axis"]
    """Centred on 0; one scale for all spaces."""
    k: int
    """Neighbours that the quality counts."""
    trustworthiness: Float[np.ndarray, " space"]
    """In [0, 1]: neighbours on the map that are none in the space cost by their rank (Venna & Kaski
    2001)."""
    overlap: Float[np.ndarray, " space"]
    """Share of a sentence's k nearest in the space that are its k nearest on the map."""
    chance: float
    """What `overlap` would be of random places: k / (sentences − 1)."""
    judged: int
    """Sentences whose neighbours trustworthiness and overlap were counted on, among all: all of up
    to 5,000, else a sample. Both are NaN where all vectors are the same, or hardly any."""
    stability: Float[np.ndarray, " space"]
    """The same overlap between this map and one made with another seed; 1 for PCA, NaN until it is
    measured."""
    drift: Float[np.ndarray, " step"]
    """How far points move on average from each space to the next, in units of the map's spread
    (root mean square distance from its middle)."""
    explained: Float[np.ndarray, "space axis"] | None
    """Share of the variance on each axis; None unless PCA."""
    seed: int
    notice: str = ""
    """Why this is not what was asked for (PCA of too few points); empty otherwise."""
    provenance: Provenance


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Further sentences put into a `LayerMap` without a new fit."""

    points: Float[np.ndarray, "space new axis"]
    """At the map's scale."""
    error: Float[np.ndarray, " space"]
    """How far off the map's own sentences would be if they were put there the same way, on average,
    in units of the map's spread."""
    chance: Float[np.ndarray, " space"]
    """How far off they would be at places drawn from the map's own."""


@dataclass(frozen=True, kw_only=True)
class LayerMeasure:
    """One cross-lingual measure in every space, over pairs of languages, with its control."""

    name: str
    """One of `dlfa.analysis.layer_measures.MEASURES`, or ``"silhouette-"`` and a column's name."""
    spaces: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    """Of language codes; ``(code, "")`` for measures of one language at a time, such as a probe's
    accuracy on it."""
    values: Float[np.ndarray, "pair space"]
    low: Float[np.ndarray, "pair space"]
    """Over items (translations together), 95 %, as are all intervals here: a bootstrap, or Wilson's
    where the measure is a share."""
    high: Float[np.ndarray, "pair space"]
    average: Float[np.ndarray, " space"]
    """Over the pairs, each counting the same."""
    average_low: Float[np.ndarray, " space"]
    average_high: Float[np.ndarray, " space"]
    control: Float[np.ndarray, " space"]
    """The average on the same vectors with the pairing, or the labels, shuffled: what no effect
    looks like."""
    n: Int[np.ndarray, " pair"]
    """Items of each pair."""
    provenance: Provenance


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A linear probe in every space: how well it tells languages, or parts of speech."""

    name: str
    """``"language"`` or ``"pos"``."""
    spaces: tuple[str, ...]
    languages: tuple[str, ...]
    values: Float[np.ndarray, "language space"]
    """Accuracy in [0, 1] on sentences, or words of sentences, that it did not learn from."""
    low: Float[np.ndarray, "language space"]
    high: Float[np.ndarray, "language space"]
    average: Float[np.ndarray, " space"]
    average_low: Float[np.ndarray, " space"]
    average_high: Float[np.ndarray, " space"]
    control: Float[np.ndarray, " space"]
    """The average of a probe that learned from shuffled labels."""
    majority: float
    """Of always giving the commonest label."""
    trained_on: tuple[str, ...]
    n: Int[np.ndarray, " language"]
    """Sentences, or words, that it was tested on."""
    provenance: Provenance


@dataclass(frozen=True, kw_only=True)
class LanguageTree:
    """How far the languages' centroids lie apart in every space, and how they cluster."""

    spaces: tuple[str, ...]
    languages: tuple[str, ...]
    families: tuple[str, ...]
    """Of each language, its family's English name; ``"?"`` where the library knows none."""
    distances: Float[np.ndarray, "space language language"]
    """1 − cosine between centroids (of vectors from which the mean of all was taken)."""
    linkage: Float[np.ndarray, "space merge 4"]
    """Average linkage, as scipy's ``linkage`` gives it."""
    agreement: Float[np.ndarray, " space"]
    """Adjusted Rand index of the clusters, as many as there are families, with the families; NaN
    where all languages are of one family, or each of its own."""
    p: Float[np.ndarray, " space"]
    """Of as much agreement with the families' names shuffled."""
    provenance: Provenance
