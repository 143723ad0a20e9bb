"""Which head is held against the baseline."""

from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.ui import inputs

__all__ = ["chosen_head"]

FAVOURITE = "D_8"  # as on Gates


def chosen_head(known: tuple[str, ...]) -> str:
    """Show a model's fused heads and return the chosen one.

    Args:
        known: all its heads.
    """
    heads = tuple(head for head in known if head != BASELINE) or known
    first = FAVOURITE if FAVOURITE in heads else heads[-1]
    return inputs.head(heads, first, _("robustness.head"), _("robustness.head.help"))
