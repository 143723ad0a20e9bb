"""Does the gate matter? The trial's counts are the records' counts."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.analysis.synthetic import BY_EXAMPLE


@pytest.fixture(scope="module")
def runs(tiny_predictor):
    from dlfa.analysis.evaluation import begin
    from dlfa.analysis.examples import Labelled

    draw = np.random.default_rng(0)
    words = np.array("a man woman dog cat runs sleeps eats not the old red house".split())
    examples = [
        Labelled(f"{at}", code, at % 3, (" ".join(draw.choice(words, 6)), "a dog runs"), f"{at}")
        for at in range(12)
        for code in ("en", "sw")
    ]
    run = begin(tiny_predictor, changes=["all"], examples=examples, store=False)
    assert list(run.go())[-1].whole
    found = run.evaluations()
    # A random model hardly minds its gates: turn every fifth answer of one change round.
    turned = found["shut"].answers.copy()
    turned[::5] = (turned[::5] + 1) % 3
    return found | {"shut": replace(found["shut"], answers=turned)}


def test_counts_are_those_of_the_evaluations(runs) -> None:
    from dlfa.analysis.trials import gate_trial

    trial = gate_trial(runs)
    assert trial.data == "xnli/test"
    assert "baseline" not in trial.heads
    for c, change in enumerate(trial.changes):
        run = runs[change]
        for h, head in enumerate(trial.heads):
            column = run.heads.index(head)
            for at, code in enumerate(trial.languages):
                rows = run.languages == code
                assert trial.right[c, h, at] == run.right[rows, column].sum()
                answers, trained = (one.answers[rows, column] for one in (run, runs["trained"]))
                assert trial.flipped[c, h, at] == (answers != trained).sum()
    assert trial.n.tolist() == [12, 12]
    assert (trial.low <= trial.accuracy).all()
    assert (trial.accuracy <= trial.high).all()


def test_the_trained_gate_differs_from_itself_by_nothing(runs) -> None:
    from dlfa.analysis.trials import gate_trial

    trial = gate_trial(runs)
    assert not trial.flipped[0].any()
    assert not trial.difference_low[0].any()
    assert (trial.difference_low <= trial.difference + 1e-9).all()
    assert (trial.difference <= trial.difference_high + 1e-9).all()


def test_translations_are_drawn_together(runs) -> None:
    """Writing every example twice must not make an interval narrower."""
    from dlfa.analysis.trials import gate_trial

    def doubled(run):
        twice = {name: np.concatenate([getattr(run, name)] * 2) for name in BY_EXAMPLE}
        other = np.concatenate([run.languages, np.char.add(run.languages, "2")])
        return replace(run, **twice | {"languages": other, "probabilities": None, "gates": None})

    once, twice = gate_trial(runs), gate_trial({name: doubled(run) for name, run in runs.items()})
    np.testing.assert_allclose(twice.difference_low, once.difference_low, atol=1e-9)
    effective = np.maximum(1, (once.high - once.low) / (twice.high - twice.low))
    np.testing.assert_allclose(effective, 1, atol=0.2)


def test_examples_of_one_premise_are_drawn_together(runs) -> None:
    from dlfa.analysis.trials import gate_trial

    of_three = np.array([str(int(name) // 3) for name in runs["trained"].ids])
    few = gate_trial({name: replace(run, premises=of_three) for name, run in runs.items()})
    many = gate_trial(runs)
    change = many.changes.index("shut")
    spread, wide = (one.difference_high - one.difference_low for one in (many, few))
    assert (wide[change] > spread[change]).all()


def test_a_gate_that_turns_nothing_is_not_certain_to_turn_nothing(runs) -> None:
    from dlfa.analysis.trials import gate_trial

    trial = gate_trial({"trained": runs["trained"], "shut": runs["trained"]})
    np.testing.assert_allclose(trial.difference_high[1], 1.96**2 / (12 + 1.96**2), atol=1e-3)
    np.testing.assert_allclose(trial.difference_low[1], -trial.difference_high[1])


def test_a_trial_reads_back_as_it_was_written(runs, tmp_path) -> None:
    from dlfa.analysis import records
    from dlfa.analysis.trials import gate_trial, read_trial

    for change, run in runs.items():
        records.write(run, tmp_path / "trial" / change)
    back, made = read_trial(tmp_path / "trial"), gate_trial(runs)
    np.testing.assert_array_equal(back.right, made.right)
    np.testing.assert_array_equal(back.difference_low, made.difference_low)
    assert back.provenance.checkpoint == made.provenance.checkpoint


@pytest.mark.parametrize("spoil", ["nothing there", "no trained gate", "other examples"])
def test_what_cannot_be_compared_is_refused(runs, spoil) -> None:
    from dlfa.analysis.trials import gate_trial
    from dlfa.errors import RunError

    spoiled = {
        "nothing there": {},
        "no trained gate": {"shut": runs["shut"]},
        "other examples": {**runs, "shut": replace(runs["shut"], ids=runs["shut"].ids[::-1])},
    }
    with pytest.raises(RunError, match="--gate all"):
        gate_trial(spoiled[spoil])


def test_of_independent_pairs_the_interval_is_wilsons(runs) -> None:
    from dlfa.analysis.comparisons import proportion
    from dlfa.analysis.trials import gate_trial

    def alone(run):
        rows = np.arange(len(run.ids)).astype(str)
        return replace(run, ids=rows, premises=rows)

    trial = gate_trial({name: alone(run) for name, run in runs.items()})
    for c in range(len(trial.changes)):
        for h in range(len(trial.heads)):
            expected = proportion(int(trial.right[c, h].sum()), int(trial.n.sum()))
            np.testing.assert_allclose(trial.low[c, h], expected.low, atol=1e-6)
            np.testing.assert_allclose(trial.high[c, h], expected.high, atol=1e-6)
