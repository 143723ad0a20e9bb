"""A visitor's sentences in a map: their neighbours, without asking the map's own again."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.figures import samples

N, NEW = 40, 3


@pytest.fixture
def joined():
    from dlfa.results import LayerVectors

    draw = np.random.default_rng(0)
    return LayerVectors(
        spaces=("0", "1"),
        vectors=draw.normal(size=(2, N + NEW, 8)).astype(np.float32),
        pooled_by="mean",
        tokens=np.full(N + NEW, 9),
        cut=np.zeros(N + NEW, bool),
        provenance=samples.provenance(),
    )


@pytest.mark.parametrize("centred", [False, True])
def test_new_sentences_find_theirs_and_the_others_keep_theirs(joined, centred):
    from dlfa.analysis.neighbours import nearest
    from dlfa.ui.embeddings.maps import TOLD, with_new

    languages = np.array(["en", "de"] * N)[: N + NEW]
    kept = {"tokens": joined.tokens[:N], "cut": joined.cut[:N]}
    before = replace(joined, vectors=joined.vectors[:, :N], **kept)
    known = nearest(before, TOLD, languages[:N] if centred else None)
    found = with_new(known, joined, languages if centred else None)
    every = nearest(joined, TOLD, languages if centred else None)
    np.testing.assert_array_equal(found.rows[:, N:], every.rows[:, N:])
    np.testing.assert_allclose(found.similarity[:, N:], every.similarity[:, N:], atol=3e-6)
    np.testing.assert_array_equal(found.rows[:, :N], known.rows)


def test_where_nothing_is_known_yet_all_are_asked(joined):
    from dlfa.analysis.neighbours import nearest
    from dlfa.ui.embeddings.maps import TOLD, with_new

    found = with_new(None, joined, None)
    np.testing.assert_array_equal(found.rows, nearest(joined, TOLD).rows)
