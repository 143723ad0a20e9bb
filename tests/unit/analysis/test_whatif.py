"""What if: one pair's answers under interventions, with their controls and their error."""

import numpy as np
import pytest
import torch

PAIR = ("the old red house is not in a house", "no one sleeps")
OTHER = ("a man runs in the house", "the cat eats not the dog")
CASED = (
    "zero one mean-tokens shuffle-tokens scale:0.5 set:0@tokens=2@channels=0-3 no-local"
).split()


def done(*texts: str):
    from dlfa.results import Intervention

    return [Intervention.parse(text) for text in texts]


def what_if(predictor, *texts: str, **options):
    from dlfa.analysis.whatif import what_if

    return what_if(predictor, options.pop("pair", PAIR), done(*texts), **options)


class TestOnePair:
    def test_begins_with_the_gate_as_trained_which_answers_as_the_model_does(self, tiny_predictor):
        found = what_if(tiny_predictor, *CASED)
        assert str(found.interventions[0]) == "trained"
        (answers,) = tiny_predictor.predict([PAIR])
        for at, head in enumerate(found.heads):
            wanted = next(answer for answer in answers if answer.head == head)
            np.testing.assert_allclose(found.probabilities[0, at], wanted.probabilities, atol=1e-5)
        np.testing.assert_allclose(found.baseline, answers[0].probabilities, atol=1e-5)

    def test_tells_its_error_and_what_it_took(self, tiny_predictor):
        found = what_if(tiny_predictor, *CASED)
        assert 0 <= found.error < 1e-5
        shuffle, edit = 2 * 20, 1 + 20  # draws, and those of the control
        assert found.variants == 2 * 6 + shuffle + edit + 1
        assert (found.passes, found.draws, found.swapped) == (1, 20, None)
        assert found.milliseconds > 0

    def test_a_wrong_pass_would_be_found_out_by_its_error(self, tiny_predictor, monkeypatch):
        from dlfa.analysis.interventions import Parts

        monkeypatch.setattr(Parts, "fused", lambda self, gate: self.last)
        assert what_if(tiny_predictor, "mean-tokens", "no-local").error > 1e-4

    def test_shifts_are_told_from_the_gate_as_trained(self, tiny_predictor):
        found = what_if(tiny_predictor, "scale:1", "one")
        np.testing.assert_allclose(found.shifts[:2], 0, atol=1e-6)
        assert (found.shifts[2] > 0.001).any()
        np.testing.assert_allclose(found.probabilities[2], found.lower, atol=1e-6)

    def test_the_model_is_as_it_was(self, tiny_predictor):
        model = tiny_predictor.model
        before = {name: value.clone() for name, value in model.state_dict().items()}
        hooks = [len(module._forward_hooks) for module in model.modules()]
        what_if(tiny_predictor, *CASED, translation=OTHER)
        assert all(torch.equal(model.state_dict()[name], one) for name, one in before.items())
        assert [len(module._forward_hooks) for module in model.modules()] == hooks

    def test_a_model_that_tags_words_is_refused_by_its_task(self, tiny_predictor, monkeypatch):
        from dlfa.errors import WrongTaskError

        monkeypatch.setattr(tiny_predictor.model.config, "pooling", "none")
        with pytest.raises(WrongTaskError):
            what_if(tiny_predictor, "zero")


class TestSwapping:
    def test_with_itself_changes_nothing(self, tiny_predictor):
        found = what_if(tiny_predictor, "swap", "mean-tokens", "swap-mean", translation=PAIR)
        np.testing.assert_allclose(found.probabilities[1], found.probabilities[0], atol=1e-6)
        np.testing.assert_allclose(found.probabilities[3], found.probabilities[2], atol=1e-6)
        assert found.swapped.aligned == found.swapped.words == found.swapped.token_by_token

    def test_with_another_text_takes_its_gate(self, tiny_predictor):
        found = what_if(tiny_predictor, "swap", "swap-mean", translation=OTHER)
        assert found.passes == 2
        assert (found.shifts[1:].max(1) > 1e-5).all()

    def test_is_held_against_the_untrained_twins_gate_of_the_translation(self, tiny_predictor):
        found = what_if(tiny_predictor, "swap", "swap-mean", translation=OTHER)
        assert (found.control_shifts[1:].max(1) > 0).all()
        assert (np.abs(found.controls - found.probabilities)[1:].max((1, 2)) > 1e-6).all()
        own = what_if(tiny_predictor, "twin", "twin+mean-tokens")
        itself = what_if(tiny_predictor, "swap", "swap-mean", translation=PAIR)
        np.testing.assert_allclose(itself.controls[1:], own.probabilities[1:], atol=1e-6)

    def test_every_token_takes_one_gate_in_all(self, tiny_predictor):
        from dlfa.analysis.swapped import weights_between
        from dlfa.results import Alignment

        one, other = (tiny_predictor.tokens(pair) for pair in (PAIR, OTHER))
        links = Alignment(
            layer=3, first=np.array([0, 2]), second=np.array([1, 0]), similarity=np.ones(2)
        )
        weights, told = weights_between(one, other, links)
        np.testing.assert_allclose(weights.sum(1), 1, rtol=1e-6)
        assert (told.words, told.aligned, told.token_by_token) == (len(one.words), 2, 2)
        assert weights[1, np.flatnonzero(other.word == 1)[0]] == 1  # the first word, after [CLS]
        assert weights[0, 0] == weights[-1, -1] == 1


class TestLayers:
    def test_each_language_answers_as_it_does_alone(self, tiny_predictor):
        from dlfa.analysis.layer_answers import joined_answers, layer_answers

        (change,) = done("scale:0.5")
        both = layer_answers(tiny_predictor, {"en": PAIR, "sw": OTHER}, intervention=change)
        parts = [
            layer_answers(tiny_predictor, {code: pair}, intervention=change)
            for code, pair in (("en", PAIR), ("sw", OTHER))
        ]
        joined = joined_answers(parts)
        assert joined.languages == both.languages == ("en", "sw")
        for name in ("trained", "changed", "control", "baseline"):
            np.testing.assert_allclose(getattr(joined, name), getattr(both, name), atol=1e-6)
        assert both.error < 1e-5

    def test_gives_what_the_pair_alone_gives(self, tiny_predictor):
        from dlfa.analysis.layer_answers import layer_answers

        found = what_if(tiny_predictor, "no-global")
        (change,) = done("no-global")
        layers = layer_answers(tiny_predictor, {"en": PAIR}, intervention=change)
        np.testing.assert_allclose(layers.trained[0], found.probabilities[0], atol=1e-6)
        np.testing.assert_allclose(layers.changed[0], found.probabilities[1], atol=1e-6)
        np.testing.assert_allclose(layers.control[0], found.controls[1], atol=1e-6)

    @pytest.mark.parametrize("text", ["set:0@tokens=1", "swap"])
    def test_what_belongs_to_one_pair_is_refused(self, tiny_predictor, text):
        from dlfa.analysis.layer_answers import layer_answers
        from dlfa.errors import InputError

        with pytest.raises(InputError, match="one pair"):
            layer_answers(tiny_predictor, {"en": PAIR}, intervention=done(text)[0])
