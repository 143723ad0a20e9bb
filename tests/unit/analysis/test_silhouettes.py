"""Silhouettes: against scikit-learn, and on labels whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.analysis.sentence_sets import cloud, layer_vectors, sentence_set


def topics(items=40, kinds=4):
    return np.tile([f"topic-{at % kinds}" for at in range(items)], 3)


def test_they_are_scikit_learns() -> None:
    from sklearn.metrics import silhouette_samples

    from dlfa.analysis.silhouettes import silhouettes

    vectors = cloud(90, seed=3)
    groups = np.random.default_rng(0).integers(0, 4, 90)
    wanted = silhouette_samples(vectors, groups, metric="cosine")
    assert silhouettes(vectors, groups) == pytest.approx(wanted, abs=1e-9)


def test_in_small_blocks_they_are_the_same(monkeypatch) -> None:
    """A column may have as many values as there are sentences."""
    from dlfa.analysis import silhouettes as module

    vectors, groups = cloud(90, seed=3), np.arange(90) // 2
    wanted = module.silhouettes(vectors, groups)
    monkeypatch.setattr(module, "BLOCK", 7 * 45)
    sizes, whole = [], module._silhouettes
    monkeypatch.setattr(
        module, "_silhouettes", lambda one, *rest: sizes.append(len(one)) or whole(one, *rest)
    )
    assert module.silhouettes(vectors, groups) == pytest.approx(wanted, abs=1e-12)
    assert max(sizes) <= 7


def test_who_is_alone_in_a_group_has_none() -> None:
    from dlfa.analysis.silhouettes import silhouettes

    groups = np.array([0] * 10 + [1])
    assert silhouettes(cloud(11), groups)[-1] == 0


def test_islands_give_one_and_one_cloud_gives_nothing() -> None:
    from dlfa.analysis.silhouettes import silhouette

    sentences = sentence_set(columns={"topic": topics()})
    places = np.unique(topics(), return_inverse=True)[1]
    islands = np.eye(12)[places] + 0.01 * cloud(120)
    vectors = layer_vectors([islands], [cloud(120)])
    found = silhouette(vectors, sentences, "topic")
    assert found.values[:, 0] == pytest.approx(1, abs=0.01)
    assert found.average[1] == pytest.approx(found.control[1], abs=0.05)
    assert found.control == pytest.approx([0, 0], abs=0.15)
    assert found.pairs == (("de", ""), ("en", ""), ("fr", ""))
    assert (found.average_low <= found.average).all()
    assert (found.average <= found.average_high).all()


def test_the_average_over_languages_of_equal_size_is_scikit_learns_score() -> None:
    from sklearn.metrics import silhouette_score

    from dlfa.analysis.silhouettes import silhouette

    sentences = sentence_set()
    vectors = layer_vectors([cloud(seed=1), cloud(seed=2) + 0.5, cloud(seed=3)])
    found = silhouette(vectors, sentences, "language")
    wanted = silhouette_score(vectors.vectors[0], sentences.languages, metric="cosine")
    assert found.average == pytest.approx([wanted], abs=1e-6)


def test_centred_languages_are_not_told_apart() -> None:
    from dlfa.analysis.silhouettes import silhouette

    apart = [cloud(seed=at) + 9 * np.eye(12)[at] for at in range(3)]
    raw, centred = (
        silhouette(layer_vectors(apart), sentence_set(), "language", centred=off)
        for off in (False, True)
    )
    assert raw.average[0] > 0.5
    assert centred.average[0] < 0.05


def test_sentences_without_a_label_are_left_out() -> None:
    from dlfa.analysis.silhouettes import silhouette

    labels = topics()
    labels[:40] = ""  # all of en
    vectors = layer_vectors([cloud(120)])
    found = silhouette(vectors, sentence_set(columns={"topic": labels}), "topic")
    assert found.pairs == (("de", ""), ("fr", ""))
    changed = vectors.vectors.copy()
    changed[:, :40] += 5
    again = silhouette(
        replace(vectors, vectors=changed), sentence_set(columns={"topic": labels}), "topic"
    )
    assert np.array_equal(found.values, again.values)


@pytest.mark.parametrize("by", ["genre", "same"])
def test_a_column_that_cannot_be_measured_is_refused(by) -> None:
    from dlfa.analysis.silhouettes import silhouette
    from dlfa.errors import InputError

    sentences = sentence_set(columns={"same": np.full(120, "x")})
    with pytest.raises(InputError):
        silhouette(layer_vectors([cloud(120)]), sentences, by)
