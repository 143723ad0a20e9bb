"""AIF and DLFA against the paper's equations, written here in plain numpy."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from torch import nn

from dlfa.errors import BatchTooSmallError
from dlfa.model.fusion import AIF, DLFA, masked_mean
from tests.unit.model.tiny import randomise

DIM = 12
GATES = ("paper", "aff")
LENGTHS = (5, 1, 3)
EXACT = 1e-10

gates = pytest.mark.parametrize("gate", GATES)
inits = pytest.mark.parametrize("gate_init", ["standard", "neutral"])


def states(*lengths: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(len(lengths), max(lengths), DIM, generator=draw, dtype=dtype)


def mask(*lengths: int) -> torch.Tensor:
    return torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]


def fusion(gate: str = "paper", *, reduction: int = 4) -> DLFA:
    """A module in float64 and eval mode whose batch norms have seen something."""
    module = DLFA(DIM, reduction, gate).double().eval()
    randomise(module)
    return module


# --- the equations, one position at a time ------------------------------------------------------
def branch(module: nn.Sequential, row: np.ndarray) -> np.ndarray:
    """Conv1d + BN, ReLU, Conv1d + BN on the channels of one position."""
    get = {name: value.numpy() for name, value in module.state_dict().items()}

    def conv(at: int, row: np.ndarray) -> np.ndarray:
        return get[f"{at}.weight"][:, :, 0] @ row + get[f"{at}.bias"]

    def norm(at: int, row: np.ndarray) -> np.ndarray:
        unit = (row - get[f"{at}.running_mean"]) / np.sqrt(get[f"{at}.running_var"] + 1e-5)
        return unit * get[f"{at}.weight"] + get[f"{at}.bias"]

    return norm(4, conv(3, np.maximum(norm(1, conv(0, row)), 0)))


def attention_in_numpy(module: AIF, sentence: np.ndarray) -> np.ndarray:
    """The s of equation (1): sigmoid(global + local), for one sentence without padding."""
    broad = branch(module.global_branch, sentence.mean(axis=0))
    fine = np.stack([branch(module.local_branch, token) for token in sentence])
    return 1 / (1 + np.exp(-(broad + fine)))


class TestEquations:
    @pytest.mark.parametrize("reduction", [1, 4, 100])
    def test_aif_matches_equation_one_written_in_numpy(self, reduction):
        module, batch = fusion(reduction=reduction).aif, states(*LENGTHS)
        found = module(batch, mask(*LENGTHS))
        for row, length in enumerate(LENGTHS):
            sentence = batch[row, :length].numpy()
            wanted = attention_in_numpy(module, sentence)
            output, attention = found.output[row, :length], found.attention[row, :length]
            np.testing.assert_allclose(attention.detach(), wanted, atol=EXACT, rtol=0)
            np.testing.assert_allclose(output.detach(), sentence * wanted, atol=EXACT, rtol=0)

    @gates
    def test_dlfa_matches_equation_two_written_in_numpy(self, gate):
        module = fusion(gate)
        lower, last = states(*LENGTHS, seed=1), states(*LENGTHS, seed=2)
        found = module(lower, last, mask(*LENGTHS)).states
        for row, length in enumerate(LENGTHS):
            one, two = lower[row, :length].numpy(), last[row, :length].numpy()
            mean = (one + two) / 2
            attention = attention_in_numpy(module.aif, mean)
            g = mean * attention if gate == "paper" else attention
            wanted = one * g + two * (1 - g)
            np.testing.assert_allclose(found[row, :length].detach(), wanted, atol=EXACT, rtol=0)

    def test_attention_is_the_sigmoid_of_both_branches_sum(self):
        real = mask(*LENGTHS)
        found = fusion().aif(states(*LENGTHS), real)
        both = found.global_logits[:, None] + found.local_logits
        assert torch.equal(found.attention[real], both.sigmoid()[real])

    @pytest.mark.parametrize("training", [False, True])
    def test_padding_has_nothing_to_say_by_itself(self, training):
        real = mask(*LENGTHS)
        found = fusion().aif.train(training)(states(*LENGTHS), real)
        assert (found.local_logits[~real] == 0).all()
        assert (found.local_logits[real] != 0).all()

    @pytest.mark.parametrize("training", [False, True])
    def test_branches_give_what_their_convolutions_give_on_batch_dim_token_input(self, training):
        module = fusion().aif.train(training)
        twin = deepcopy(module)
        batch = states(4, 4, 4)
        found = module(batch, mask(4, 4, 4))

        def by_convolution(branch: nn.Sequential, channels_first: torch.Tensor) -> torch.Tensor:
            for layer in branch:
                channels_first = layer(channels_first)
            return channels_first.transpose(1, 2)

        with torch.no_grad():
            fine = by_convolution(twin.local_branch, batch.transpose(1, 2))
            broad = by_convolution(twin.global_branch, batch.mean(dim=1)[..., None])[:, 0]
        torch.testing.assert_close(found.local_logits, fine, atol=EXACT, rtol=0)
        torch.testing.assert_close(found.global_logits, broad, atol=EXACT, rtol=0)
        for name, statistic in twin.named_buffers():
            torch.testing.assert_close(module.get_buffer(name), statistic, atol=EXACT, rtol=0)

    @pytest.mark.parametrize("training", [False, True])
    def test_gradients_are_those_of_the_equation(self, training):
        module = AIF(4, 2).double().train(training)
        randomise(module, seed=5)
        real = torch.tensor([[True, True, True], [True, True, False]])
        parameters = dict(module.named_parameters())

        def call(batch: torch.Tensor, *values: torch.Tensor) -> torch.Tensor:
            named = dict(zip(parameters, values, strict=True))
            return torch.func.functional_call(module, named, (batch, real)).output[real]

        batch = torch.randn(
            2, 3, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0)
        )
        inputs = (
            batch.requires_grad_(),
            *(p.detach().requires_grad_() for p in parameters.values()),
        )
        assert torch.autograd.gradcheck(call, inputs)


# --- laws ---------------------------------------------------------------------------------------
@gates
class TestInEvalMode:
    def test_padding_changes_nothing(self, gate):
        module, real = fusion(gate), mask(*LENGTHS)
        lower, last = states(*LENGTHS, seed=1), states(*LENGTHS, seed=2)
        before = module(lower, last, real)
        wider = nn.functional.pad(real, (0, 3))
        lower, last = (nn.functional.pad(x, (0, 0, 0, 3), value=7.0) for x in (lower, last))
        lower[~wider] *= -100
        after = module(lower, last, wider)
        for one, other in zip(before, after, strict=True):
            torch.testing.assert_close(other[wider], one[real], atol=1e-12, rtol=0)

    def test_a_sentence_does_not_see_its_batch_mates(self, gate):
        module, real = fusion(gate), mask(*LENGTHS)
        lower, last = states(*LENGTHS, seed=1), states(*LENGTHS, seed=2)
        together = module(lower, last, real).states
        for row, length in enumerate(LENGTHS):
            alone = [x[row : row + 1, :length] for x in (lower, last)]
            found = module(*alone, mask(length)).states[0]
            torch.testing.assert_close(found, together[row, :length], atol=1e-12, rtol=0)

    def test_a_batch_of_one_works(self, gate):
        one = states(1)
        assert fusion(gate)(one, one, mask(1)).states.shape == (1, 1, DIM)

    @pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
    def test_attention_lies_between_nought_and_one(self, gate, scale):
        batch = states(*LENGTHS) * scale
        attention = fusion(gate)(batch, -3 * batch, mask(*LENGTHS)).attention
        assert attention.min() >= 0
        assert attention.max() <= 1

    def test_the_statistics_stay_as_they_are(self, gate):
        module = fusion(gate)
        before = deepcopy(module.state_dict())
        module(states(*LENGTHS), states(*LENGTHS, seed=1), mask(*LENGTHS))
        assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


class TestGate:
    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    def test_a_shut_gate_is_the_last_layer_and_an_open_one_the_lower_exactly(self, dtype):
        lower, last = states(*LENGTHS, seed=1, dtype=dtype), states(*LENGTHS, seed=2, dtype=dtype)
        assert torch.equal(DLFA.fuse(lower, last, torch.zeros_like(last)), last)
        assert torch.equal(DLFA.fuse(lower, last, torch.ones_like(last)), lower)

    @pytest.mark.parametrize(("gate", "bias"), [("paper", -1e6), ("aff", -1e6), ("aff", 1e6)])
    def test_a_module_whose_attention_is_forced_gives_one_layer_exactly(self, gate, bias):
        module = fusion(gate)
        module.aif.global_branch[4].bias.data.fill_(bias)
        lower, last, real = states(*LENGTHS, seed=1), states(*LENGTHS, seed=2), mask(*LENGTHS)
        assert torch.equal(
            module(lower, last, real).states[real], (last if bias < 0 else lower)[real]
        )

    def test_the_two_readings_differ_only_in_the_gate(self):
        paper, aff = fusion("paper"), fusion("aff")
        aff.load_state_dict(paper.state_dict())
        lower, last, real = states(*LENGTHS, seed=1), states(*LENGTHS, seed=2), mask(*LENGTHS)
        printed, sigmoid = paper(lower, last, real), aff(lower, last, real)
        assert torch.equal(printed.attention, sigmoid.attention)
        assert torch.equal(sigmoid.gate, sigmoid.attention)
        torch.testing.assert_close(printed.gate, (lower + last) / 2 * printed.attention)
        assert printed.gate[real].min() < 0  # signed, unlike a sigmoid

    @gates
    def test_is_computed_in_float32_inside_bfloat16_autocast(self, gate):
        module = fusion(gate).float()
        lower, last = (states(*LENGTHS, seed=seed).bfloat16() for seed in (1, 2))
        with torch.autocast("cpu", torch.bfloat16):
            inside = module(lower, last, mask(*LENGTHS))
        outside = module(lower.float(), last.float(), mask(*LENGTHS))
        for one, other in zip(inside, outside, strict=True):
            assert one.dtype == torch.float32
            assert torch.equal(one, other)


@gates
class TestInitialValues:
    def test_neutral_starts_with_one_half_everywhere(self, gate):
        module = DLFA(DIM, gate=gate, gate_init="neutral")
        lower, last = states(*LENGTHS, seed=1).float(), states(*LENGTHS, seed=2).float()
        for mode in (True, False):
            attention = module.train(mode)(lower, last, mask(*LENGTHS)).attention
            assert torch.equal(attention, torch.full_like(attention, 0.5))

    def test_standard_does_not(self, gate):
        torch.manual_seed(0)
        module = DLFA(DIM, gate=gate)
        attention = module(states(4, 4).float(), states(4, 4, seed=1).float(), mask(4, 4)).attention
        assert attention.std() > 0.1

    def test_neutral_learns_every_weight_after_one_step(self, gate):
        torch.manual_seed(0)
        module = DLFA(DIM, gate=gate, gate_init="neutral")
        step = torch.optim.SGD(module.parameters(), lr=0.1)
        lower, last = states(*LENGTHS, seed=1).float(), states(*LENGTHS, seed=2).float()

        def learn() -> dict[str, float]:
            step.zero_grad()
            module(lower, last, mask(*LENGTHS)).states[mask(*LENGTHS)].square().sum().backward()
            return {name: float(p.grad.abs().max()) for name, p in module.named_parameters()}

        first = learn()
        assert first["aif.local_branch.0.weight"] == 0  # nothing gets past the zero weight …
        assert first["aif.local_branch.4.weight"] > 1e-3
        step.step()
        second = learn()  # … until it has moved
        assert (
            min(second[f"aif.{b}_branch.{i}.weight"] for b in ("global", "local") for i in (0, 3))
            > 0
        )


class TestInTraining:
    @inits
    @gates
    def test_a_batch_of_one_is_refused_in_words(self, gate, gate_init):
        module = DLFA(DIM, gate=gate, gate_init=gate_init).double()
        with pytest.raises(BatchTooSmallError, match="at least two sentences") as caught:
            module(states(5), states(5), mask(5))
        assert caught.value.key == "error.batch.too_small"

    def test_padding_changes_neither_output_nor_statistics(self):
        module, real = fusion().train(), mask(*LENGTHS)
        twin = deepcopy(module)
        lower, last = states(*LENGTHS, seed=1), states(*LENGTHS, seed=2)
        before = module(lower, last, real).states[real]
        wider = nn.functional.pad(real, (0, 2))
        lower, last = (nn.functional.pad(x, (0, 0, 0, 2), value=50.0) for x in (lower, last))
        last[~wider] -= 1000
        after = twin(lower, last, wider).states[wider]
        torch.testing.assert_close(after, before, atol=1e-12, rtol=0)
        for name, statistic in module.named_buffers():
            torch.testing.assert_close(twin.get_buffer(name), statistic, atol=1e-12, rtol=0)

    def test_the_statistics_are_those_of_the_real_tokens_and_of_their_means(self):
        module, real = fusion().aif, mask(*LENGTHS)
        for norm in (module.local_branch[1], module.global_branch[1]):
            norm.momentum = 1.0  # keep what this batch says, forget the rest
        batch = states(*LENGTHS)
        module.train()(batch, real)
        tokens = np.concatenate([batch[row, :length] for row, length in enumerate(LENGTHS)])
        means = np.stack([batch[row, :length].mean(0) for row, length in enumerate(LENGTHS)])
        for seen, part in ((tokens, module.local_branch), (means, module.global_branch)):
            squeezed = (
                seen @ part[0].weight[:, :, 0].detach().numpy().T + part[0].bias.detach().numpy()
            )
            np.testing.assert_allclose(part[1].running_mean, squeezed.mean(0), atol=EXACT)
            np.testing.assert_allclose(part[1].running_var, squeezed.var(0, ddof=1), atol=EXACT)


class TestNames:
    def test_parameters_are_named_as_in_the_design_so_that_anyone_can_check_them(self):
        affine = {f"{at}.{part}" for at in (0, 1, 3, 4) for part in ("weight", "bias")}
        moments = ("running_mean", "running_var", "num_batches_tracked")
        buffers = {f"{at}.{part}" for at in (1, 4) for part in moments}
        wanted = {f"{b}_branch.{name}" for b in ("global", "local") for name in affine | buffers}
        assert set(AIF(DIM).state_dict()) == wanted
        assert set(DLFA(DIM).state_dict()) == {f"aif.{name}" for name in wanted}

    @pytest.mark.parametrize("branch", ["global_branch", "local_branch"])
    def test_a_branch_is_conv_norm_relu_conv_norm_with_the_channels_squeezed(self, branch):
        layers = list(getattr(AIF(DIM, reduction=3), branch))
        kinds = [nn.Conv1d, nn.BatchNorm1d, nn.ReLU, nn.Conv1d, nn.BatchNorm1d]
        assert [type(layer) for layer in layers] == kinds
        assert layers[0].weight.shape == (DIM // 3, DIM, 1)
        assert layers[3].weight.shape == (DIM, DIM // 3, 1)


class TestMaskedMean:
    def test_is_the_mean_of_the_real_tokens(self):
        batch = states(*LENGTHS)
        found = masked_mean(batch, mask(*LENGTHS))
        for row, length in enumerate(LENGTHS):
            torch.testing.assert_close(found[row], batch[row, :length].mean(0))

    def test_of_nothing_is_nought(self):
        assert torch.equal(
            masked_mean(states(2), torch.zeros(1, 2).bool()), torch.zeros(1, DIM).double()
        )
