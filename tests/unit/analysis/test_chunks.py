"""The order of a run: chunks that are samples, so that partial results lean to no side."""

from collections import Counter

import numpy as np
import pytest


def items(count: int = 300, languages: str = "en de sw", uneven: bool = False) -> list:
    from dlfa.analysis.examples import Labelled

    return [
        Labelled(str(at), code, at % 3 if not uneven else min(at % 7, 2), ("a", "b"), str(at // 3))
        for code in languages.split()
        for at in range(count)
    ]


@pytest.mark.parametrize("count", [1, 2, 5, 44, 300])
@pytest.mark.parametrize("uneven", [False, True])
@pytest.mark.parametrize("sizes", [(1, 1), (10, 40), (64, 384), (5000, 5000)])
def test_every_row_is_in_one_chunk(count, uneven, sizes) -> None:
    from dlfa.analysis.chunks import in_chunks

    examples = items(count, uneven=uneven)
    chunks = in_chunks(examples, 0, *sizes)
    assert sorted(row for chunk in chunks for row in chunk) == list(range(len(examples)))
    assert all(chunks)


@pytest.mark.parametrize("uneven", [False, True])
def test_every_partial_result_has_each_label_and_language_in_its_share(uneven) -> None:
    from dlfa.analysis.chunks import in_chunks

    examples = items(uneven=uneven)
    whole = Counter((one.language, one.gold) for one in examples)
    done: Counter = Counter()
    for chunk in in_chunks(examples, 3, 64, 128):
        done += Counter((examples[row].language, examples[row].gold) for row in chunk)
        share = done.total() / len(examples)
        assert all(abs(done[stratum] - share * count) <= 1 for stratum, count in whole.items())


def test_every_partial_result_has_the_same_items_in_every_language() -> None:
    from dlfa.analysis.chunks import in_chunks

    examples = items()
    for chunk in in_chunks(examples, 3, 64, 128):
        of = {
            code: {examples[at].id for at in chunk if examples[at].language == code}
            for code in ("en", "de", "sw")
        }
        assert of["en"] == of["de"] == of["sw"]


def test_the_seed_decides() -> None:
    from dlfa.analysis.chunks import in_chunks

    examples = items()
    assert in_chunks(examples, 1, 64, 128) == in_chunks(examples, 1, 64, 128)
    assert in_chunks(examples, 1, 64, 128) != in_chunks(examples, 2, 64, 128)


def test_the_first_chunk_is_small_and_they_grow_to_a_limit() -> None:
    from dlfa.analysis.chunks import in_chunks

    sizes = [len(chunk) for chunk in in_chunks(items(3000), 0, 64, 384)]
    assert sizes[0] <= 70
    assert max(sizes) <= 400
    assert sizes[1] > sizes[0]


def test_partial_accuracy_is_unbiased_where_long_examples_are_hard_and_of_one_label() -> None:
    """Sorting the whole set by length would show the long, contradicting, wrong ones first."""
    from dlfa.analysis.chunks import in_chunks
    from dlfa.analysis.examples import Labelled

    generator = np.random.default_rng(0)
    gold = generator.integers(0, 3, 1500)
    length = generator.integers(5, 40, 1500) + 20 * gold  # correlated with the label
    right = generator.random(1500) < 1.2 - length / 80
    examples = [
        Labelled(str(at), "en", int(gold[at]), ("word " * int(length[at]), "b"), str(at))
        for at in range(1500)
    ]
    firsts = []
    for seed in range(200):
        chunk = in_chunks(examples, seed, 64, 384)[0]
        firsts.append(right[chunk].mean())
    error = np.std(firsts) / np.sqrt(len(firsts))
    assert abs(np.mean(firsts) - right.mean()) < 3 * error
    longest_first = np.argsort(-length)[:64]
    assert right.mean() - right[longest_first].mean() > 0.2  # what sorting would have said
