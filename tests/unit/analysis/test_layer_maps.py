"""Maps of every layer, on sentences whose layers are known."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from dlfa.analysis import neighbours
from dlfa.analysis.layer_maps import FEWEST, pca_map, umap_map, with_stability
from dlfa.analysis.map_quality import spread
from dlfa.analysis.neighbours import nearest
from dlfa.analysis.principal import principal
from dlfa.errors import InputError
from dlfa.results import LayerMap, LayerVectors
from tests.unit.analysis.clusters import layer_vectors, merging, sentence_set

MAPS = pytest.mark.parametrize("make", [pca_map, umap_map])


def apart(found: LayerMap, languages: np.ndarray, space: int) -> float:
    """Return the distance between the languages' middles over that within a language."""
    middles = {c: found.points[space, languages == c].mean(axis=0) for c in np.unique(languages)}
    own = np.array([middles[code] for code in languages])
    return spread(np.stack(list(middles.values()))) / spread(found.points[space] - own)


@MAPS
@pytest.mark.parametrize("dims", [2, 3])
class TestBoth:
    def test_shapes_scale_and_measures(self, make, dims) -> None:
        vectors, sentences = merging()
        found = make(vectors, sentences, centred=False, dims=dims, seed=3)
        assert found.points.shape == (4, 120, dims)
        assert spread(found.points) == pytest.approx(1, abs=1e-5)
        np.testing.assert_allclose(found.points.mean(axis=1), 0, atol=1e-4)
        assert found.chance == pytest.approx(15 / 119)
        assert (found.trustworthiness > 0.7).all()
        assert (found.overlap > 2 * found.chance).all()
        assert found.drift.shape == (3,)
        assert (found.judged, found.seed, found.k, found.notice) == (120, 3, 15, "")
        assert found.provenance == vectors.provenance

    def test_languages_merge_as_they_do_in_the_spaces(self, make, dims) -> None:
        vectors, sentences = merging()
        found = make(vectors, sentences, centred=False, dims=dims)
        first, last = (apart(found, sentences.languages, space) for space in (0, 3))
        assert first > 2
        assert last < 1

    def test_centring_takes_the_languages_apart_away(self, make, dims) -> None:
        vectors, sentences = merging()
        found = make(vectors, sentences, centred=True, dims=dims)
        assert found.centred
        assert apart(found, sentences.languages, 0) < 0.7

    def test_the_same_seed_gives_the_same_bits(self, make, dims) -> None:
        vectors, sentences = merging()
        one, two = (make(vectors, sentences, centred=False, dims=dims, seed=5) for _ in range(2))
        np.testing.assert_array_equal(one.points, two.points)
        np.testing.assert_array_equal(one.trustworthiness, two.trustworthiness)

    def test_a_space_repeated_hardly_moves(self, make, dims) -> None:
        vectors, sentences = merging()
        twice = layer_vectors(vectors.vectors[[0, 0, 3]])
        found = make(twice, sentences, centred=False, dims=dims)
        assert found.drift[0] < 0.12
        assert found.drift[1] > 3 * found.drift[0]

    def test_equal_vectors_are_one_point_and_have_no_quality(self, make, dims) -> None:
        """The first token's embedding (layer 0) is the same in every sentence."""
        vectors, sentences = merging()
        vectors.vectors[0] = vectors.vectors[0, :1]
        for centred in (False, True):
            found = make(vectors, sentences, centred=centred, dims=dims)
            assert not found.points[0].any()
            assert np.isnan([found.trustworthiness[0], found.overlap[0]]).all()
            assert np.isfinite(found.points).all()
            assert found.trustworthiness[1] > 0.7
        nothing = layer_vectors(np.ones((2, 20, 8)))
        found = make(nothing, sentence_set(np.array(["de"] * 20)), centred=False, dims=dims)
        assert not found.points.any()

    def test_some_equal_vectors_are_no_trouble(self, make, dims) -> None:
        vectors, sentences = merging()
        vectors.vectors[:, :40] = vectors.vectors[:, :1]
        one, two = (make(vectors, sentences, centred=False, dims=dims) for _ in range(2))
        assert np.isfinite(one.points).all()
        np.testing.assert_array_equal(one.points, two.points)

    def test_values_that_are_no_numbers_are_an_error(self, make, dims) -> None:
        vectors, sentences = merging()
        vectors.vectors[1, 3, 0] = np.nan
        with pytest.raises(InputError):
            make(vectors, sentences, centred=False, dims=dims)


