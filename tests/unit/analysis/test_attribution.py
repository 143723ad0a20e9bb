"""What each word, and each door, adds to a score: known answers, and laws over every method."""

from threading import Thread
from typing import Any

import numpy as np
import pytest
import torch

PAIR = ("a man runs in the house", "no one sleeps")
METHODS = ("integrated_gradients", "gradient_x_input", "layer_conductance", "deep_lift")
COMPLETE = tuple(method for method in METHODS if method != "gradient_x_input")
HEADS = ("baseline", "D_2", "D_2_aff")
KNOWN = ([2.0], [0.5], [3.0, -1.0], [0.0, 0.0])  # dense, its bias, classifier, its bias
every_head = pytest.mark.parametrize("head", HEADS)
every_baseline = pytest.mark.parametrize("baseline", ["mask", "padding", "mean"])


def linear(weights: torch.Tensor) -> Any:
    """A network whose score is the sum of weights times embeddings, through two layers that add
    nothing of their own: ``2 x`` and ``x / 2``."""
    from dlfa.analysis.score_paths import Explained

    class Linear(Explained):
        def __init__(self) -> None:
            self.label, self.passes = 0, 0
            self.ids = torch.zeros(1, len(weights), dtype=torch.long)

        def states(self, given: torch.Tensor, first: int = 0) -> list[torch.Tensor]:
            self.passes += len(given)
            return [given, given, given / 2] if first else [given, 2 * given, given]

        def read(self, states: list[torch.Tensor]) -> torch.Tensor:
            score = (states[-1] * weights).sum((1, 2))
            return torch.stack([score, torch.zeros_like(score)], dim=1)

    return Linear()


def ends(tokens: int = 4, dim: int = 3) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(0)
    weights, start, end = torch.randn(3, tokens, dim, generator=generator)
    return weights, start[None], end[None]


class TestKnownAnswers:
    @pytest.mark.parametrize(
        "quadrature", ["gausslegendre", "riemann_middle", "riemann_left", "riemann_right"]
    )
    def test_integrated_gradients_of_a_linear_network_are_weight_times_difference(self, quadrature):
        from dlfa.analysis.attribution import integrated_gradients

        weights, start, end = ends()
        found = integrated_gradients(linear(weights), start, end, quadrature)
        np.testing.assert_allclose(found.parts, (weights * (end - start)[0]).sum(-1), atol=1e-5)

    def test_so_are_gradient_times_input(self):
        from dlfa.analysis.attribution import gradient_x_input

        weights, start, end = ends()
        found = gradient_x_input(linear(weights), start, end)
        np.testing.assert_allclose(found, (weights * (end - start)[0]).sum(-1), atol=1e-5)

    def test_so_is_the_conductance_of_its_middle_layer(self, monkeypatch):
        from dlfa.analysis import conductance

        weights, start, end = ends()
        monkeypatch.setattr(conductance, "read_through", lambda _: 1)
        found = conductance.conductance(linear(weights), start, end)
        np.testing.assert_allclose(found.parts, (weights * (end - start)[0]).sum(-1), atol=1e-5)

    def test_the_integral_of_a_square_is_exact_and_its_gradient_at_the_end_twice_as_much(self):
        from dlfa.analysis.attribution import gradient_x_input, integrated_gradients

        weights, _, end = ends()
        network, start = linear(weights), torch.zeros_like(end)
        network.read = lambda states: torch.stack(
            [(states[-1] ** 2 * weights).sum((1, 2)), 0 * states[-1].sum((1, 2))], dim=1
        )
        squares = (weights * end[0] ** 2).sum(-1)
        found = integrated_gradients(network, start, end, "gausslegendre")
        np.testing.assert_allclose(found.parts, squares, atol=1e-5)
        np.testing.assert_allclose(gradient_x_input(network, start, end), 2 * squares, atol=1e-5)

    def test_deep_lift_of_one_channel_shares_the_change_by_the_tokens_differences(self):
        from dlfa.analysis.deep_lift import deep_lift
        from dlfa.model.config import DlfaConfig
        from dlfa.model.heads import Head

        config = DlfaConfig(labels=("yes", "no"), heads=["baseline"], pooling="mean")
        head = Head(config, "baseline", 1).eval()
        for parameter, value in zip(head.parameters(), KNOWN, strict=True):
            parameter.data = torch.tensor(value).view(parameter.shape)
        network = linear(torch.zeros(3, 1))
        type(network).module = property(lambda _: head)
        start, end = torch.zeros(1, 3, 1), torch.tensor([[[0.3], [0.0], [-0.9]]])
        found = deep_lift(network, start, end)
        change = 4 * (np.tanh(2 * -0.2 + 0.5) - np.tanh(0.5))  # 3 t - (-1 t), t = tanh(2 p + 1/2)
        np.testing.assert_allclose(found, change * np.array([0.3, 0, -0.9]) / -0.6, atol=1e-5)


