"""Every check of a module's structure holds of ours, and fails on one that does otherwise."""

import pytest
import torch
from torch import nn

from dlfa.claims.structure import CHECKS, Modules, structural
from dlfa.model.fusion import AIF, DLFA, Attended, Branch, Fused, masked_mean
from dlfa.model.heads import Head

ALL = [(claim, name) for claim, checks in CHECKS.items() for name in checks]


class Summed(AIF):
    """Adds its attention to its input."""

    def forward(self, states, mask):
        told = super().forward(states, mask)
        return told._replace(output=states + told.attention)


class Pooled(AIF):
    """Gives one vector a sentence."""

    def forward(self, states, mask):
        told = super().forward(states, mask)
        return Attended(
            masked_mean(told.output, mask)[:, None],
            told.attention[:, :1],
            told.global_logits,
            told.local_logits[:, :1],
        )


class LocalOnly(AIF):
    """Runs one branch and adds the other's silence."""

    def forward(self, states, mask):
        fine = self.local(states, mask)
        attention = fine.sigmoid()
        silence = torch.zeros(states.shape[0], states.shape[2])
        return Attended(states * attention, attention, silence, fine)


class FirstToken(AIF):
    """Its global branch hears the first token alone."""

    def forward(self, states, mask):
        broad = self.global_branch(states[:, 0])
        fine = self.local(states, mask)
        attention = (broad[:, None] + fine).sigmoid()
        return Attended(states * attention, attention, broad, fine)


class Blurred(AIF):
    """Its local branch hears the mean of all tokens, too."""

    def local(self, states, mask):
        return super().local(states + masked_mean(states, mask)[:, None], mask)


class ThreeBranches(AIF):
    def __init__(self, dim, reduction=4):
        super().__init__(dim, reduction)
        self.further_branch = Branch(dim, reduction)

    def forward(self, states, mask):
        told = super().forward(states, mask)
        further = self.further_branch(states.flatten(0, 1)).view_as(states)
        attention = (told.global_logits[:, None] + told.local_logits + further).sigmoid()
        return told._replace(output=states * attention, attention=attention)


class Unsqueezed(AIF):
    def __init__(self, dim, reduction=4):
        super().__init__(dim, 1)


class OneConvolution(Branch):
    def __init__(self, dim, reduction):
        super().__init__(dim, reduction)
        self[0] = nn.Identity()
        self[1] = nn.Identity()

    def forward(self, positions):
        return positions * self[4].weight


class Shallow(AIF):
    def __init__(self, dim, reduction=4):
        super().__init__(dim, reduction)
        self.local_branch = OneConvolution(dim, reduction)


class Halved(DLFA):
    """Takes the mean of both layers, whatever they are."""

    def forward(self, lower, last, mask):
        half = torch.full_like(last, 0.5)
        return Fused((lower + last) / 2, half, half)


class LowerOnly(DLFA):
    """Gates the lower layer and forgets the last."""

    def forward(self, lower, last, mask):
        told = super().forward(lower, lower, mask)
        return told._replace(states=lower * told.gate)


class Swapped(DLFA):
    def forward(self, lower, last, mask):
        told = super().forward(lower, last, mask)
        return told._replace(states=self.fuse(last, lower, told.gate))


class OneToken(DLFA):
    def forward(self, lower, last, mask):
        told = super().forward(lower, last, mask)
        return Fused(*(one[:, :1] for one in told))


class AnotherLayer(Head):
    def fuse(self, states, mask):
        assert self.fusion is not None
        return self.fusion(states[8], states[-1], mask)


class Unfused(Head):
    """Computes the fusion, and answers from the last layer."""

    def forward(self, states, mask):
        return self.classify(self.pool(states[-1], mask)), self.fuse(states, mask)


BROKEN = {
    "weighs_by_its_input": Modules(dlfa=Halved),
    "depends_on_both": Modules(dlfa=LowerOnly),
    "is_equation_two": Modules(dlfa=Swapped),
    "reads_its_two_layers": Modules(head=AnotherLayer),
    "classifies_the_fusion": Modules(head=Unfused),
    "keeps_the_shape": Modules(dlfa=OneToken),
    "is_equation_one": Modules(aif=Summed),
    "global_is_one_for_all_tokens": Modules(aif=FirstToken),
    "local_is_each_tokens_own": Modules(aif=Blurred),
    "squeezes_and_expands": Modules(aif=Unsqueezed),
    "has_two_convolutions": Modules(aif=Shallow),
    "takes_a_tensor": Modules(aif=Pooled),
    "has_two_branches": Modules(aif=LocalOnly),
}


@pytest.mark.parametrize("claim", CHECKS)
def test_our_modules_are_as_the_claims_say(claim):
    found = structural(claim)
    assert found.verdict == "structural"
    assert all(part.passes for part in found.parts)


@pytest.mark.parametrize(("claim", "name"), ALL)
def test_a_module_that_does_otherwise_is_found_out(claim, name):
    found = structural(claim, BROKEN[name])
    assert found.verdict == "contradicted"
    assert not {part.name: part.passes for part in found.parts}[name]


def test_a_third_branch_is_found_out():
    assert structural(17, Modules(aif=ThreeBranches)).verdict == "contradicted"


def test_checks_leave_the_random_numbers_of_others_alone():
    torch.manual_seed(3)
    before = torch.get_rng_state()
    structural(12)
    assert torch.equal(torch.get_rng_state(), before)
