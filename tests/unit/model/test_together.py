"""All heads at once are the heads one by one: values, gradients, running moments."""

import copy

import pytest
import torch

from tests.unit.model.tiny import DIM, LAYERS, config, randomise

LENGTHS = (7, 4, 2, 7)


def inputs(seed: int = 0):
    draw = torch.Generator().manual_seed(seed)
    mask = torch.arange(max(LENGTHS))[None] < torch.tensor(LENGTHS)[:, None]
    states = [torch.randn(*mask.shape, DIM, generator=draw) for _ in range(LAYERS + 1)]
    return [state.requires_grad_() for state in states], mask


def one_by_one(heads, names, states, mask):
    return torch.stack([heads[name](states, mask)[0] for name in names], dim=1)


@pytest.fixture(params=["cls", "mean", "none"])
def heads(request):
    from dlfa.model.heads import Heads

    made = Heads(config(pooling=request.param, dropout=0.0), DIM)
    randomise(made)
    return made.train()


@pytest.fixture
def both(heads):
    """Logits, gradients and moments of the heads at once and one by one."""
    from dlfa.model.together import together

    def run(way, names=None, frozen=False):
        states, mask = inputs()
        mine = copy.deepcopy(heads)
        if frozen:
            for module in mine.modules():
                if isinstance(module, torch.nn.BatchNorm1d):
                    module.eval()
        logits = way(mine, names or mine.choose(), states, mask)
        weights = torch.randn(logits.shape, generator=torch.Generator().manual_seed(1))
        (logits * weights).sum().backward()
        gradients = {n: p.grad for n, p in mine.named_parameters() if p.grad is not None}
        return logits, gradients, [s.grad for s in states], dict(mine.named_buffers())

    return lambda **options: (run(together, **options), run(one_by_one, **options))


def assert_equal(one, other):
    close = {"atol": 1e-4, "rtol": 2e-4}  # a bias before batch norm has noise for a gradient
    torch.testing.assert_close(one[0], other[0], **close)
    assert one[1].keys() == other[1].keys()
    for name, gradient in one[1].items():
        torch.testing.assert_close(gradient, other[1][name], **close, msg=name)
    for mine, theirs in zip(one[2], other[2], strict=True):
        assert (mine is None) == (theirs is None)
        if mine is not None:
            torch.testing.assert_close(mine, theirs, **close)
    for name, moment in one[3].items():
        torch.testing.assert_close(moment, other[3][name], **close, msg=name)


def test_all_heads_at_once_are_the_heads_one_by_one(both):
    assert_equal(*both())


def test_so_are_some_of_them_in_any_order(both):
    assert_equal(*both(names=("D_2_aff", "baseline", "D_1")))


def test_so_is_the_baseline_alone(both):
    assert_equal(*both(names=("baseline",)))


def test_so_they_are_with_batch_norm_frozen(both):
    assert_equal(*both(frozen=True))


def test_padding_changes_nothing(heads):
    from dlfa.model.together import together

    states, mask = inputs()
    noisy = [torch.where(mask[..., None], s, torch.randn_like(s)) for s in states]
    names = heads.choose()
    torch.testing.assert_close(
        together(heads, names, noisy, mask)[..., : min(LENGTHS), :],
        together(heads, names, states, mask)[..., : min(LENGTHS), :],
    )


def test_one_sentence_is_too_few(heads):
    from dlfa.errors import BatchTooSmallError
    from dlfa.model.together import together

    states, mask = inputs()
    with pytest.raises(BatchTooSmallError):
        together(heads, heads.choose(), [state[:1] for state in states], mask[:1])


@pytest.mark.parametrize("pooling", ["cls", "mean", "none"])
def test_no_operation_asks_the_device_for_a_value(pooling):
    """Fake tensors have no values: whoever asks for one fails, as the heads one by one do."""
    from torch._subclasses.fake_tensor import DynamicOutputShapeException, FakeTensorMode

    from dlfa.model.heads import Heads
    from dlfa.model.together import together

    with FakeTensorMode():
        heads = Heads(config(pooling=pooling), DIM).train()
        states = [torch.randn(4, 7, DIM) for _ in range(LAYERS + 1)]
        mask = torch.ones(4, 7, dtype=torch.bool)
        assert together(heads, heads.choose(), states, mask).shape[1] == len(heads.choose())
        with pytest.raises(DynamicOutputShapeException):
            one_by_one(heads, heads.choose(), states, mask)
