"""Our graph and descent beside umap-learn's, and what is done where cuML is installed."""

import sys
from types import ModuleType

import numpy as np
import pytest

from dlfa.analysis.fuzzy_graph import fuzzy_graph
from dlfa.analysis.layer_maps import umap_map
from dlfa.analysis.map_quality import quality
from dlfa.analysis.neighbours import directions, nearest_rows
from tests.unit.analysis.clusters import layer_vectors, merging


def neighbours(points: np.ndarray, others: int = 14) -> tuple[np.ndarray, np.ndarray]:
    rows, cosine = nearest_rows(points, others)
    return rows, np.sqrt(np.maximum(2 - 2 * cosine, 0))


@pytest.mark.slow
class TestUmapLearn:
    @pytest.mark.parametrize("equal", [0, 6, 30])
    def test_the_graph_is_the_same(self, equal: int) -> None:
        from umap.umap_ import fuzzy_simplicial_set

        vectors = merging()[0].vectors[0]
        vectors[:equal] = vectors[:1]
        points = directions(vectors, None)
        rows, away = neighbours(points)
        itself = np.arange(len(points))[:, None]
        theirs, _, _ = fuzzy_simplicial_set(
            points,
            15,
            np.random.RandomState(0),
            "euclidean",
            knn_indices=np.hstack([itself, rows]),
            knn_dists=np.hstack([0 * itself, away]).astype(np.float32),
        )
        ours = fuzzy_graph(rows, away)
        np.testing.assert_allclose(ours.toarray(), theirs.toarray(), atol=2e-4)

    def test_its_maps_are_as_trustworthy(self) -> None:
        from umap import UMAP

        vectors, sentences = merging(items=60)
        ours = umap_map(vectors, sentences, centred=False)
        assert ours is not None
        theirs = []
        for space in vectors.vectors:
            unit = directions(space, None)
            points = UMAP(random_state=0, n_jobs=1).fit_transform(unit)
            theirs.append(quality(unit, points - points.mean(axis=0), 15).trustworthiness)
        assert ours.trustworthiness.mean() > 0.98 * np.mean(theirs)
        assert (ours.trustworthiness > 0.95 * np.array(theirs)).all()


def test_every_neighbour_counts_less_the_farther_it_is() -> None:
    points = directions(merging()[0].vectors[0], None)
    rows, away = neighbours(points)
    graph = fuzzy_graph(rows, away).toarray()
    np.testing.assert_array_equal(graph, graph.T)
    assert ((graph >= 0) & (graph <= 1)).all()
    assert not graph.diagonal().any()
    np.testing.assert_allclose(graph[np.arange(120), rows[:, 0]], 1)  # the nearest belongs wholly
    sums = [np.exp(-np.maximum(a - a[0], 0) / width(a)).sum() for a in away]
    np.testing.assert_allclose(sums, np.log2(15), atol=1e-3)


def width(away: np.ndarray) -> float:
    from scipy.optimize import brentq

    return brentq(lambda s: np.exp(-(away - away[0]) / s).sum() - np.log2(15), 1e-4, 1e3)


def test_points_at_one_place_belong_to_each_other_wholly() -> None:
    points = np.tile(directions(np.ones((1, 8), dtype=np.float32), None), (20, 1))
    graph = fuzzy_graph(*neighbours(points, 5))
    assert set(graph.data) == {1.0}


def test_cuml_lays_out_the_first_space_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[dict] = []

    class UMAP:
        def __init__(self, **options: object) -> None:
            asked.append(options)

        def fit_transform(self, directions: np.ndarray) -> np.ndarray:
            return 4 * directions[:, :2] + 7

    manifold = ModuleType("cuml.manifold")
    manifold.UMAP = UMAP
    monkeypatch.setitem(sys.modules, "cuml.manifold", manifold)
    monkeypatch.setattr("dlfa.analysis.rapids.installed", lambda: True)
    vectors, sentences = merging()
    found = umap_map(layer_vectors(vectors.vectors[:1]), sentences, centred=False, seed=3)
    assert found is not None
    (options,) = asked
    assert (options["random_state"], options["n_neighbors"]) == (3, 15)
    unit = directions(vectors.vectors[0], None)[:, :2]
    unit = unit - unit.mean(axis=0)
    scale = found.points[0, 0, 0] / unit[0, 0]
    np.testing.assert_allclose(found.points[0], scale * unit, atol=1e-4)
    whole = umap_map(vectors, sentences, centred=False, seed=3)
    assert whole is not None
    assert len(asked) == 2  # once more: for its first space only