@every_head
class TestAnyHead:
    @pytest.mark.parametrize("method", COMPLETE)
    @every_baseline
    def test_the_words_add_up_to_the_change(self, tiny_predictor, head, method, baseline):
        from dlfa.analysis.attribution import attribute

        found = attribute(tiny_predictor, PAIR, head, method=method, baseline=baseline)
        assert abs(found.change) > 1e-4
        assert found.gap <= 0.02
        assert found.words.sum() + found.special == pytest.approx(found.scores.sum(), abs=1e-5)

    def test_the_score_is_the_log_odds_of_what_the_model_answers(self, tiny_predictor, head):
        from dlfa.analysis.attribution import attribute

        ((answer,),) = tiny_predictor.predict([PAIR], [head])
        found = attribute(tiny_predictor, PAIR, head)
        assert found.label == answer.label
        assert found.probability == pytest.approx(answer.probabilities.max(), abs=0.01)
        other = attribute(tiny_predictor, PAIR, head, "neutral")
        at = answer.labels.index("neutral")
        assert other.probability == pytest.approx(answer.probabilities[at], abs=0.01)

    def test_captum_on_a_private_copy_says_the_same(self, tiny_checkpoint, head):
        import captum.attr

        from dlfa.analysis.attribution import attribute
        from dlfa.analysis.conductance import read_through
        from dlfa.analysis.predict import load
        from dlfa.analysis.score_paths import Explained, log_odds

        own = load(tiny_checkpoint)  # captum's layer methods hook its modules
        explained = Explained.of(own, PAIR, head)
        model, many = own.model, {"n_steps": 400, "method": "riemann_middle"}

        def score(ids, segments):
            logits = model(ids, token_type_ids=segments, heads=[head]).logits
            return log_odds(logits[:, 0], explained.label)

        words = torch.tensor(~explained.tokens.special)
        masked = torch.where(words, own.tokenizer.mask_token_id, explained.ids)
        embeddings = model.backbone.embeddings
        layered = captum.attr.LayerIntegratedGradients(score, embeddings)
        given = explained.ids, masked, None, (explained.segments,)
        expected = layered.attribute(*given, **many).sum(-1)[0]
        found = attribute(own, PAIR, head)
        tolerance = 0.02 * abs(found.change)
        np.testing.assert_allclose(found.scores, expected.detach(), atol=tolerance)

        def after(embedded):
            return explained.score(embedded)

        layer = model.backbone.encoder.layer[read_through(explained) - 1]
        through = captum.attr.LayerConductance(after, layer)
        start, end = explained.baseline("mask"), explained.input
        expected = through.attribute(end, start, n_steps=2000).sum(-1)[0]
        found = attribute(own, PAIR, head, method="layer_conductance")
        np.testing.assert_allclose(found.scores, expected.detach(), atol=tolerance)

    def test_without_places_identical_sentences_share_alike(self, tiny_checkpoint, head):
        from dlfa.analysis.attribution import attribute
        from dlfa.analysis.predict import load

        own = load(tiny_checkpoint)
        embeddings = own.model.backbone.embeddings
        for table in (embeddings.position_embeddings, embeddings.token_type_embeddings):
            table.weight.data.zero_()
        for method in METHODS:
            found = attribute(own, (PAIR[0], PAIR[0]), head, method=method)
            first, second = found.words.reshape(2, -1)
            np.testing.assert_allclose(first, second, atol=1e-5)
            assert np.abs(first).max() > 1e-4

    def test_a_score_that_nothing_moves_gives_zero(self, tiny_checkpoint, head):
        from dlfa.analysis.attribution import attribute
        from dlfa.analysis.doors import by_door
        from dlfa.analysis.predict import load

        own = load(tiny_checkpoint)
        own.model.heads[head].classifier.weight.data.zero_()
        for method in METHODS:
            found = attribute(own, PAIR, head, method=method)
            assert (found.change, found.gap) == (0, 0)
            assert not found.scores.any()
        if head != "baseline":
            assert not by_door(own, PAIR, head).parts.any()


