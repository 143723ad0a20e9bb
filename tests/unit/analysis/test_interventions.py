"""Interventions on the gate: laws of each, and the head-only pass against every token fused."""

import numpy as np
import pytest
import torch

MASK = torch.tensor([[True] * 7, [True] * 5 + [False] * 2])
EVERY = (
    "trained zero half one mean-tokens shuffle-tokens shuffle-channels scale:0.5 set:0.3 "
    "scale:2@tokens=1,3-4 set:0@tokens=2@channels=0-5 set:1@channels=3,9-11 no-global no-local "
    "swap swap-mean twin twin+scale:1.5 twin+no-local twin+shuffle-tokens twin+set:0@tokens=1 "
    "twin+swap twin+swap-mean"
).split()


def done(*texts: str):
    from dlfa.results import Intervention

    return [Intervention.parse(text) for text in texts]


def shuffled(mask, draws=1):
    from dlfa.analysis.changes import shuffles

    if len(mask) == 1:
        mask = mask.expand(draws, -1)
    return shuffles(mask, 16, [str(row) for row in range(len(mask))])


@pytest.fixture(scope="module", params=["mean", "cls"])
def gates(request):
    """Heads that have learned something, their twins, and hidden states of two sentences."""
    from dlfa.analysis.controls import Controls
    from dlfa.analysis.forced import Foreign
    from dlfa.analysis.interventions import Gates
    from dlfa.model.frozen_heads import FrozenHeads
    from dlfa.model.heads import Heads
    from dlfa.model.modeling import DlfaConfig

    def made(seed: int) -> Heads:
        torch.manual_seed(seed)
        labels = ("entailment", "neutral", "contradiction")
        shape = {"model_type": "bert", "num_hidden_layers": 3}
        config = DlfaConfig(encoder=shape, pooling=request.param, labels=labels)
        heads = Heads(config, 16).eval().requires_grad_(False)
        for parameter in heads.parameters():
            parameter.data += 0.3 * torch.randn(parameter.shape)
        return heads

    def drawn() -> tuple[torch.Tensor, ...]:
        return torch.randn(2, 7, 16), torch.randn(2, 16)

    heads, twin = made(1), made(2)
    states = tuple(torch.randn(2, 7, 16) for _layer in range(4))
    foreign = {name: Foreign(*drawn(), Foreign(*drawn())) for name in heads.choose()}
    return Gates(heads, FrozenHeads(heads), states, MASK, Controls(twin, twin), foreign)


def of_one(gates, row: int, *, padded: bool = True):
    """One sentence of the batch alone, with or without its padding."""
    from dataclasses import replace

    from dlfa.analysis.forced import Foreign

    length = 7 if padded else int(MASK[row].sum())
    states = tuple(state[row : row + 1, :length] for state in gates.states)

    def cut(one: Foreign | None) -> Foreign | None:
        own = slice(row, row + 1)
        return one and Foreign(one.laid[own, :length], one.mean[own], cut(one.twin))

    foreign = {name: cut(one) for name, one in gates.foreign.items()}
    return replace(gates, states=states, mask=MASK[row : row + 1, :length], foreign=foreign)


NAMES = ("D_1", "D_2", "D_1_aff", "D_2_aff")


def fused(gates, name, one, moved):
    from dlfa.analysis.forced import changed_gate, fused_logits

    seen = gates.seen(name, twin=one.twin)
    gate = changed_gate(one, seen, moved, gates.foreign[name])
    return fused_logits(gates.heads[name], seen, gate).softmax(-1).numpy()


class TestTheHeadOnlyPass:
    @pytest.mark.parametrize("sentences", ["both", "one"])
    def test_gives_what_every_token_fused_one_gate_at_a_time_gives(self, gates, sentences):
        gates = gates if sentences == "both" else of_one(gates, 0)
        moved = shuffled(gates.mask)
        found = gates.answers(NAMES, done(*EVERY), moved)
        for at, name in enumerate(NAMES):
            for place, one in enumerate(done(*EVERY)):
                wanted = fused(gates, name, one, moved)
                np.testing.assert_allclose(found[place, :, at], wanted, atol=2e-6, err_msg=str(one))

    def test_gives_the_same_in_one_batch_as_one_by_one(self, gates):
        gates, moved = of_one(gates, 0), shuffled(MASK[:1])
        together = gates.answers(NAMES, done(*EVERY), moved)
        for place, one in enumerate(done(*EVERY)):
            alone = gates.answers(NAMES, [one], moved)
            np.testing.assert_allclose(together[place], alone[0], atol=2e-6)

    def test_padding_and_batch_mates_change_nothing(self, gates):
        moved, texts = shuffled(MASK), [one for one in EVERY if "tokens=" not in one]
        together = gates.answers(NAMES, done(*texts), moved)
        from dlfa.analysis.changes import Shuffles

        for row in range(2):
            length = int(MASK[row].sum())
            own = Shuffles(moved.tokens[row : row + 1, :length], moved.channels[row : row + 1])
            alone = of_one(gates, row, padded=False).answers(NAMES, done(*texts), own)
            np.testing.assert_allclose(together[:, row], alone[:, 0], atol=2e-6)

    def test_every_draw_of_a_shuffle_is_its_own(self, gates):
        from dlfa.results import Intervention

        gates = of_one(gates, 0)
        moved = shuffled(gates.mask, draws=3)
        some = [Intervention(kind="shuffle-channels", draw=draw) for draw in range(3)]
        found = gates.answers(NAMES, some, moved)
        assert len(np.unique(found[:, 0, 0, 0].round(6))) == 3

    def test_leaves_the_heads_as_they_were(self, gates):
        before = {name: value.clone() for name, value in gates.heads.state_dict().items()}
        states = [state.clone() for state in gates.states]
        gates.answers(NAMES, done(*EVERY), shuffled(MASK))
        assert all(
            torch.equal(value, before[name]) for name, value in gates.heads.state_dict().items()
        )
        assert all(map(torch.equal, states, gates.states))
        assert not any(module._forward_hooks for module in gates.heads.modules())


