"""Claims 4, 10 and 11: what fusing two layers does, by executing DLFA and a head."""

import torch
from torch import Tensor

from dlfa.claims.arithmetic import fused
from dlfa.claims.stirred import (
    BATCH,
    DIM,
    LAYERS,
    LOWER,
    REDUCTION,
    SHAPES,
    TOKENS,
    Modules,
    a_dlfa,
    a_head,
    all_real,
    close,
    random_states,
    stirred,
)

__all__ = [
    "classifies_the_fusion",
    "depends_on_both",
    "is_equation_two",
    "keeps_the_shape",
    "reads_its_two_layers",
    "weighs_by_its_input",
]


def _two_layers() -> tuple[Tensor, Tensor, Tensor]:
    """Return a lower and a last layer, and their mask."""
    lower, last = (random_states(BATCH, TOKENS, DIM, seed=seed) for seed in (0, 7))
    return lower, last, all_real()


def weighs_by_its_input(modules: Modules) -> bool:
    """Whether the weights of two layers come from what is fused: another input, other weights."""
    lower, last, mask = _two_layers()
    for gate in ("paper", "aff"):
        module = a_dlfa(modules, gate)
        same, other = module(lower, last, mask).gate, module(lower + 1, last, mask).gate
        if close(same, other) or close(same, module(lower, last - 1, mask).gate):
            return False
    return True


def depends_on_both(modules: Modules) -> bool:
    """Whether either layer changes what comes out, also with the gate as it is."""
    lower, last, mask = _two_layers()
    for gate in ("paper", "aff"):
        module = a_dlfa(modules, gate)
        states = module(lower, last, mask).states
        moved = module(lower + 1, last, mask).states, module(lower, last + 1, mask).states
        if any(close(states, other) for other in moved):
            return False
    return True


def is_equation_two(modules: Modules) -> bool:
    """Whether L is L2 + g (L1 − L2), with g from an independent computation."""
    lower, last, mask = _two_layers()
    for gate in ("paper", "aff"):
        module = a_dlfa(modules, gate)
        if not close(module(lower, last, mask).states, fused(module, lower, last)):
            return False
    return True


def reads_its_two_layers(modules: Modules) -> bool:
    """Whether exactly the chosen layer and the last change the answer."""
    head, states = a_head(modules)
    answer = head(states, all_real())[0]
    for layer in range(LAYERS + 1):
        moved = [state + (at == layer) for at, state in enumerate(states)]
        changed = not close(head(moved, all_real())[0], answer)
        if changed != (layer in (LOWER, LAYERS)):
            return False
    return True


def classifies_the_fusion(modules: Modules) -> bool:
    """Whether the classifier is fed with the fusion of both, computed independently."""
    head, states = a_head(modules)
    if head.fusion is None or head.dense is None:
        return False
    pooled = fused(head.fusion, states[LOWER], states[-1]).mean(dim=1)
    hidden = torch.tanh(pooled @ head.dense.weight.T + head.dense.bias)
    wanted = hidden @ head.classifier.weight.T + head.classifier.bias
    return close(head(states, all_real())[0], wanted)


def keeps_the_shape(modules: Modules) -> bool:
    """Whether two tensors B x T x E become one B x T x E, for several of each."""
    for batch, tokens, dim in SHAPES:
        module = stirred(modules.dlfa(dim, REDUCTION))
        given = random_states(batch, tokens, dim), random_states(batch, tokens, dim, seed=7)
        if module(*given, all_real(batch, tokens)).states.shape != given[0].shape:
            return False
    return True
