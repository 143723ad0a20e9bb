"""Claims 4, 10, 11, 12, 14 to 17: what the modules do, found out by executing them.

Every check runs a module on random states, in eval mode, with random weights and batch-norm
statistics, and is handed the module's class: one that does otherwise fails (tests).
"""

from collections.abc import Callable, Mapping

import torch

from dlfa.claims.attention_checks import (
    global_is_one_for_all_tokens,
    has_two_branches,
    has_two_convolutions,
    is_equation_one,
    local_is_each_tokens_own,
    squeezes_and_expands,
    takes_a_tensor,
)
from dlfa.claims.fusion_checks import (
    classifies_the_fusion,
    depends_on_both,
    is_equation_two,
    keeps_the_shape,
    reads_its_two_layers,
    weighs_by_its_input,
)
from dlfa.claims.stirred import Modules
from dlfa.results.claims import Finding, Part, Saying

__all__ = ["CHECKS", "Modules", "structural"]

Check = Callable[[Modules], bool]

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
    with torch.random.fork_rng(devices=[]):  # what modules draw at first is nobody else's loss
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