class TestLaws:
    def test_a_gate_of_zero_is_exactly_the_last_layer_and_of_one_the_lower(self, gates):
        from dlfa.analysis.interventions import Plan

        moved = shuffled(MASK)
        for name in NAMES:
            seen, head = gates.seen(name), gates.heads[name]
            found = Plan(done("zero", "one"), gates.states[-1], moved).pooled(seen)
            last, lower = (head.pool(gates.states[at], MASK) for at in (-1, head.layer))
            assert torch.equal(found[0], last)
            assert torch.equal(found[1], lower)

    @pytest.mark.parametrize("text", ["scale:1", "scale:1@channels=2-7", "scale:1@tokens=1"])
    def test_scaled_by_one_changes_nothing(self, gates, text):
        plain, scaled = gates.answers(NAMES, done("trained", text), shuffled(MASK))
        np.testing.assert_allclose(scaled, plain, atol=1e-6)

    def test_the_gate_as_trained_answers_as_the_model_does(self, gates):
        (found,) = gates.answers(NAMES, done("trained"), shuffled(MASK))
        for at, name in enumerate(NAMES):
            logits, _fused = gates.heads[name](gates.states, MASK)
            np.testing.assert_allclose(found[:, at], logits.softmax(-1).numpy(), atol=1e-6)

    def test_scaled_to_nothing_is_zero_and_set_everywhere_is_a_number_everywhere(self, gates):
        texts = ("zero", "scale:0", "set:0", "set:0@channels=0-15", "half", "set:0.5@channels=0-15")
        found = gates.answers(NAMES, done(*texts), shuffled(MASK))
        for other in (1, 2, 3):
            np.testing.assert_allclose(found[other], found[0], atol=2e-6)
        np.testing.assert_allclose(found[5], found[4], atol=2e-6)

    @pytest.mark.parametrize("kind", ["shuffle-tokens", "shuffle-channels"])
    def test_a_shuffle_keeps_every_number_and_moves_some(self, gates, kind):
        from dlfa.analysis.forced import changed_gate

        seen = gates.seen("D_2")
        before = seen.gate()
        after = changed_gate(done(kind)[0], seen, shuffled(MASK))
        axis = 1 if kind == "shuffle-tokens" else 2
        for row, length in enumerate(MASK.sum(1).tolist()):
            one, other = before[row, :length], after[row, :length]
            assert torch.equal(one.sort(axis - 1).values, other.sort(axis - 1).values)
        assert not torch.equal(before, after)

    def test_a_branch_off_is_the_other_one_alone(self, gates):
        from dlfa.analysis.forced import changed_gate
        from dlfa.model.fusion import masked_mean

        for name in NAMES:
            seen, aif = gates.seen(name), gates.heads[name].fusion.aif
            broad = aif.global_branch(masked_mean(seen.mixed, MASK))[:, None]
            fine = aif.local_branch(seen.mixed.flatten(0, 1)).view_as(seen.mixed)
            for text, left in (("no-local", broad.expand_as(fine)), ("no-global", fine)):
                wanted = left.sigmoid() * (seen.mixed if seen.kind == "paper" else 1)
                found = changed_gate(done(text)[0], seen, shuffled(MASK))
                torch.testing.assert_close(found[MASK], wanted[MASK])

    def test_it_is_the_gate_that_is_replaced_not_the_attention(self, gates):
        from dlfa.analysis.forced import changed_gate

        half = changed_gate(done("half")[0], gates.seen("D_1"), shuffled(MASK))
        assert half.unique().tolist() == [0.5]


class TestRefusals:
    @pytest.mark.parametrize("text", ["set:0@tokens=7", "scale:2@channels=16"])
    def test_a_place_that_is_not_there_is_refused_by_number(self, gates, text):
        from dlfa.errors import InputError

        with pytest.raises(InputError, match=text.rpartition("=")[2]):
            gates.answers(NAMES, done(text), shuffled(MASK))

    def test_a_swap_without_a_translation_is_refused(self, gates):
        from dataclasses import replace

        from dlfa.errors import InputError

        with pytest.raises(InputError, match="swap"):
            replace(gates, foreign=None).answers(NAMES, done("swap"), shuffled(MASK))


class TestControls:
    def test_an_edit_is_held_against_as_many_random_places(self):
        from dlfa.analysis.interventions import controls_of

        (one,) = done("set:0@tokens=1-3@channels=0-9")
        found = controls_of(one, 12, 64, draws=5)
        assert len(set(found)) == 5
        assert {(len(other.tokens), len(other.channels)) for other in found} == {(3, 10)}
        assert {(other.kind, other.amount, other.twin) for other in found} == {("set", 0.0, False)}
        assert found == controls_of(one, 12, 64, draws=5)

    def test_anything_else_is_held_against_the_untrained_twin(self):
        from dlfa.analysis.interventions import controls_of

        for text, control in (("zero", "twin"), ("scale:2", "twin+scale:2"), ("set:1", "twin")):
            assert [str(one) for one in controls_of(done(text)[0], 9, 16, 5)] == [control]
        assert len(controls_of(done("shuffle-tokens")[0], 9, 16, 5)) == 5
