"""A probe's answers as a result: shares, and intervals that know what answers have in common."""

import numpy as np

from dlfa.analysis.probe_results import probed
from dlfa.results import Probe
from tests.unit.analysis.clusters import layer_vectors

SPACES = ("0", "1", "2")


def result(right: list[np.ndarray], clusters: list[np.ndarray]) -> Probe:
    return probed(
        "language",
        SPACES,
        tuple("abcdef"[: len(right)]),
        right,
        clusters,
        control=np.zeros(3),
        majority=0.5,
        trained_on=("a",),
        provenance=layer_vectors(np.zeros((3, 1, 2))).provenance,
    )


def test_accuracies_are_shares_and_languages_count_alike_however_many_examples_they_have() -> None:
    few, many = np.zeros((3, 4), bool), np.ones((3, 40), bool)
    few[1, :2] = True
    found = result([few, many], [np.arange(4), np.arange(40)])
    np.testing.assert_array_equal(found.values, [[0, 0.5, 0], [1, 1, 1]])
    np.testing.assert_array_equal(found.average, [0.5, 0.75, 0.5])
    np.testing.assert_array_equal(found.n, [4, 40])


def test_answers_that_fail_together_are_less_sure_in_each_language_and_on_average() -> None:
    draw = np.random.default_rng(0)
    right = [np.repeat(draw.random((3, 20)) < 0.5, 10, axis=1) for _language in "ab"]
    alone = [np.arange(200), np.arange(200, 400)]
    together = [np.repeat(np.arange(20), 10), np.repeat(np.arange(20, 40), 10)]
    sure, unsure = result(right, alone), result(right, together)
    np.testing.assert_array_equal(sure.values, unsure.values)
    assert ((unsure.high - unsure.low) > 1.5 * (sure.high - sure.low)).all()
    width = unsure.average_high - unsure.average_low
    assert (width > 1.5 * (sure.average_high - sure.average_low)).all()
