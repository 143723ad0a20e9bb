"""What is taken off vectors before they are compared, and what cannot be compared at all."""

import numpy as np
import pytest

from dlfa.analysis.directions import centred_by_language
from dlfa.errors import InputError
from tests.unit.analysis.clusters import merging


class TestCentringByLanguage:
    def test_every_language_has_mean_zero_in_every_space(self) -> None:
        vectors, sentences = merging()
        found = centred_by_language(vectors.vectors, sentences.languages)
        for code in np.unique(sentences.languages):
            middle = found[:, sentences.languages == code].mean(axis=1)
            np.testing.assert_allclose(middle, 0, atol=1e-6)

    def test_all_spaces_at_once_are_one_after_the_other(self) -> None:
        vectors, sentences = merging()
        one_by_one = [centred_by_language(one, sentences.languages) for one in vectors.vectors]
        at_once = centred_by_language(vectors.vectors, sentences.languages)
        np.testing.assert_array_equal(at_once, one_by_one)

    def test_the_vectors_given_stay_as_they_are(self) -> None:
        vectors, sentences = merging()
        before = vectors.vectors.copy()
        centred_by_language(vectors.vectors, sentences.languages)
        np.testing.assert_array_equal(vectors.vectors, before)

    def test_of_thousands_of_equal_rows_nothing_is_left(self) -> None:
        """The first token's embedding is the same in every sentence: no language lies anywhere."""
        one = np.random.default_rng(0).normal(size=(1, 32)).astype(np.float32)
        languages = np.repeat(["de", "en"], 3_000)
        assert not centred_by_language(np.tile(one, (6_000, 1)), languages).any()

    def test_a_vector_that_equals_its_languages_mean_is_no_direction(self) -> None:
        draw = np.random.default_rng(0)
        half = draw.normal(size=(50, 32))
        middle = draw.normal(size=(1, 32)) * 100
        vectors = np.concatenate([middle + half, middle - half, middle]).astype(np.float32)
        found = centred_by_language(vectors, np.array(["de"] * 101))
        assert not found[-1].any()
        assert found[:-1].any(axis=1).all()

    def test_a_channel_that_is_the_same_in_a_language_is_left_out_of_anc(self) -> None:
        """Else what rounding leaves of it would count as a correlation."""
        from dlfa.analysis.likeness import Anc

        draw = np.random.default_rng(0)
        vectors = draw.normal(size=(60, 8)).astype(np.float32)
        vectors[30:] = vectors[:30] + 3  # translations that say the same in every channel
        vectors[:, 5] = 0.1 + 1e-7 * draw.normal(size=60)  # but for rounding
        found = centred_by_language(vectors, np.repeat(["de", "en"], 30))
        assert not found[:, 5].any()
        weights = np.ones((1, 30), np.float32)
        one, other = (Anc.of(rows, weights) for rows in (found[:30], found[30:]))
        assert one.like(other) == pytest.approx(1, abs=1e-4)


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