def state(predictor) -> list[object]:
    """Everything of the shared model that a visitor could disturb."""
    model = predictor.model
    hooks = [
        (len(module._forward_hooks), len(module._forward_pre_hooks), len(module._backward_hooks))
        for module in model.modules()
    ]
    flags = [(module.training, len(vars(module))) for module in model.modules()]
    tensors = [
        (name, tensor.requires_grad, tensor.grad is None, tensor._version, tensor.data_ptr())
        for name, tensor in (*model.named_parameters(), *model.named_buffers())
    ]
    return [hooks, flags, tensors, id(predictor.frozen), torch.is_grad_enabled()]


class TestTheSharedModel:
    @pytest.mark.parametrize("method", METHODS)
    def test_is_as_before_after_success_and_failure(self, tiny_predictor, method, monkeypatch):
        from dlfa.analysis.attribution import attribute
        from dlfa.analysis.score_paths import Explained

        tiny_predictor.predict([PAIR])
        before = state(tiny_predictor)
        attribute(tiny_predictor, PAIR, "D_2", method=method)
        assert state(tiny_predictor) == before

        def broken(*_):
            raise RuntimeError("midway")

        monkeypatch.setattr(Explained, "scores", broken)
        monkeypatch.setattr(Explained, "score", broken)
        with pytest.raises(RuntimeError, match="midway"):
            attribute(tiny_predictor, PAIR, "D_2", method=method)
        assert state(tiny_predictor) == before

    @pytest.mark.parametrize("after", [0, 2])
    def test_is_as_before_when_nobody_waits_any_more(self, tiny_predictor, after):
        from dlfa.analysis.attribution import attribute
        from dlfa.analysis.doors import by_door

        class Over(BaseException): ...

        def tell(done: int, _: int) -> None:
            if done >= after:
                raise Over

        tiny_predictor.predict([PAIR])
        before = state(tiny_predictor)
        for work in (attribute, by_door):
            with pytest.raises(Over):
                work(tiny_predictor, PAIR, "D_2", tell=tell)
        assert state(tiny_predictor) == before

    def test_answers_others_bit_for_bit_meanwhile(self, tiny_predictor):
        from dlfa.analysis.attribution import attribute
        from dlfa.analysis.doors import by_door

        def asked() -> np.ndarray:
            (answers,) = tiny_predictor.predict([PAIR])
            return np.stack([answer.probabilities for answer in answers])

        def explain() -> None:
            for method in METHODS:
                attribute(tiny_predictor, PAIR, "D_2", method=method)
                by_door(tiny_predictor, PAIR, "D_2")

        expected, answers = asked(), []
        other = Thread(target=explain)
        other.start()
        while other.is_alive():
            answers.append(asked())
        other.join()
        assert len(answers) > 3
        assert all((one == expected).all() for one in answers)


