"""Means over training seeds: their intervals hold 95 % of the truths, and know what they cannot."""

import numpy as np
import pytest

from dlfa.analysis.seeds import over_seeds

SETS, SENTENCES, DRAWS = 400, 60, 300
CHANCE = 2.5 * np.sqrt(0.05 * 0.95 / SETS)


def sample(generator, seeds, by_seed, by_sentence, by_both, effect=0.0):
    """What each seed's run says of each sentence: ``(seed sentence)``."""
    normal = generator.normal
    return (
        effect
        + by_seed * normal(size=(seeds, 1))
        + by_sentence * normal(size=(1, SENTENCES))
        + by_both * normal(size=(seeds, SENTENCES))
    )


def seeded(sentences):
    """The mean over the seeds, from a bootstrap of the sentences."""
    generator = np.random.default_rng(0)
    counts = generator.multinomial(SENTENCES, np.full(SENTENCES, 1 / SENTENCES), DRAWS)
    drawn = np.einsum("ds,rs->rd", counts / SENTENCES, sentences)
    return over_seeds(sentences.mean(1)[:, None], drawn[:, :, None])


@pytest.mark.parametrize("seeds", [2, 3, 5])
@pytest.mark.parametrize(
    ("by_seed", "by_sentence", "by_both"),
    [(0, 1, 1), (0.1, 1, 0.3), (0.5, 1, 0), (0.5, 0.1, 0)],
    ids=["sentences", "both", "rather seeds", "seeds"],
)
def test_intervals_hold_the_truth(seeds, by_seed, by_sentence, by_both):
    generator = np.random.default_rng(1)
    held = 0
    for _set in range(SETS):
        found = seeded(sample(generator, seeds, by_seed, by_sentence, by_both, effect=0.3))
        held += found.low[0] <= 0.3 <= found.high[0]
    assert 0.95 - CHANCE <= held / SETS <= 1


def test_of_no_effect_five_in_a_hundred_are_claimed():
    generator = np.random.default_rng(2)
    p = [seeded(sample(generator, 3, 0.1, 1, 0.3)).p[0] for _set in range(SETS)]
    assert np.mean(np.array(p) < 0.05) <= 0.05 + CHANCE


def drawn_errors(seeds, by_seed, by_sentence, sets=20_000):
    """p of so many sets without an effect, each a column; sentences as their mean's error."""
    generator = np.random.default_rng(6)
    found = by_seed * generator.normal(size=(seeds, sets)) + by_sentence * generator.normal(
        size=sets
    )
    strays = by_sentence * np.array([-1, 1]) / np.sqrt(2)  # two draws whose spread is the error
    drawn = found[:, None, :] + strays[None, :, None]
    return over_seeds(found, drawn).p


@pytest.mark.parametrize("seeds", [2, 3, 5])
@pytest.mark.parametrize("by_sentence", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("level", [0.05, 0.0125, 0.005])
def test_where_seeds_differ_most_the_tails_are_what_they_say(seeds, by_sentence, level):
    p = drawn_errors(seeds, 2.0, by_sentence)
    assert np.mean(p < level) <= level + 3 * np.sqrt(level / len(p))
    if by_sentence < 0.1:  # seeds alone: exactly Student's t
        assert np.mean(p < level) >= 0.8 * level


def test_p_is_that_of_the_interval_that_just_reaches_no_effect():
    found = seeded(sample(np.random.default_rng(7), 3, 0.2, 1, 0.3, effect=0.3))
    centred = found.mean - found.low
    moved = sample(np.random.default_rng(7), 3, 0.2, 1, 0.3, effect=0.3) - found.mean + centred
    assert seeded(moved).p[0] == pytest.approx(0.05, rel=1e-3)


def test_a_large_effect_is_found():
    generator = np.random.default_rng(3)
    p = [seeded(sample(generator, 3, 0.05, 0.5, 0.3, effect=0.5)).p[0] for _set in range(50)]
    assert np.mean(np.array(p) < 0.05) > 0.9


def test_one_seed_says_nothing_of_another():
    found = seeded(sample(np.random.default_rng(4), 1, 1, 1, 1))
    assert found.seeds == 1
    assert np.isnan(found.between).all()
    assert found.low[0] < found.mean[0] < found.high[0]


def test_runs_without_any_difference_claim_none():
    found = over_seeds(np.zeros((3, 2)), np.zeros((3, 10, 2)))
    np.testing.assert_array_equal(found.p, 1)
    np.testing.assert_array_equal([found.low, found.high], 0)


def test_columns_keep_apart():
    sentences = sample(np.random.default_rng(5), 3, 1, 1, 1)
    alone = seeded(sentences)
    generator = np.random.default_rng(0)
    counts = generator.multinomial(SENTENCES, np.full(SENTENCES, 1 / SENTENCES), DRAWS)
    drawn = np.einsum("ds,rs->rd", counts / SENTENCES, sentences)
    both = over_seeds(
        np.stack([sentences.mean(1), np.ones(3)], axis=1),
        np.stack([drawn, np.ones_like(drawn)], axis=2),
    )
    np.testing.assert_allclose(
        [both.mean[0], both.low[0], both.p[0]], [alone.mean[0], alone.low[0], alone.p[0]]
    )
    assert both.low[1] == both.high[1] == 1
