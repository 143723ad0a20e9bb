"""Claims 12 and 14 to 17: what AIF does, by executing it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import nn

from dlfa.claims.arithmetic import attended, branches_of, convolutions
from dlfa.claims.stirred import (
    BATCH,
    DIM,
    REDUCTION,
    SHAPES,
    TOKENS,
    Modules,
    all_real,
    an_aif,
    close,
    random_states,
)

__all__ = [
    "global_is_one_for_all_tokens",
    "has_two_branches",
    "has_two_convolutions",
    "is_equation_one",
    "local_is_each_tokens_own",
    "squeezes_and_expands",
    "takes_a_tensor",
]


def takes_a_tensor(modules: Modules) -> bool:
    """Whether AIF takes one W of B x T x E and gives W' and an attention of that shape."""
    for batch, tokens, dim in SHAPES:
        given = random_states(batch, tokens, dim)
        told = an_aif(modules, dim)(given, all_real(batch, tokens))
        if not (told.output.shape == told.attention.shape == given.shape):
            return False
    return True


def is_equation_one(modules: Modules) -> bool:
    """Whether W' is W times the sigmoid of both branches' sum, computed independently."""
    module, given = an_aif(modules), random_states(BATCH, TOKENS, DIM)
    attention = attended(module, given)
    told = module(given, all_real())
    return close(told.attention, attention) and close(told.output, given * attention)


def global_is_one_for_all_tokens(modules: Modules) -> bool:
    """Whether the global branch says one thing of a sentence, and what depends on every token."""
    module, given = an_aif(modules), random_states(BATCH, TOKENS, DIM)
    first = module(given, all_real()).global_logits
    for token in range(TOKENS):
        moved = given.clone()
        moved[:, token] += 1
        if close(module(moved, all_real()).global_logits, first):
            return False
    turned = module(given.flip(1), all_real()).global_logits  # the average knows no order
    return first.shape == (BATCH, DIM) and close(first, turned)


def local_is_each_tokens_own(modules: Modules) -> bool:
    """Whether the local branch says of a token what depends on that token alone."""
    module, given = an_aif(modules), random_states(BATCH, TOKENS, DIM)
    first = module(given, all_real()).local_logits
    moved = given.clone()
    moved[:, 0] += 1
    after = module(moved, all_real()).local_logits
    differs = not close(first[:, 0], first[:, 1])
    return differs and close(after[:, 1:], first[:, 1:]) and not close(after[:, 0], first[:, 0])


def squeezes_and_expands(modules: Modules) -> bool:
    """Whether the channels go E, E / r, E: what runs between the convolutions has E / r."""
    module = an_aif(modules)
    for branch in branches_of(module):
        convs = convolutions(branch)
        if [(one.in_channels, one.out_channels) for one in convs] != [
            (DIM, DIM // REDUCTION),
            (DIM // REDUCTION, DIM),
        ]:
            return False
        if _width_between(branch) != DIM // REDUCTION:
            return False
    return bool(branches_of(module))


def _width_between(branch: nn.Module) -> int:
    """Return how many channels the ReLU is given when the branch runs."""
    seen: list[int] = []
    relus = [one for one in branch.modules() if isinstance(one, nn.ReLU)]
    handles = [
        one.register_forward_hook(lambda _module, given, _out: seen.append(given[0].shape[1]))
        for one in relus
    ]
    branch(random_states(TOKENS, DIM))
    for handle in handles:
        handle.remove()
    return seen[0] if len(seen) == 1 else 0


def has_two_convolutions(modules: Modules) -> bool:
    """Whether each branch has exactly two convolutions, and both change what it says."""
    module = an_aif(modules)
    given = random_states(TOKENS, DIM)
    for branch in branches_of(module):
        convs = convolutions(branch)
        before = branch(given)
        if len(convs) != len(("squeeze", "expand")):
            return False
        for conv in convs:
            with _emptied([conv]):
                if close(branch(given), before):
                    return False
    return bool(branches_of(module))


def has_two_branches(modules: Modules) -> bool:
    """Whether there are exactly two branches, and each changes the output."""
    module, given = an_aif(modules), random_states(BATCH, TOKENS, DIM)
    before = module(given, all_real()).output
    branches = branches_of(module)
    for branch in branches:
        with _emptied([branch]):
            if close(module(given, all_real()).output, before):
                return False
    return len(branches) == len(("global", "local"))


@contextmanager
def _emptied(modules: Sequence[nn.Module]) -> Iterator[None]:
    """Set all parameters of some modules to zero for a while."""
    kept = [(one, one.detach().clone()) for module in modules for one in module.parameters()]
    with torch.no_grad():
        for one, _values in kept:
            one.zero_()
        yield
        for one, values in kept:
            one.copy_(values)
