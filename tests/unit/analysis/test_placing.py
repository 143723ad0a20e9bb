"""New sentences on a map that is there."""

import numpy as np
import pytest

from dlfa.analysis.layer_maps import pca_map, umap_map
from dlfa.analysis.placing import place
from tests.unit.analysis.clusters import layer_vectors, merging, sentence_set


@pytest.mark.parametrize("make", [pca_map, umap_map])
@pytest.mark.parametrize("centred", [False, True])
def test_what_is_there_already_comes_to_lie_where_it_is(make, centred: bool) -> None:
    vectors, sentences = merging()
    found = make(vectors, sentences, centred=centred)
    again = layer_vectors(vectors.vectors[:, :9])
    placed = place(found, vectors, sentences, again, sentences.languages[:9])
    away = np.linalg.norm(placed.points - found.points[:, :9], axis=-1)
    assert placed.points.shape == (4, 9, 2)
    assert away.mean() < 0.1  # itself is its nearest
    assert (placed.error < 0.75 * placed.chance).all()


def test_the_error_is_that_of_sentences_left_out() -> None:
    """Measured by leaving them out of the neighbours, not of the map."""
    vectors, sentences = merging()
    found = pca_map(vectors, sentences, centred=False)
    placed = place(found, vectors, sentences, vectors, sentences.languages)
    itself = np.linalg.norm(placed.points - found.points, axis=-1).mean(axis=-1)
    assert (placed.error > 2 * itself).all()


def test_the_error_of_a_large_map_is_estimated_on_a_sample(monkeypatch) -> None:
    from dlfa.analysis import placing

    vectors, sentences = merging(items=300)
    found = pca_map(vectors, sentences, centred=False)
    given = found, vectors, sentences, layer_vectors(vectors.vectors[:, :1]), np.array(["de"])
    whole = place(*given).error
    monkeypatch.setattr(placing, "JUDGED", 200)
    some = place(*given).error
    assert (some != whole).any()
    assert some == pytest.approx(whole, rel=0.2)


def test_a_language_the_map_has_none_of_is_centred_by_all() -> None:
    vectors, sentences = merging()
    found = umap_map(vectors, sentences, centred=True)
    middle = layer_vectors(vectors.vectors.mean(axis=1, keepdims=True))
    placed = place(found, vectors, sentences, middle, np.array(["fi"]))
    assert np.isfinite(placed.points).all()


def test_a_map_of_one_takes_further_ones() -> None:
    vectors = layer_vectors(np.ones((2, 1, 8)))
    one = sentence_set(np.array(["de"]))
    found = pca_map(vectors, one, centred=False)
    placed = place(found, vectors, one, vectors, np.array(["de"]))
    assert not placed.points.any()
