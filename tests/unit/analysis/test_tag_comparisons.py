"""Two runs over the same sentences: what they have in common, and how they differ on it."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.analysis.tagger import guessed, shuffled, tagged

DRAWS = 400


def compare(first, second, metric=None):
    from dlfa.analysis.tag_differences import compare_tags

    return compare_tags(first, second, ("one", "other"), metric, draws=DRAWS)


def report(evaluation, metric=None):
    from dlfa.analysis.reports import report as made

    return made(evaluation, metric, draws=DRAWS)


def worse(run, rate: float = 0.3, seed: int = 9):
    """Return the run with some answers of every head turned."""
    draw = np.random.default_rng(seed)
    turned = draw.random(run.answers.shape) < rate
    return replace(run, answers=np.where(turned, (run.answers + 1) % 7, run.answers))


@pytest.fixture(scope="module")
def run():
    return guessed(5, task="pos")


@pytest.mark.parametrize("metric", ["f1", "word_accuracy", "macro_f1"])
def test_is_the_difference_of_both_reports(run, metric) -> None:
    other = worse(run)
    found = compare(run, shuffled(other), metric)
    one, two = (report(each, metric).accuracies for each in (run, other))
    assert (found.n, found.differences.metric, found.names) == (120, metric, ("one", "other"))
    np.testing.assert_allclose(found.differences.by_language, one.share - two.share)
    np.testing.assert_allclose(found.first.low, one.low)
    np.testing.assert_allclose(found.second.high, two.high)
    assert found.turned.sum() == (run.answers != other.answers).sum()
    assert set(found.differences.claimed()) == set(run.heads)
    assert (found.differences.low > 0).all()


def test_is_the_opposite_the_other_way_round(run) -> None:
    other = worse(run, 0.02)
    there, back = compare(run, other).differences, compare(other, run).differences
    np.testing.assert_allclose(there.average, -back.average)
    np.testing.assert_allclose(there.low, -back.high)
    assert there.p.tolist() == back.p.tolist()
    assert there.only_head.tolist() == back.only_reference.tolist()


def test_a_run_does_not_differ_from_itself(run) -> None:
    found = compare(run, run)
    assert not found.turned.any()
    assert found.differences.claimed() == ()
    assert (found.differences.low < 0).all()
    assert (found.differences.high > 0).all()  # none here does not mean none ever


def test_takes_what_both_have(run) -> None:
    other = worse(run)
    words = np.repeat(other.languages, other.sizes) == "de"
    rows = other.languages == "de"
    by_sentence = {
        name: getattr(other, name)[rows] for name in ("ids", "languages", "tokens", "sizes", "cut")
    }
    some = replace(
        other,
        **by_sentence,
        gold=other.gold[words],
        answers=other.answers[words][:, [2, 0]],
        heads=(other.heads[2], other.heads[0]),
    )
    found = compare(run, some)
    assert (found.n, found.first.languages) == (60, ("de",))
    assert found.differences.heads == (run.heads[0], run.heads[2])
    whole = compare(run, other)
    at = whole.first.languages.index("de")
    np.testing.assert_allclose(found.second.share[:, 0], whole.second.share[[0, 2], at])


def test_labels_may_come_in_another_order(run) -> None:
    size = len(run.labels)
    labels = (*run.labels[1:], run.labels[0])
    turned = replace(
        run, labels=labels, gold=(run.gold - 1) % size, answers=(run.answers - 1) % size
    )
    found = compare(run, turned)
    assert not found.turned.any()


def test_sentences_with_other_tags_are_other_data(run) -> None:
    from dlfa.errors import RunError

    with pytest.raises(RunError, match="not on the same examples"):
        compare(run, replace(run, gold=(run.gold + 1) % 7))


def test_a_few_sentences_with_another_tag_are_left_out(run) -> None:
    gold = run.gold.copy()
    gold[0] = (gold[0] + 1) % 7
    assert compare(run, replace(run, gold=gold)).n == 119


def test_two_tasks_have_nothing_in_common(run) -> None:
    from dlfa.errors import RunError

    ner = tagged(run.answers, run.gold, run.sizes, run.languages, task="ner")
    with pytest.raises(RunError, match="in common"):
        compare(run, ner)


def test_pairs_are_not_held_against_words(run) -> None:
    from dlfa.analysis.reports import compare as any_two
    from dlfa.errors import WrongTaskError
    from tests.unit.analysis.synthetic import drawn

    with pytest.raises(WrongTaskError):
        any_two(run, drawn(0, (0.5, 0.5), premises=20), ("one", "other"))


def test_holds_its_level() -> None:
    """Two runs with equally good heads: hardly ever is one called better."""
    claims = 0
    for seed in range(40):
        one = guessed(seed, rates=(0.8, 0.8), count=40, task="pos")
        draw = np.random.default_rng(1000 + seed)
        chances = draw.permuted(one.right, axis=1)  # each word right in one of both heads
        mixed = np.where(chances, one.gold[:, None], (one.gold[:, None] + 1) % 7)
        claims += bool(
            compare(one, replace(one, answers=mixed), "word_accuracy").differences.claimed()
        )
    assert claims <= 6
