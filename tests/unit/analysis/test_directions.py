"""What is taken off vectors before they are compared, and what cannot be compared at all."""

import numpy as np
import pytest

from dlfa.errors import InputError
from tests.unit.analysis.clusters import merging


def test_of_thousands_of_equal_rows_centring_leaves_nothing() -> None:
    """The first token's embedding is the same in every sentence: no language lies anywhere."""
    from dlfa.analysis.directions import centred_by_language

    one = np.random.default_rng(0).normal(size=(1, 32)).astype(np.float32)
    languages = np.repeat(["de", "en"], 3_000)
    assert not centred_by_language(np.tile(one, (6_000, 1)), languages).any()


@pytest.mark.parametrize("name", ["p_at_1", "cka", "silhouette", "language", "tree"])
def test_values_that_are_no_numbers_are_told_with_their_sentences(name) -> None:
    from dlfa.analysis.families import language_tree
    from dlfa.analysis.layer_measures import measure
    from dlfa.analysis.probes import language_probe
    from dlfa.analysis.silhouettes import silhouette

    vectors, sentences = merging()
    vectors.vectors[2, 5, 0], vectors.vectors[2, 7, 3], vectors.vectors[1, 7, 3] = np.nan, 1, np.inf
    make = {
        "silhouette": lambda: silhouette(vectors, sentences, "language"),
        "language": lambda: language_probe(vectors, sentences),
        "tree": lambda: language_tree(vectors, sentences),
    }
    with pytest.raises(InputError) as raised:
        make.get(name, lambda: measure(name, vectors, sentences, centred=False))()
    assert raised.value.key == "error.vectors.nan"
    assert raised.value.params == {"count": 2}