class TestDoors:
    @pytest.mark.parametrize("head", ["D_1", "D_2_aff", "D_3"])
    @every_baseline
    def test_they_add_up_to_the_change(self, tiny_predictor, head, baseline):
        from dlfa.analysis.attribution import attribute
        from dlfa.analysis.doors import by_door

        found = by_door(tiny_predictor, PAIR, head, baseline=baseline)
        assert found.gap <= 0.01
        whole = attribute(tiny_predictor, PAIR, head, baseline=baseline)
        assert (found.start, found.end) == pytest.approx((whole.start, whole.end), abs=1e-5)

    def test_a_gate_that_is_s_has_no_product(self, tiny_predictor):
        from dlfa.analysis.doors import by_door
        from dlfa.results.attributions import DOORS

        assert by_door(tiny_predictor, PAIR, "D_2").doors == DOORS
        assert by_door(tiny_predictor, PAIR, "D_2_aff").doors == (
            "lower",
            "last",
            "global",
            "local",
        )

    @pytest.mark.parametrize("head", ["D_2", "D_2_aff"])
    def test_with_all_doors_on_one_state_the_head_is_the_head(self, tiny_predictor, head):
        from dlfa.analysis.doors import _score
        from dlfa.analysis.score_paths import Explained, log_odds

        explained = Explained.of(tiny_predictor, PAIR, head)
        states = explained.states(explained.input)
        low, last = states[2], states[-1]
        both = (low + last) / 2
        found = _score(explained, (low, last, both, both, both))
        expected = log_odds(explained.read(states), explained.label)
        assert found.item() == pytest.approx(expected.item(), abs=1e-5)

    def test_a_head_behind_a_shut_gate_has_one_door(self, tiny_checkpoint):
        """With s = 0 the fused states are the last layer: nothing else can add anything."""
        from dlfa.analysis.doors import by_door
        from dlfa.analysis.predict import load

        own = load(tiny_checkpoint)
        for branch in ("global_branch", "local_branch"):
            norm = getattr(own.model.heads["D_2"].fusion.aif, branch).get_submodule("4")
            norm.weight.data.zero_()
            norm.bias.data.fill_(-60.0)
        found = by_door(own, PAIR, "D_2")
        parts = dict(zip(found.doors, found.parts, strict=True))
        assert parts.pop("last") == pytest.approx(found.change, rel=0.01)
        assert all(abs(part) < 1e-6 for part in parts.values())

    def test_the_baseline_has_none_and_says_so(self, tiny_predictor):
        from dlfa.analysis.doors import by_door
        from dlfa.errors import UnknownHeadError

        with pytest.raises(UnknownHeadError, match="D_1"):
            by_door(tiny_predictor, PAIR, "baseline")


class TestPanels:
    def test_a_kink_is_found_and_the_rest_left_alone(self):
        from dlfa.analysis.panels import integrate

        def value(at):
            return np.abs(at - 0.37)

        def parts(lows, highs):
            shares = (np.arange(5) + 0.5) / 5
            places = lows[:, None] + (highs - lows)[:, None] * shares
            return np.sign(places - 0.37).mean(1, keepdims=True) * (highs - lows)[:, None]

        found = integrate(parts, value, aim=0.001)
        assert found.parts.sum() == pytest.approx(0.26, abs=3e-4)
        assert 25 < found.steps < 200

    def test_it_ends_when_it_has_taken_as_many_gradients_as_it_may(self):
        from dlfa.analysis.panels import integrate

        told = []
        found = integrate(
            lambda lows, highs: np.ones((len(lows), 1)),
            lambda at: at,
            aim=0.01,
            most=60,
            tell=lambda done, total: told.append((done, total)),
        )
        assert found.steps == 55
        assert told[-1] == (55, 60)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("wrong", "named"),
        [
            ({"head": "D_9"}, "D_9"),
            ({"label": "perhaps"}, "perhaps"),
            ({"method": "guess"}, "guess"),
            ({"baseline": "zero"}, "zero"),
            ({"quadrature": "riemann_trapezoid"}, "riemann_trapezoid"),
        ],
    )
    def test_is_named_in_one_sentence(self, tiny_predictor, wrong, named):
        from dlfa.analysis.attribution import attribute
        from dlfa.errors import InputError

        with pytest.raises(InputError, match=named) as caught:
            attribute(tiny_predictor, PAIR, **{"head": "D_1"} | wrong)
        assert str(caught.value).endswith(".")
        assert "error." not in str(caught.value)
