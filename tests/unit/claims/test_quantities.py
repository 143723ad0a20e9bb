"""Intervals of correlations and of areas hold the truth; widened ones hold together."""

import numpy as np
import pytest

from dlfa.claims.quantities import Drawn, correlation, jackknifed, mean_of

SETS = 400
CHANCE = 2.5 * np.sqrt(0.05 * 0.95 / SETS)


def held(make, truth, tries=1):
    generator = np.random.default_rng(0)
    bounds = [make(generator).bounds(tries) for _set in range(SETS)]
    return np.mean([low <= truth <= high for low, high in bounds])


@pytest.mark.parametrize(("n", "rho"), [(9, 0.0), (9, 0.8), (15, 0.5)])
def test_a_rank_correlation_over_languages(n, rho):
    def make(generator):
        one, noise = generator.normal(size=(2, n))
        return correlation(one.tolist(), (rho * one + np.sqrt(1 - rho**2) * noise).tolist())

    truth = 6 / np.pi * np.arcsin(rho / 2)  # Spearman's of a normal pair
    assert held(make, truth) >= 0.93 - CHANCE


def test_a_constant_goes_with_nothing():
    found = correlation([1.0] * 12, list(map(float, range(12))))
    assert found.value == 0
    assert found.bounds()[0] < -0.4


def test_a_mean_over_languages():
    assert held(lambda generator: mean_of(1 + generator.normal(size=20)), 1.0) >= 0.95 - CHANCE


def test_an_area_over_languages():
    """Two families on a line: the share of pairs within that are closer than pairs between."""

    def area(points, rows):
        same = rows[:, None] // 8 == rows[None] // 8
        apart = np.abs(points[rows][:, None] - points[rows][None])
        above = np.triu_indices(len(rows), 1)
        near, far = apart[above][same[above]], apart[above][~same[above]]
        return float((near[:, None] < far[None]).mean())

    def points(generator, n=16):
        return generator.normal(size=n) + 1.5 * (np.arange(n) // (n // 2))

    def make(generator):
        own, rows = points(generator), np.arange(16)
        without = [area(own, np.delete(rows, at)) for at in rows]
        return jackknifed(area(own, rows), np.array(without))

    generator = np.random.default_rng(1)
    truth = np.mean([area(points(generator), np.arange(16)) for _set in range(2000)])
    assert held(make, truth) >= 0.92 - CHANCE


@pytest.mark.parametrize("seeds", [1, 3])
def test_widened_intervals_hold_what_narrow_ones_do(seeds):
    generator = np.random.default_rng(0)
    found = generator.normal(size=seeds)
    one = Drawn(found, found[:, None] + generator.normal(size=400)[None])
    (low, high), (lower, higher) = one.bounds(), one.bounds(tries=4)
    assert lower < low < high < higher


def test_p_is_of_the_threshold_named():
    generator = np.random.default_rng(0)
    one = Drawn(np.array([1.0]), 1 + 0.2 * generator.normal(size=(1, 2000)))
    assert one.p(1.0) > 0.9
    assert one.p(0.0) < 0.001
    assert 0.01 < one.p(1.4) < 0.1
