"""Nearest sentences: exact, the same bits every time, whatever the blocks."""

import numpy as np
import pytest

from dlfa.analysis import neighbours
from dlfa.analysis.neighbours import directions, nearest, nearest_rows
from dlfa.errors import InputError
from tests.unit.analysis.clusters import layer_vectors, merging


def test_they_are_scikit_learns() -> None:
    from sklearn.neighbors import NearestNeighbors

    vectors, _ = merging(items=50)
    found = nearest(vectors, 7)
    for space, rows, cosine in zip(vectors.vectors, found.rows, found.similarity, strict=True):
        peer = NearestNeighbors(n_neighbors=8, metric="cosine", algorithm="brute").fit(space)
        away, theirs = peer.kneighbors(space)
        np.testing.assert_array_equal(rows, theirs[:, 1:])
        np.testing.assert_allclose(cosine, 1 - away[:, 1:], atol=2e-6)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, _ = merging(items=30)
    whole = nearest(vectors, 5)
    monkeypatch.setattr(neighbours, "BLOCK", 500)  # five rows at a time
    parts = nearest(vectors, 5)
    # A product of another size may add in another order, on some machines: the last digit, and
    # with it two neighbours that are equally near.
    np.testing.assert_allclose(whole.similarity, parts.similarity, atol=2e-6)
    assert np.mean(whole.rows != parts.rows) < 0.01


def test_a_search_stops_amid_a_space_and_tells_the_spaces_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors, sentences = merging(items=30)
    monkeypatch.setattr(neighbours, "BLOCK", 500)
    blocks = -(-(len(sentences.texts) ** 2) // 500)  # of a space
    asked, done = [], []

    def stop() -> bool:
        asked.append(len(done))
        return len(asked) == blocks + 3

    assert nearest(vectors, 5, stop=stop, on_layer=lambda *told: done.append(told)) is None
    assert done == [(1, 4)]
    assert asked == [0] * blocks + [1] * 3
    whole = nearest(vectors, 5, on_layer=lambda *told: done.append(told))
    assert whole is not None
    assert done[1:] == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_equal_ones_come_in_the_order_of_their_rows() -> None:
    same = np.tile(np.random.default_rng(0).normal(size=(1, 1, 384)), (1, 40, 1))
    found = nearest(layer_vectors(same), 3)
    assert found.rows[0, 0].tolist() == [1, 2, 3]
    assert found.rows[0, 20].tolist() == [0, 1, 2]
    np.testing.assert_array_equal(found.similarity, 1)


def test_nobody_is_their_own_neighbour_and_few_have_few() -> None:
    vectors, _ = merging(items=1)
    found = nearest(vectors, 15)
    assert found.rows.shape == (4, 3, 2)
    assert not (found.rows == np.arange(3)[None, :, None]).any()
    alone = nearest(layer_vectors(vectors.vectors[:, :1]), 15)
    assert alone.rows.shape == (4, 1, 0)


class TestCentring:
    def test_a_shift_of_a_language_changes_no_neighbour(self) -> None:
        vectors, sentences = merging()
        shifted = vectors.vectors.copy()
        shifted[:, sentences.languages == "th"] += 5
        before = nearest(vectors, 5, sentences.languages)
        after = nearest(layer_vectors(shifted), 5, sentences.languages)
        assert before.centred
        assert (before.rows == after.rows).mean() > 0.99  # rounding may turn a tie
        assert (nearest(layer_vectors(shifted), 5).rows != nearest(vectors, 5).rows).any()

    def test_what_rounding_leaves_of_equal_vectors_is_no_direction(self) -> None:
        same = np.tile(np.random.default_rng(0).normal(size=(1, 384)), (31, 1))
        found = directions(same.astype(np.float32), np.array(["de"] * 31))
        assert not found.any()


def test_values_that_are_no_numbers_are_told_with_their_sentences() -> None:
    vectors, _ = merging()
    vectors.vectors[2, 5, 0], vectors.vectors[2, 7, 3] = np.nan, np.inf
    with pytest.raises(InputError) as raised:
        nearest(vectors, 5)
    assert raised.value.key == "error.vectors.nan"
    assert raised.value.params == {"count": 2}


def test_of_some_rows_alone_the_same_are_nearest() -> None:
    unit = directions(merging()[0].vectors[0], None)
    asked = np.array([7, 3, 50])
    some, whole = nearest_rows(unit, 5, asked), nearest_rows(unit, 5)
    assert (some[0] == whole[0][asked]).all()
    assert some[1] == pytest.approx(whole[1][asked], abs=2e-6)  # two steps of a cosine
