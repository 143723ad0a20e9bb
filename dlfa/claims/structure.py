"""Claims 4, 10, 11, 12, 14 to 17: what the modules do, found out by executing them.

Every check runs a module on random states, in eval mode, with random weights and batch-norm
statistics, and is handed the module's class: one that does otherwise fails (tests).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlfa.claims.arithmetic import attended, branches_of, convolutions, fused
from dlfa.model.config import DlfaConfig
from dlfa.model.fusion import AIF, DLFA
from dlfa.model.heads import Head
from dlfa.results.claims import Finding, Part, Saying

__all__ = ["CHECKS", "Modules", "structural"]

BATCH, TOKENS, DIM, REDUCTION, LAYERS = 3, 5, 16, 4, 12
SHAPES = ((1, 1, 8), (2, 7, 12), (4, 3, 16))  # batch, token, dim
LOWER, OTHER = 5, 8  # the layer that is fused, and one that is not
SEED = 0
CLOSE = 1e-5


@dataclass(frozen=True)
class Modules:
    """The classes that are executed."""

    aif: Callable[..., AIF] = AIF
    dlfa: Callable[..., DLFA] = DLFA
    head: Callable[..., Head] = Head


Check = Callable[[Modules], bool]


def _random(*shape: int, seed: int = SEED) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def _stirred(module: nn.Module) -> nn.Module:
    """Give a module random weights and statistics: nothing is 0, 1, or equal by chance."""
    draw = torch.Generator().manual_seed(SEED + 1)
    with torch.no_grad():
        for name, tensor in (*module.named_parameters(), *module.named_buffers()):
            if tensor.is_floating_point():
                noise = torch.randn(tensor.shape, generator=draw)
                tensor.copy_(noise.abs() + 0.5 if name.endswith("running_var") else noise)
    return module.eval()


def _mask(batch: int = BATCH, tokens: int = TOKENS) -> Tensor:
    return torch.ones(batch, tokens, dtype=torch.bool)


def _aif(modules: Modules, dim: int = DIM) -> AIF:
    made = _stirred(modules.aif(dim, REDUCTION))
    assert isinstance(made, AIF)
    return made


def _dlfa(modules: Modules, gate: str) -> DLFA:
    made = _stirred(modules.dlfa(DIM, REDUCTION, gate))
    assert isinstance(made, DLFA)
    return made


def _close(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and torch.allclose(one, other, atol=CLOSE, rtol=CLOSE)


def weighs_by_its_input(modules: Modules) -> bool:
    """Whether the weights of two layers come from what is fused: another input, other weights."""
    lower, last, mask = _random(BATCH, TOKENS, DIM), _random(BATCH, TOKENS, DIM, seed=7), _mask()
    for gate in ("paper", "aff"):
        module = _dlfa(modules, gate)
        same, other = module(lower, last, mask).gate, module(lower + 1, last, mask).gate
        if _close(same, other) or _close(same, module(lower, last - 1, mask).gate):
            return False
    return True


def depends_on_both(modules: Modules) -> bool:
    """Whether either layer changes what comes out, also with the gate as it is."""
    lower, last, mask = _random(BATCH, TOKENS, DIM), _random(BATCH, TOKENS, DIM, seed=7), _mask()
    for gate in ("paper", "aff"):
        module = _dlfa(modules, gate)
        states = module(lower, last, mask).states
        moved = module(lower + 1, last, mask).states, module(lower, last + 1, mask).states
        if any(_close(states, other) for other in moved):
            return False
    return True


def is_equation_two(modules: Modules) -> bool:
    """Whether L is L2 + g (L1 − L2), with g from an independent computation."""
    lower, last, mask = _random(BATCH, TOKENS, DIM), _random(BATCH, TOKENS, DIM, seed=7), _mask()
    for gate in ("paper", "aff"):
        module = _dlfa(modules, gate)
        if not _close(module(lower, last, mask).states, fused(module, lower, last)):
            return False
    return True


def _head(modules: Modules) -> tuple[Head, list[Tensor]]:
    config = DlfaConfig(labels=("a", "b", "c"), pooling="mean", reduction=REDUCTION)
    head = _stirred(modules.head(config, f"D_{LOWER}", DIM))
    assert isinstance(head, Head)
    states = [_random(BATCH, TOKENS, DIM, seed=20 + layer) for layer in range(LAYERS + 1)]
    return head, states


def reads_its_two_layers(modules: Modules) -> bool:
    """Whether exactly the chosen layer and the last change the answer."""
    head, states = _head(modules)
    answer = head(states, _mask())[0]
    for layer in range(LAYERS + 1):
        moved = [state + (at == layer) for at, state in enumerate(states)]
        changed = not _close(head(moved, _mask())[0], answer)
        if changed != (layer in (LOWER, LAYERS)):
            return False
    return True


def classifies_the_fusion(modules: Modules) -> bool:
    """Whether the classifier is fed with the fusion of both, computed independently."""
    head, states = _head(modules)
    if head.fusion is None or head.dense is None:
        return False
    pooled = fused(head.fusion, states[LOWER], states[-1]).mean(dim=1)
    hidden = torch.tanh(pooled @ head.dense.weight.T + head.dense.bias)
    wanted = hidden @ head.classifier.weight.T + head.classifier.bias
    return _close(head(states, _mask())[0], wanted)


def keeps_the_shape(modules: Modules) -> bool:
    """Whether two tensors B x T x E become one B x T x E, for several of each."""
    for batch, tokens, dim in SHAPES:
        module = _stirred(modules.dlfa(dim, REDUCTION))
        given = _random(batch, tokens, dim), _random(batch, tokens, dim, seed=7)
        if module(*given, _mask(batch, tokens)).states.shape != given[0].shape:
            return False
    return True


def takes_a_tensor(modules: Modules) -> bool:
    """Whether AIF takes one W of B x T x E and gives W' and an attention of that shape."""
    for batch, tokens, dim in SHAPES:
        given = _random(batch, tokens, dim)
        told = _aif(modules, dim)(given, _mask(batch, tokens))
        if not (told.output.shape == told.attention.shape == given.shape):
            return False
    return True


