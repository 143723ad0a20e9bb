"""Claim 13: does changing the gate cost accuracy?"""

from dataclasses import replace

import numpy as np
import pytest

from dlfa.claims.evidence import Trial
from dlfa.claims.gate import dynamic
from tests.unit.claims.evaluations import evidence, run, stored

LEVELS = (0.5, 0.8, 0.8, 0.8)
PREMISES = 300


def changed(one, share, seed=0):
    """Return answers of which a share is turned to a wrong one, the same in all heads."""
    draw = np.random.default_rng(seed)
    turned = draw.random(len(one.ids)) < share
    wrong = np.where(turned[:, None], (one.gold[:, None] + 1) % 3, one.answers)
    return replace(one, answers=wrong)


def swapped(one, share, seed=0):
    """Return answers turned as often to the right as to a wrong one: accuracy stays."""
    draw = np.random.default_rng(seed)
    answers = one.answers.copy()
    for column in range(answers.shape[1]):
        right = np.flatnonzero(answers[:, column] == one.gold)
        wrong = np.flatnonzero(answers[:, column] != one.gold)
        some = int(share * min(len(right), len(wrong)))
        lose, win = draw.choice(right, some, False), draw.choice(wrong, some, False)
        answers[lose, column] = (one.gold[lose] + 1) % 3
        answers[win, column] = one.gold[win]
    return replace(one, answers=answers)


def judged(folder, half, tokens, premises=PREMISES):
    one = run(LEVELS, premises=premises)
    for name, turned in (("trained", one), ("half", half(one)), ("shuffle-tokens", tokens(one))):
        stored(folder / name, turned, gate=name)
    return dynamic(evidence({}, trial=Trial(folder)))


def worse(one):
    return changed(one, 0.2)


def same(one):
    return one


def alike(one):
    return swapped(one, 0.02)


def better(one):
    return replace(
        one,
        answers=np.where(
            (np.random.default_rng(0).random(len(one.ids)) < 0.2)[:, None],
            one.gold[:, None],
            one.answers,
        ),
    )


@pytest.mark.parametrize(
    ("half", "tokens", "verdict", "reason"),
    [
        (worse, worse, "supported", "above"),
        (better, worse, "contradicted", "below"),
        (worse, alike, "undecided", "open"),
    ],
)
def test_verdicts(half, tokens, verdict, reason, tmp_path):
    found = judged(tmp_path, half, tokens)
    assert (found.verdict, found.why[0].key) == (verdict, f"claims.why.{reason}")


def test_changes_that_make_no_half_point_contradict(tmp_path):
    found = judged(tmp_path, lambda one: swapped(one, 0.05), alike, premises=3000)
    assert (found.verdict, found.why[0].key) == ("contradicted", "claims.why.alike")


def test_answers_that_hardly_ever_turn_are_too_little(tmp_path):
    found = judged(tmp_path, same, same)
    assert found.verdict == "undecided"
    assert "claims.why.few_premises" in {why.key for why in found.why}
    assert found.why[0].key == "claims.why.thin"
    assert not np.isfinite(found.p)


def test_without_a_trial_it_is_open_and_says_what_makes_one():
    found = dynamic(evidence({}))
    assert found.verdict == "undecided"
    assert "--gate trained half shuffle-tokens" in str(found.why[1])


def test_a_trial_without_one_of_the_changes_is_none(tmp_path):
    stored(tmp_path / "trained", run(LEVELS), gate="trained")
    assert dynamic(evidence({}, trial=Trial(tmp_path))).verdict == "undecided"
