"""Language families: from ISO 639-5, and how the encoder's picture of languages agrees with them.

Families and their branches come from ISO 639-5 by way of ``iso-langcodes``; the usual script of a
language comes from Unicode's CLDR (likely subtags). Neither is a table of ours.
"""

from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np
from babel import Locale
from babel.core import get_global
from jaxtyping import Float, Int

from dlfa.analysis.directions import check_finite, unit, without_mean
from dlfa.analysis.translations import codes
from dlfa.data.languages import CLDR
from dlfa.errors import InputError
from dlfa.results import UNKNOWN, LanguageTree, LayerVectors, SentenceSet

__all__ = ["NOBODY_KNOWS", "Level", "branch", "family", "language_tree", "rand_index", "script"]

NOBODY_KNOWS = "?"
FEWEST = 3  # languages that make a tree
SHUFFLES = 2_000
TIES = 1e-9
VARIANTS = {"Hans": "Hani", "Hant": "Hani"}  # ISO 15924's two ways to write Han
EVERYTHING = "mul"  # ISO 639-5's root: "Multiple languages"

Level = Literal["family", "branch"]


def family(code: str) -> str:
    """Return a language's family: ``"Indo-European"`` for ``"de"``; ``"?"`` where none is known.

    The largest group of ISO 639-5 around it that Glottolog has, too, which leaves out groups that
    are no families (Altaic, Caucasian); the largest one where Glottolog has none of them.
    """
    groups = _groups(code)
    return _name(groups[-1]) if groups else NOBODY_KNOWS


def branch(code: str) -> str:
    """Return the branch of a language's family: ``"Germanic"`` for ``"de"``.

    The next smaller group of ISO 639-5; the family itself where it has no smaller one.
    """
    groups = _groups(code)
    return _name(groups[-2] if len(groups) > 1 else groups[-1]) if groups else NOBODY_KNOWS


def script(code: str) -> str:
    """Return the script that a language is mostly written in: ``"Cyrillic"`` for ``"ru"``."""
    likely = get_global("likely_subtags").get(CLDR.get(code, code), "")
    parts = [part for part in likely.split("_") if len(part) == 4]
    if code == UNKNOWN or not parts:  # of which CLDR would guess English's
        return NOBODY_KNOWS
    return Locale("en").scripts[VARIANTS.get(parts[0], parts[0])]


@cache
def _groups(code: str) -> tuple[str, ...]:
    """Return the groups around a language that count, the smallest first."""
    from iso_langcodes import iso639_3, iso639_5

    found: list[str] = []
    group = iso639_5.language_parent(iso639_3.get_iso639_3(code))
    while group and group != EVERYTHING:
        found.append(group)
        group = iso639_5.language_parent(group)
    agreed = [at for at, one in enumerate(found) if iso639_5.iso2glottolog(one)]
    return tuple(found[: agreed[-1] + 1] if agreed else found)


def _name(group: str) -> str:
    from iso_langcodes import iso639_3

    name = str(iso639_3.get_language_name(group))
    return name.removesuffix(" languages").removesuffix(" (family)")


def language_tree(
    vectors: LayerVectors, sentences: SentenceSet, *, level: Level = "family", seed: int = 0
) -> LanguageTree:
    """Cluster the languages by their mean vectors, and hold the clusters against families.

    Do languages of one family lie together in the encoder? Centroids
    are clustered by average linkage of cosine distances, as many clusters are taken as there are
    families, and the adjusted Rand index says how well both agree: 1 is the same, 0 is chance; NaN
    where all languages are of one family, or each of its own, with which any clusters would agree.
    A language whose family nobody knows is a family by itself.

    Args:
        vectors: of the sentences.
        sentences: their languages.
        level: whether to compare with whole families or with their branches.
        seed: of the permutations.

    Raises:
        InputError: fewer than three languages, or values that are no finite numbers.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    check_finite(vectors.vectors)
    names = codes(sentences)
    if len(names) < FEWEST:
        raise InputError("error.measure.languages", least=FEWEST)
    families = tuple((family if level == "family" else branch)(code) for code in names)
    groups = _numbered(families)
    distances = np.array([_distances(one, sentences, names) for one in vectors.vectors])
    trees = [linkage(squareform(one, checks=False), "average") for one in distances]
    found = [fcluster(tree, int(groups.max()) + 1, "maxclust") for tree in trees]
    agreed = [_agreement(clusters, groups, seed) for clusters in found]
    return LanguageTree(
        spaces=vectors.spaces,
        languages=names,
        families=families,
        distances=distances,
        linkage=np.array(trees),
        agreement=np.array([index for index, _p in agreed]),
        p=np.array([p for _index, p in agreed]),
        provenance=vectors.provenance,
    )


def _numbered(families: Sequence[str]) -> Int[np.ndarray, " language"]:
    told = [f"{name}{at}" if name == NOBODY_KNOWS else name for at, name in enumerate(families)]
    return np.unique(told, return_inverse=True)[1]


def _distances(
    vectors: Float[np.ndarray, "sentence dim"], sentences: SentenceSet, names: Sequence[str]
) -> Float[np.ndarray, "language language"]:
    centroids = np.array(
        [vectors[sentences.languages == code].mean(0, dtype=float) for code in names]
    )
    directions = unit(without_mean(centroids))  # of equal ones 0: rounding is no direction
    found = np.clip(1 - directions @ directions.T, 0, 2)
    np.fill_diagonal(found, 0)
    return (found + found.T) / 2


def _agreement(
    clusters: Int[np.ndarray, " language"], groups: Int[np.ndarray, " language"], seed: int
) -> tuple[float, float]:
    """Return the adjusted Rand index, and how often shuffled families agree as much.

    Where all are of one family, or each of its own, there are as many clusters: any would agree.
    """
    if len(np.unique(groups)) in (1, len(groups)):
        return float("nan"), 1.0
    draw = np.random.default_rng(seed)
    shuffled = draw.permuted(np.tile(groups, (SHUFFLES, 1)), axis=1)
    value, *others = rand_index(clusters, np.vstack([groups, shuffled])).tolist()
    return value, (1 + sum(one >= value - TIES for one in others)) / (1 + SHUFFLES)


def rand_index(
    one: Int[np.ndarray, " language"], others: Int[np.ndarray, "grouping language"]
) -> Float[np.ndarray, " grouping"]:
    """Return the adjusted Rand index of a grouping with others (Hubert and Arabie 1985).

    Args:
        one: each language's group.
        others: the same in groupings whose groups have the same sizes.
    """
    above = np.triu_indices(len(one), 1)
    first = (one[:, None] == one)[above]  # (pair of languages)
    second = others[:, above[0]] == others[:, above[1]]
    expected = first.sum() * second[0].sum() / len(first)
    most = (first.sum() + second[0].sum()) / 2
    if most == expected:  # everything is one group in both, or nothing is
        return np.ones(len(others))
    return ((second & first).sum(1) - expected) / (most - expected)