def is_equation_one(modules: Modules) -> bool:
    """Whether W' is W times the sigmoid of both branches' sum, computed independently."""
    module, given = _aif(modules), _random(BATCH, TOKENS, DIM)
    attention = attended(module, given)
    told = module(given, _mask())
    return _close(told.attention, attention) and _close(told.output, given * attention)


def global_is_one_for_all_tokens(modules: Modules) -> bool:
    """Whether the global branch says one thing of a sentence, and what depends on every token."""
    module, given = _aif(modules), _random(BATCH, TOKENS, DIM)
    first = module(given, _mask()).global_logits
    for token in range(TOKENS):
        moved = given.clone()
        moved[:, token] += 1
        if _close(module(moved, _mask()).global_logits, first):
            return False
    turned = module(given.flip(1), _mask()).global_logits  # the average knows no order
    return first.shape == (BATCH, DIM) and _close(first, turned)


def local_is_each_tokens_own(modules: Modules) -> bool:
    """Whether the local branch says of a token what depends on that token alone."""
    module, given = _aif(modules), _random(BATCH, TOKENS, DIM)
    first = module(given, _mask()).local_logits
    moved = given.clone()
    moved[:, 0] += 1
    after = module(moved, _mask()).local_logits
    differs = not _close(first[:, 0], first[:, 1])
    return differs and _close(after[:, 1:], first[:, 1:]) and not _close(after[:, 0], first[:, 0])


def squeezes_and_expands(modules: Modules) -> bool:
    """Whether the channels go E, E / r, E: what runs between the convolutions has E / r."""
    module = _aif(modules)
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
    branch(_random(TOKENS, DIM))
    for handle in handles:
        handle.remove()
    return seen[0] if len(seen) == 1 else 0


def has_two_convolutions(modules: Modules) -> bool:
    """Whether each branch has exactly two convolutions, and both change what it says."""
    module = _aif(modules)
    given = _random(TOKENS, DIM)
    for branch in branches_of(module):
        convs = convolutions(branch)
        before = branch(given)
        if len(convs) != len(("squeeze", "expand")):
            return False
        for conv in convs:
            with _emptied([conv]):
                if _close(branch(given), before):
                    return False
    return bool(branches_of(module))


def has_two_branches(modules: Modules) -> bool:
    """Whether there are exactly two branches, and each changes the output."""
    module, given = _aif(modules), _random(BATCH, TOKENS, DIM)
    before = module(given, _mask()).output
    branches = branches_of(module)
    for branch in branches:
        with _emptied([branch]):
            if _close(module(given, _mask()).output, before):
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


CHECKS: Mapping[int, Mapping[str, Check]] = {
    4: {
        "weighs_by_its_input": weighs_by_its_input,
        "depends_on_both": depends_on_both,
        "is_equation_two": is_equation_two,
    },
    10: {
        "reads_its_two_layers": reads_its_two_layers,
        "classifies_the_fusion": classifies_the_fusion,
    },
    11: {"keeps_the_shape": keeps_the_shape},
    12: {
        "is_equation_one": is_equation_one,
        "global_is_one_for_all_tokens": global_is_one_for_all_tokens,
        "local_is_each_tokens_own": local_is_each_tokens_own,
    },
    14: {"squeezes_and_expands": squeezes_and_expands},
    15: {"has_two_convolutions": has_two_convolutions},
    16: {"takes_a_tensor": takes_a_tensor},
    17: {"has_two_branches": has_two_branches},
}


@torch.inference_mode()
def structural(claim: int, modules: Modules | None = None) -> Finding:
    """Judge a claim about the module by executing it.

    Args:
        claim: its number, of `CHECKS`.
        modules: the classes; this project's if None.
    """
    made = modules or Modules()
    held = {name: _holds(check, made) for name, check in CHECKS[claim].items()}
    parts = tuple(
        Part(
            name=name,
            kind="check",
            title=Saying(key=f"claims.check.{name}"),
            estimate=float(holds),
            passes=holds,
            n=1,
        )
        for name, holds in held.items()
    )
    count = {"held": sum(held.values()), "checks": len(held)}
    true = all(held.values())
    return Finding(
        claim=claim,
        verdict="structural" if true else "contradicted",
        estimate=float(count["held"]),
        unit="checks",
        n=len(held),
        of="checks",
        thresholds=(float(len(held)),),
        parts=parts,
        why=(Saying(key="claims.why.executed" if true else "claims.why.broken", params=count),),
    )


def _holds(check: Check, modules: Modules) -> bool:
    """Return whether a check holds; a module that cannot be executed so does not hold it."""
    try:
        return check(modules)
    except (RuntimeError, AttributeError, IndexError, TypeError):
        return False
