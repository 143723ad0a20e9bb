"""Words that meet, and what two gates have in common."""

import numpy as np
import pytest

PAIRS = (
    ("the old red house eats one dog", "a man runs in the house"),
    ("the red house eats one old dog", "a man runs in the old house"),
)


def neighbours(cosine: list[list[float]]) -> list[tuple[int, int]]:
    from dlfa.analysis.alignment import mutual_neighbours

    first, second = mutual_neighbours(np.array(cosine, dtype=float))
    return list(zip(first.tolist(), second.tolist(), strict=True))


class TestMutualNeighbours:
    def test_only_mutual_choices_are_links(self) -> None:
        assert neighbours([[0.9, 0.1], [0.8, 0.2]]) == [(0, 0)]
        assert neighbours([[0.1, 0.9], [0.8, 0.2], [0.7, 0.3]]) == [(0, 1), (1, 0)]

    def test_forbidden_cells_are_never_links(self) -> None:
        nothing = -np.inf
        assert neighbours([[nothing, nothing], [nothing, 0.1]]) == [(1, 1)]

    def test_no_words_have_no_links(self) -> None:
        from dlfa.analysis.alignment import mutual_neighbours

        first, second = mutual_neighbours(np.empty((0, 4)))
        assert len(first) == len(second) == 0


def test_words_are_the_means_of_their_sub_words() -> None:
    from dlfa.analysis.alignment import by_word
    from dlfa.results import Tokens

    tokens = Tokens(
        pieces=("<s>", "▁a", "b", "▁c"),
        special=np.array([True, False, False, False]),
        segment=("special", "premise", "premise", "hypothesis"),
        truncated=False,
        word=np.array([-1, 0, 0, 1]),
        words=("ab", "c"),
    )
    cells = np.array([[9.0, 9.0], [1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    np.testing.assert_array_equal(by_word(cells, tokens), [[2, 3], [5, 6]])


@pytest.fixture(scope="module")
def comparison(tiny_predictor):
    from dlfa.analysis.alignment import compare_gates

    return compare_gates(tiny_predictor, PAIRS, ("en", "en"))


class TestCompareGates:
    def test_links_stay_within_their_part_and_are_one_to_one(self, comparison) -> None:
        from dlfa.analysis.alignment import word_parts

        links = comparison.alignment
        assert len(links) >= 6
        assert len(set(links.first)) == len(set(links.second)) == len(links)
        parts = [word_parts(sweep.tokens) for sweep in (comparison.first, comparison.second)]
        assert (parts[0][links.first] == parts[1][links.second]).all()

    def test_intervals_hold_what_they_are_intervals_of(self, comparison) -> None:
        assert (comparison.low <= comparison.correlation + 0.05).all()
        assert (comparison.high >= comparison.correlation - 0.05).all()
        assert (comparison.chance_low <= comparison.chance_high).all()
        assert (comparison.gain_low <= comparison.gain_high).all()
        assert np.abs(comparison.correlation).max() <= 1 + 1e-9

    def test_correlation_is_pearsons_over_all_linked_cells(self, comparison) -> None:
        from dlfa.analysis.alignment import by_word

        links = comparison.alignment
        for at in range(len(comparison.heads)):
            cells = []
            for sweep, words in (
                (comparison.first, links.first),
                (comparison.second, links.second),
            ):
                linked = by_word(sweep.heads[at].attention, sweep.tokens)[words]
                cells.append((linked - linked.mean(0)).ravel())
            np.testing.assert_allclose(
                comparison.correlation[at], np.corrcoef(*cells)[0, 1], atol=1e-6
            )

    def test_a_pair_and_itself_agree_wholly(self, tiny_predictor) -> None:
        from dlfa.analysis.alignment import compare_gates

        found = compare_gates(tiny_predictor, (PAIRS[0], PAIRS[0]))
        np.testing.assert_allclose(found.correlation, 1, atol=1e-4)
        np.testing.assert_allclose(found.noise_correlation, 1, atol=1e-4)
        assert (found.chance_high < 1).all()

    @pytest.mark.parametrize("words", range(1, 9))
    def test_few_links_have_a_whole_correlation_or_none(self, tiny_predictor, words) -> None:
        from dlfa.analysis.alignment import FEWEST, compare_gates

        text = " ".join("man woman dog cat runs sleeps eats red".split()[:words])
        found = compare_gates(tiny_predictor, ((text, "dog"), (text, "dog")))
        assert len(found.alignment) == words + 1
        for column in (found.correlation, found.low, found.high, found.chance_low):
            assert np.isnan(column).all() == (words + 1 < FEWEST)
            assert np.isnan(column).any() == np.isnan(column).all()
