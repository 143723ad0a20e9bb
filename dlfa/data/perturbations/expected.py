"""Which label is right after a perturbation: where nobody can tell, none is.

Behaviour tests after CheckList (Ribeiro et al. 2020): "same" is its invariance test, "negated" and
"parted" its directional ones. What is no logical consequence of the old label has no expectation.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

__all__ = ["RULES", "Rule", "expected"]

Rule = Literal["same", "mirrored", "negated", "parted", "none"]
"""``"same"``: the label stays. ``"mirrored"``: premise and hypothesis have changed places.
``"negated"``: the hypothesis is denied. ``"parted"``: it speaks of another number than the premise.
``"none"``: the sense is lost, and only whether the answer flips is told."""
RULES: tuple[Rule, ...] = ("same", "mirrored", "negated", "parted", "none")

_AFTER: Mapping[Rule, Mapping[str, tuple[str, ...]]] = {
    "mirrored": {
        "contradiction": ("contradiction",),  # two sentences that cannot both be true
        "paraphrase": ("paraphrase",),
        "different": ("different",),
    },
    "negated": {
        "entailment": ("contradiction",),
        "neutral": ("neutral",),
        "contradiction": ("entailment",),
        "paraphrase": ("different",),
    },
    "parted": {
        "entailment": ("neutral", "contradiction"),
        "paraphrase": ("different",),
    },
}


def expected(rule: Rule, label: str, labels: Sequence[str]) -> frozenset[int] | None:
    """Return which answers are right after a perturbation; None where nobody can tell.

    Args:
        rule: the perturbation's.
        label: the right one before.
        labels: of the model, in its order.
    """
    right = (label,) if rule == "same" else _AFTER.get(rule, {}).get(label, ())
    return frozenset(labels.index(one) for one in right) or None
