"""Interventions over a set: the engine of evaluations, and differences in pairs."""

import numpy as np
import pytest

TEXTS = ["a man runs", "the old red house is not in the house", "no one sleeps", "a dog"]


def examples(languages=("en", "sw")):
    from dlfa.analysis.examples import Labelled

    return [
        Labelled(text, code, at % 3, (text, f"{end} eats"), text)
        for code, end in zip(languages, ("a dog", "the cat"), strict=True)
        for at, text in enumerate(TEXTS)
    ]


def done(*texts: str):
    from dlfa.results import Intervention

    return [Intervention.parse(text) for text in texts]


def trial_run(predictor, *texts: str, store: bool = False, limit: int | None = None):
    from dlfa.analysis.intervened import begin_trial

    some = examples()[:limit]
    return begin_trial(predictor, done(*texts), examples=some, split="test", store=store)


def found_by(run):
    return run.result([step() for step in run.steps()])


def test_computes_the_gate_as_trained_first_and_the_controls_last():
    from dlfa.analysis.intervened import with_controls

    changes, against = with_controls(done("zero", "half", "scale:2@channels=0-3"), 16)
    assert changes[:4] == ("trained", "zero", "half", "scale:2@channels=0-3")
    assert len(changes) == 6
    assert changes[4] == "twin" == against["zero"] == against["half"]
    assert changes[5] == against["scale:2@channels=0-3"]
    assert changes[5].startswith("scale:2@channels=")


def test_answers_as_the_pair_alone_does(tiny_predictor):
    from dlfa.analysis.whatif import what_if

    run = trial_run(tiny_predictor, "one", "no-local", "set:0@channels=0-3")
    evaluations = found_by(run)
    for row, example in enumerate(run.examples[:3]):
        alone = what_if(tiny_predictor, example.pair, done(*run.changes[1:4]))
        for at, change in enumerate(run.changes[:4]):
            np.testing.assert_allclose(
                evaluations[change].probabilities[row], alone.probabilities[at], atol=1e-5
            )


def test_goes_on_where_it_was_and_is_there_at_once_when_asked_again(tiny_predictor, monkeypatch):
    from dlfa.analysis import runs

    monkeypatch.setattr(runs, "FIRST", 3)
    monkeypatch.setattr(runs, "LARGEST_ELSEWHERE", 3)
    first = trial_run(tiny_predictor, "half", "mean-tokens", store=True)
    steps = first.go()
    next(steps)
    assert 0 < first.done < first.total
    steps.close()
    again = trial_run(tiny_predictor, "half", "mean-tokens", store=True)
    assert again.kept == first.done
    wanted = [progress.done for progress in again.go()][-1]
    assert wanted == again.total
    third = trial_run(tiny_predictor, "half", "mean-tokens", store=True)
    assert third.kept == third.total
    for change, evaluation in third.evaluations().items():
        np.testing.assert_array_equal(evaluation.answers, again.evaluations()[change].answers)
    other = trial_run(tiny_predictor, "half", store=True)
    assert other.kept == 0


def test_what_belongs_to_one_pair_is_refused(tiny_predictor):
    from dlfa.errors import InputError

    for text in ("swap", "set:0@tokens=1"):
        with pytest.raises(InputError, match="one pair"):
            trial_run(tiny_predictor, text)
    with pytest.raises(InputError):
        trial_run(tiny_predictor)


class TestTrial:
    def test_counts_what_each_intervention_changes(self, tiny_predictor):
        from dlfa.analysis.intervention_trials import intervention_trial

        run = trial_run(tiny_predictor, "one", "scale:1")
        evaluations = found_by(run)
        trial = intervention_trial(evaluations, {"one": "twin", "scale:1": "twin+scale:1"})
        trained = evaluations["trained"]
        assert trial.changes == ("one", "scale:1", "twin", "twin+scale:1")
        for at, change in enumerate(trial.changes):
            after = evaluations[change].right.astype(float) - trained.right
            for place, code in enumerate(trial.accuracy.languages):
                wanted = after[trained.languages == code].mean(0)
                np.testing.assert_allclose(trial.accuracy.by_language[at, :, place], wanted)
        np.testing.assert_allclose(
            trial.accuracy.average, trial.accuracy.by_language.mean(-1), atol=1e-9
        )
        assert (trial.flipped[1] == 0).all()
        np.testing.assert_array_equal(trial.accuracy.average[1], 0)
        assert (trial.accuracy.low <= trial.accuracy.average + 1e-9).all()
        assert (trial.accuracy.average <= trial.accuracy.high + 1e-9).all()
        assert (trial.accuracy.p_holm >= trial.accuracy.p).all()

    def test_each_is_held_against_its_own_control_example_by_example(self, tiny_predictor):
        from dlfa.analysis.intervention_trials import intervention_trial

        against = {"one": "twin", "twin": "trained", "scale:1": "scale:1"}
        evaluations = found_by(trial_run(tiny_predictor, *against))
        found = intervention_trial({name: evaluations[name] for name in evaluations}, against)
        effect = found.accuracy
        assert found.changes[: len(against)] == tuple(against)
        one, twin, trained = (evaluations[name] for name in ("one", "twin", "trained"))
        codes = found.accuracy.languages
        for at, (after, control) in enumerate(((one, twin), (twin, trained))):
            gains = after.right.astype(float) - control.right
            wanted = np.mean([gains[trained.languages == code].mean(0) for code in codes], axis=0)
            np.testing.assert_allclose(effect.beyond_average[at], wanted, atol=1e-9)
        np.testing.assert_allclose(effect.beyond_average[1], effect.average[1])
        assert (effect.beyond_average[2] == 0).all()
        assert (effect.beyond_p_holm[2] == 1).all()
        assert effect.beyond_average.shape == (3, len(found.heads))

    def test_agreement_is_with_english_item_by_item(self, tiny_predictor):
        from dlfa.analysis.intervention_trials import intervention_trial

        evaluations = found_by(trial_run(tiny_predictor, "one"))
        trial = intervention_trial(evaluations, {"one": "twin"})
        assert (trial.reference, trial.items) == ("en", len(TEXTS))
        assert trial.agreement.languages == ("sw",)

        def same(run):
            english, other = (run.answers[run.languages == code] for code in ("en", "sw"))
            return (english == other).mean(0)

        before, after = same(evaluations["trained"]), same(evaluations["one"])
        np.testing.assert_allclose(trial.agreement.before[:, 0], before)
        np.testing.assert_allclose(trial.agreement.average[0], after - before, atol=1e-9)

    def test_one_language_alone_agrees_with_nobody(self, tiny_predictor):
        from dlfa.analysis.intervention_trials import intervention_trial

        trial = intervention_trial(
            found_by(trial_run(tiny_predictor, "one", limit=4)), {"one": "twin"}
        )
        assert trial.agreement is None
        assert (trial.reference, trial.items) == ("", 0)