class TestPca:
    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_the_fewest_sentences_have_a_map(self, count: int) -> None:
        vectors, sentences = few(count)
        found = pca_map(vectors, sentences, centred=False, dims=3)
        assert found.points.shape == (4, count, 3)
        assert np.isfinite(found.points).all()

    def test_it_is_scikit_learns_up_to_turning(self) -> None:
        from sklearn.decomposition import PCA

        vectors, sentences = merging()
        unit = vectors.vectors / np.linalg.norm(vectors.vectors, axis=-1, keepdims=True)
        ours, whole = principal(unit[1], 3)
        peer = PCA(n_components=3).fit(unit[1].astype(float))
        theirs = peer.transform(unit[1].astype(float))
        np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-5)
        shares = (ours**2).mean(axis=0) / whole
        np.testing.assert_allclose(shares, peer.explained_variance_ratio_, atol=1e-5)
        found = pca_map(vectors, sentences, centred=False, dims=3)
        assert found.explained is not None
        assert found.explained[1].sum() == pytest.approx(shares.sum())  # turning keeps the sum
        assert (found.stability == 1).all()

    def test_a_space_turned_round_lies_where_it_lay(self) -> None:
        vectors, sentences = merging()
        basis, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(16, 16)))
        both = np.stack([vectors.vectors[0], vectors.vectors[0] @ basis])
        found = pca_map(layer_vectors(both), sentences, centred=False)
        np.testing.assert_allclose(found.points[0], found.points[1], atol=1e-4)


class TestUmap:
    def test_fewer_than_fifteen_are_pca_and_say_so(self) -> None:
        vectors, sentences = few(FEWEST - 1)
        found = umap_map(vectors, sentences, centred=False)
        assert found is not None
        assert (found.method, found.notice) == ("pca", "notice.map.few")
        enough = umap_map(*few(FEWEST), centred=False)
        assert enough is not None
        assert (enough.method, enough.notice, enough.k) == ("umap", "", 7)

    def test_another_seed_is_another_map(self) -> None:
        vectors, sentences = merging()
        one, two = (umap_map(vectors, sentences, centred=False, seed=s) for s in (0, 1))
        assert one is not None
        assert two is not None
        assert (one.points != two.points).any()

    def test_stability_is_measured_afterwards(self) -> None:
        vectors, sentences = merging()
        found = umap_map(vectors, sentences, centred=False)
        assert found is not None
        assert np.isnan(found.stability).all()
        told: list[tuple[int, int]] = []
        known = with_stability(
            found, vectors, sentences, on_layer=lambda done, total: told.append((done, total))
        )
        assert known is not None
        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
        assert ((known.stability > found.chance) & (known.stability < 1)).all()
        np.testing.assert_array_equal(known.points, found.points)
        one = pca_map(vectors, sentences, centred=False)
        assert with_stability(one, vectors, sentences) is one

    def test_neighbours_known_before_change_nothing(self) -> None:
        vectors, sentences = merging()
        known = nearest(vectors, 15, sentences.languages)
        one = umap_map(vectors, sentences, centred=True)
        two = umap_map(vectors, sentences, centred=True, neighbours=known)
        assert one is not None
        assert two is not None
        np.testing.assert_array_equal(one.points, two.points)

    def test_it_stops_when_nobody_wants_it_any_more(self) -> None:
        vectors, sentences = merging()
        done: list[int] = []
        found = umap_map(
            vectors,
            sentences,
            centred=False,
            stop=lambda: len(done) == 2,
            on_layer=lambda so_far, _: done.append(so_far),
        )
        assert found is None
        assert done == [1, 2]
        whole = umap_map(vectors, sentences, centred=False)
        assert whole is not None
        assert with_stability(whole, vectors, sentences, stop=lambda: True) is None

    def test_it_stops_amid_the_neighbours_of_a_space(self, monkeypatch) -> None:
        vectors, sentences = merging(items=30)
        monkeypatch.setattr(neighbours, "BLOCK", 500)
        asked: list[None] = []
        assert umap_map(vectors, sentences, centred=False, stop=stops_at(20, asked)) is None
        assert len(asked) == 20


def stops_at(last: int, asked: list[None]) -> Callable[[], bool]:
    """Return a stop that fires the last time it is asked, and counts."""

    def stop() -> bool:
        asked.append(None)
        return len(asked) >= last

    return stop


def test_pca_stops_when_nobody_wants_it_any_more() -> None:
    vectors, sentences = merging()
    asked: list[None] = []
    done: list[tuple[int, int]] = []
    found = pca_map(
        vectors,
        sentences,
        centred=False,
        stop=stops_at(5, asked),
        on_layer=lambda *so_far: done.append(so_far),
    )
    assert found is None
    assert len(asked) == 5
    assert done == [(1, 4), (2, 4)]


def few(count: int) -> tuple[LayerVectors, object]:
    vectors, sentences = merging()
    some = layer_vectors(vectors.vectors[:, :count])
    return some, replace(
        sentences, texts=sentences.texts[:count], languages=sentences.languages[:count]
    )
