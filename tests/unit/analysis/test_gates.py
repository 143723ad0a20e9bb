"""Gates: what is shown is what was used, and the controls are controls."""

import numpy as np
import pytest

PAIR = ("the old red house", "a man runs in the house")


@pytest.fixture(scope="module")
def sweep(tiny_predictor):
    from dlfa.analysis.gates import gate_sweep

    return gate_sweep(tiny_predictor, PAIR)


def test_one_encoder_pass_serves_every_head(tiny_predictor, monkeypatch) -> None:
    from dlfa.analysis.controls import controls
    from dlfa.analysis.gates import gate_sweep

    controls(tiny_predictor)  # made once per model, not part of a sweep
    calls = []
    states = tiny_predictor.states
    monkeypatch.setattr(
        tiny_predictor, "states", lambda batch: calls.append(1) or states(batch), raising=False
    )
    found = gate_sweep(tiny_predictor, PAIR)
    assert len(calls) == found.passes == 1
    assert len(found.heads) == 6  # D_1 … D_3, both gates
    assert found.milliseconds > 0


def test_the_sweep_answers_as_predict_does(tiny_predictor, sweep) -> None:
    (answers,) = tiny_predictor.predict([PAIR])
    for one, other in zip(sweep.predictions, answers, strict=True):
        assert one.head == other.head
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-5)


def test_a_printed_gate_is_attention_times_its_input(tiny_predictor, sweep) -> None:
    ((_, batch),) = tiny_predictor.batches(tiny_predictor.encode([PAIR]))
    states = tiny_predictor.states(batch)
    for gate in sweep.heads:
        assert gate.attention.min() >= 0
        assert gate.attention.max() <= 1
        if gate.kind == "aff":
            np.testing.assert_array_equal(gate.gate, gate.attention)
        else:
            mean = (states[gate.layer] + states[-1])[0].float().cpu().numpy() / 2
            np.testing.assert_allclose(gate.gate, mean * gate.attention, atol=1e-5)


def test_the_neutral_twin_is_one_half_everywhere(sweep) -> None:
    for gate in sweep.heads:
        np.testing.assert_array_equal(gate.untrained, 0.5)


def test_the_noise_twin_scatters_as_unit_variance_would(sweep) -> None:
    # two branches of unit variance each: sigmoid(noise) spreads by about a quarter
    spread = np.mean([gate.noise.std() for gate in sweep.heads])
    assert 0.1 < spread < 0.4


def test_the_controls_are_the_same_every_time(tiny_predictor, sweep) -> None:
    from dlfa.analysis import controls
    from dlfa.analysis.gates import gate_sweep

    controls._made.clear()
    again = gate_sweep(tiny_predictor, PAIR)
    for one, other in zip(sweep.heads, again.heads, strict=True):
        np.testing.assert_array_equal(one.noise, other.noise)


def test_only_the_baseline_has_no_gate_to_show(tiny_predictor) -> None:
    from dlfa.analysis.gates import gate_sweep
    from dlfa.errors import UnknownHeadError

    with pytest.raises(UnknownHeadError):
        gate_sweep(tiny_predictor, PAIR, ("baseline",))


def test_attention_is_the_sigmoid_of_both_branches(sweep) -> None:
    for gate in sweep.heads:
        logits = gate.global_logits + gate.local_logits
        np.testing.assert_allclose(1 / (1 + np.exp(-logits)), gate.attention, atol=1e-6)


def test_a_cells_share_is_what_its_two_products_weigh(tiny_predictor, sweep) -> None:
    ((_, batch),) = tiny_predictor.batches(tiny_predictor.encode([PAIR]))
    states = [state[0].float().cpu().numpy() for state in tiny_predictor.states(batch)]
    for gate in sweep.heads:
        lower = np.abs(gate.gate * states[gate.layer])
        last = np.abs((1 - gate.gate) * states[-1])
        np.testing.assert_allclose(gate.cell_share, lower / (lower + last), atol=1e-4)


def test_a_model_that_is_gone_takes_its_controls_along(tiny_checkpoint) -> None:
    import gc

    from dlfa.analysis import controls
    from dlfa.analysis.predict import load

    predictor = load(tiny_checkpoint)
    controls.controls(predictor)
    known = len(controls._made)
    del predictor
    gc.collect()
    assert len(controls._made) == known - 1


@pytest.fixture(scope="module")
def effects(tiny_predictor):
    from dlfa.analysis.gates import gate_effects

    return gate_effects(tiny_predictor, PAIR, draws=5)


class TestEffects:
    def test_the_gate_as_trained_answers_as_predict_does(self, tiny_predictor, effects) -> None:
        (answers,) = tiny_predictor.predict([PAIR])
        by_head = {answer.head: answer.probabilities for answer in answers}
        for at, head in enumerate(effects.heads):
            np.testing.assert_allclose(effects.probabilities[0, at], by_head[head], atol=1e-5)
        np.testing.assert_allclose(effects.baseline, by_head["baseline"], atol=1e-5)

    def test_only_shuffles_leave_anything_to_chance(self, effects) -> None:
        for change, deviation in zip(effects.changes, effects.deviations, strict=True):
            assert (deviation.max() > 1e-6) == change.startswith("shuffle"), change

    def test_probabilities_sum_to_one_and_the_trained_gate_does_not_shift(self, effects) -> None:
        np.testing.assert_allclose(effects.probabilities.sum(-1), 1, atol=1e-5)
        assert effects.shifts[0].max() == 0
        assert effects.shifts[1:].max() > 1e-4

    def test_a_shut_gate_answers_from_the_last_layer_alone(self, tiny_predictor, effects) -> None:
        import torch

        heads = tiny_predictor.model.heads
        ((_, batch),) = tiny_predictor.batches(tiny_predictor.encode([PAIR]))
        states = [state.float() for state in tiny_predictor.states(batch)]
        mask = batch["attention_mask"].bool()
        shut = effects.probabilities[effects.changes.index("shut")]
        for at, name in enumerate(effects.heads):
            with torch.inference_mode():
                logits = heads[name].classify(heads[name].pool(states[-1], mask))
            np.testing.assert_allclose(shut[at], logits.softmax(-1)[0].cpu().numpy(), atol=1e-5)


class TestLowerShare:
    def test_a_shut_gate_gives_zero_and_an_open_one_gives_one(self) -> None:
        from dlfa.analysis.gates import lower_share

        lower, last = np.random.default_rng(0).normal(size=(2, 5, 8))
        np.testing.assert_array_equal(lower_share(lower, last, np.zeros((5, 8))), 0)
        np.testing.assert_array_equal(lower_share(lower, last, np.ones((5, 8))), 1)

    def test_one_half_of_equal_layers_gives_one_half(self) -> None:
        from dlfa.analysis.gates import lower_share

        states = np.random.default_rng(0).normal(size=(5, 8))
        np.testing.assert_allclose(lower_share(states, states, np.full((5, 8), 0.5)), 0.5)

    def test_empty_vectors_have_no_share(self) -> None:
        from dlfa.analysis.gates import lower_share

        nothing = np.zeros((2, 4))
        np.testing.assert_array_equal(lower_share(nothing, nothing, nothing), 0)
