"""What a map keeps: against scikit-learn, and on maps whose quality is known."""

import numpy as np
import pytest

from dlfa.analysis import map_quality
from dlfa.analysis.map_quality import drift, quality, shared_neighbours, spread
from dlfa.analysis.neighbours import directions
from tests.unit.analysis.clusters import merging


def unit(items: int = 40) -> np.ndarray:
    return directions(merging(items=items)[0].vectors[0], None)


@pytest.mark.parametrize("axes", [2, 3])
@pytest.mark.parametrize("k", [1, 5, 15])
def test_trustworthiness_is_scikit_learns(axes: int, k: int) -> None:
    from sklearn.manifold import trustworthiness

    space = unit()
    points = np.random.default_rng(1).normal(size=(len(space), axes)).astype(np.float32)
    points[:, 0] += space[:, 0] * 3  # neither perfect nor chance
    expected = trustworthiness(space.astype(float), points.astype(float), n_neighbors=k)
    assert quality(space, points, k).trustworthiness == pytest.approx(expected, abs=1e-4)


def test_the_space_itself_is_a_perfect_map() -> None:
    turn = np.linspace(0.1, 3, 60)
    circle = np.stack([np.cos(turn**1.1), np.sin(turn**1.1)], axis=1).astype(np.float32)
    assert quality(circle, circle, 5) == (1.0, 1.0)


def test_random_places_overlap_by_chance() -> None:
    space, k = unit(100), 15
    random = np.random.default_rng(0)
    found = [quality(space, random.normal(size=(300, 2)), k) for _ in range(20)]
    assert np.mean([one.overlap for one in found]) == pytest.approx(k / 299, abs=0.006)
    assert np.mean([one.trustworthiness for one in found]) == pytest.approx(0.5, abs=0.03)


def test_a_sample_of_many_sentences_estimates_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    space = unit(200)
    points = space[:, :2].copy()
    whole = quality(space, points, 10)
    monkeypatch.setattr(map_quality, "WHOLE", 100)
    monkeypatch.setattr(map_quality, "SAMPLE", 300)
    sample = quality(space, points, 10)
    assert sample != whole
    assert sample == pytest.approx(whole, abs=0.02)


def test_few_points_or_equal_places_have_no_quality() -> None:
    space = unit()
    assert np.isnan(quality(space[:2], space[:2, :2], 15)).all()
    assert np.isnan(quality(space, np.zeros((120, 2)), 15)).all()
    assert np.isnan(shared_neighbours(np.zeros((120, 2)), space[:, :2], 5))


def test_a_turned_map_shares_all_neighbours_and_another_none() -> None:
    points = np.random.default_rng(0).normal(size=(80, 2))
    other = np.random.default_rng(1).normal(size=(80, 2))
    assert shared_neighbours(points, 3 * points[:, ::-1], 5) == 1
    assert shared_neighbours(points, other, 5) == pytest.approx(5 / 79, abs=0.06)


def test_drift_is_the_mean_step_over_the_spread() -> None:
    square = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    moved = square + np.array([0, 0.5])
    assert spread(square) == pytest.approx(2**0.5)
    assert drift(np.stack([square, square])) == [0]
    assert drift(np.stack([square, moved]))[0] == pytest.approx(
        0.5 / spread(np.stack([square, moved]))
    )
