"""Families as ISO 639-5 has them, and trees whose truth is known."""

import numpy as np
import pytest

from tests.unit.analysis.sentence_sets import cloud, layer_vectors, sentence_set

CODES = "de en nl es fr it bg ru pl ar he tr kk"


@pytest.mark.parametrize(
    ("code", "family", "branch", "script"),
    [
        ("de", "Indo-European", "Germanic", "Latin"),
        ("bg", "Indo-European", "Slavic", "Cyrillic"),
        ("ur", "Indo-European", "Indo-Iranian", "Arabic"),
        ("el", "Indo-European", "Greek", "Greek"),
        ("ar", "Afro-Asiatic", "Semitic", "Arabic"),
        ("sw", "Atlantic-Congo", "Bantu", "Latin"),
        ("fi", "Uralic", "Finno-Ugrian", "Latin"),
        ("zh", "Sino-Tibetan", "Sino-Tibetan", "Han"),
        ("ja", "Japanese", "Japanese", "Japanese"),
        ("tl", "Austronesian", "Malayo-Polynesian", "Latin"),
        ("tr", "Turkic", "Turkic", "Latin"),  # Altaic is no family that Glottolog has
        ("ka", "South Caucasian", "South Caucasian", "Georgian"),
        ("ko", "?", "?", "Korean"),
        ("und", "?", "?", "?"),
        ("xx", "?", "?", "?"),
    ],
)
def test_a_language_has_family_branch_and_script(code, family, branch, script) -> None:
    from dlfa.analysis import families

    found = families.family(code), families.branch(code), families.script(code)
    assert found == (family, branch, script)


def planted(noise: float, seed: int = 0):
    """Return vectors whose languages lie together by branch."""
    from dlfa.analysis.families import branch

    draw = np.random.default_rng(seed)
    names = sorted({branch(code) for code in CODES.split()})
    homes = 4 * np.eye(12)[: len(names)]
    middles = [homes[names.index(branch(code))] for code in CODES.split()]
    moved = [middle + noise * draw.normal(size=12) for middle in middles]
    return layer_vectors([middle + draw.normal(size=(5, 12)) for middle in moved])


def test_planted_branches_are_found() -> None:
    from dlfa.analysis.families import branch, language_tree

    found = language_tree(planted(0.1), sentence_set(CODES, 5), level="branch")
    assert found.languages == tuple(sorted(CODES.split()))
    assert found.families == tuple(branch(code) for code in found.languages)
    assert found.agreement == pytest.approx([1])
    assert found.p[0] < 0.002


def test_where_nothing_is_planted_shuffled_families_agree_as_often() -> None:
    from dlfa.analysis.families import language_tree

    sentences = sentence_set(CODES, 5)
    found = [language_tree(planted(30, seed), sentences, level="branch").p[0] for seed in range(60)]
    assert 0.3 < np.mean(found) < 0.8
    assert np.mean(np.array(found) <= 0.05) <= 0.12


def test_distances_are_those_of_centred_centroids() -> None:
    from scipy.spatial.distance import cosine

    from dlfa.analysis.families import language_tree

    vectors, sentences = planted(0.1), sentence_set(CODES, 5)
    found = language_tree(vectors, sentences)
    table = vectors.vectors[0].astype(float)
    centroids = np.array([table[sentences.languages == code].mean(0) for code in found.languages])
    centroids -= centroids.mean(0)
    assert found.distances[0, 2, 5] == pytest.approx(cosine(centroids[2], centroids[5]), abs=1e-6)
    assert np.array_equal(found.distances[0], found.distances[0].T)
    assert not np.diagonal(found.distances[0]).any()
    assert found.linkage.shape == (1, len(CODES.split()) - 1, 4)


def test_the_rand_index_is_scikit_learns() -> None:
    from sklearn.metrics import adjusted_rand_score

    from dlfa.analysis.families import rand_index

    draw = np.random.default_rng(0)
    one, other = draw.integers(0, 4, 15), draw.integers(0, 6, 15)
    others = draw.permuted(np.tile(other, (20, 1)), axis=1)
    wanted = [adjusted_rand_score(one, single) for single in others]
    assert rand_index(one, others) == pytest.approx(wanted)


def test_languages_that_nobody_knows_are_no_family_together() -> None:
    from dlfa.analysis.families import language_tree

    vectors = layer_vectors([np.full((5, 12), at) + np.eye(12)[at] for at in range(3)])
    found = language_tree(vectors, sentence_set("xx xy xz", 5))
    assert found.families == ("?", "?", "?")
    assert np.isnan(found.agreement).all()  # three clusters of three families
    assert found.p == pytest.approx([1])  # as any other naming would give


def test_two_languages_are_no_tree() -> None:
    from dlfa.analysis.families import language_tree
    from dlfa.errors import InputError

    with pytest.raises(InputError):
        language_tree(layer_vectors([np.ones((10, 3))]), sentence_set("en de", 5))


def test_languages_that_are_the_same_but_for_rounding_lie_nowhere() -> None:
    """The first token's embedding is the same in all sentences."""
    from dlfa.analysis.families import language_tree

    one = np.random.default_rng(0).normal(size=12)
    spread = 1 + 1e-7 * np.random.default_rng(1).normal(size=(3, 40, 12))
    tree = language_tree(layer_vectors(list(one * spread)), sentence_set())
    assert tree.distances[0] == pytest.approx(1 - np.eye(3))


@pytest.mark.parametrize("codes", ["en de fr", "de zh ar"])
def test_families_with_which_any_clusters_agree_give_no_agreement(codes) -> None:
    from dlfa.analysis.families import language_tree

    tree = language_tree(layer_vectors([cloud(seed=at) for at in range(3)]), sentence_set(codes))
    assert np.isnan(tree.agreement).all()
    assert (tree.p == 1).all()
