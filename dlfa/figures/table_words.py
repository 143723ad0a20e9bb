"""What stands in the cells of the paper's tables, and how their columns are called."""

from collections.abc import Sequence

import numpy as np

from dlfa.figures.scores import count
from dlfa.figures.words import decimals, escape, head_word, hundredths
from dlfa.messages import _
from dlfa.results import Measured, Way

__all__ = [
    "budget_word",
    "difference_word",
    "joined_heads",
    "marks",
    "seeds_word",
    "value_word",
    "way_word",
]

STANDS = "*"  # behind a difference that Holm's correction leaves standing
BEST, CHOSEN = "★", "✓"  # highest on the test data; chosen by English validation
EXAMPLES = 6  # heads that are named one by one


def way_word(way: Way) -> str:
    """Return what a measured column is called: encoder, recipe, budget, share of the test set."""
    parts = [escape(way.backbone), escape(way.recipe) or _("results.way.unknown")]
    if way.max_tokens or not way.together:
        parts.append(budget_word(way))
    if way.limit:
        parts.append(_("results.way.limit", n=count(way.limit)))
    return ", ".join(parts)


def budget_word(way: Way) -> str:
    """Return how much a head was trained on."""
    if way.max_tokens:
        return _("results.way.tokens", tokens=count(way.max_tokens))
    return _("results.way.shipped" if way.together else "results.way.epochs")


def seeds_word(found: Measured) -> str:
    """Return of which seeds it is; one seed is said to be one."""
    seeds = [source.seed for source in found.sources]
    if len(seeds) == 1:
        return _("results.seeds.one", seed=seeds[0])
    return _("results.seeds", count=len(seeds), seeds=", ".join(map(str, seeds)))


def value_word(found: Measured, group: str, head: str) -> str:
    """Return the measure in percent, two decimals as in the paper; empty where there is none."""
    cell = found.at(group, head)
    if cell is None or not np.isfinite(found.value[cell]):
        return ""
    return decimals(100 * float(found.value[cell]), 2)


def difference_word(found: Measured, group: str, head: str) -> str:
    """Return a difference with its interval, in points; a star where it stands after Holm."""
    cell = found.at(group, head)
    if cell is None or not np.isfinite(found.difference[cell]):
        return ""
    ends = [hundredths(float(end[cell])) for end in (found.low, found.high)]
    star = STANDS if head in found.claimed(group) else ""
    return f"{hundredths(float(found.difference[cell]))}{star} [{', '.join(ends)}]"


def marks(found: Measured, head: str) -> str:
    """Return the signs of a layer that is the best on the test data, or chosen by validation."""
    taken = found.choice
    if taken is None:
        return ""
    best = BEST if head == taken.best else ""
    return f"{CHOSEN if head == taken.chosen_by_mean else ''}{best}"


def joined_heads(heads: Sequence[str]) -> str:
    """Return heads by name, many of them by how many they are."""
    if len(heads) > EXAMPLES:
        return _("evaluate.some.heads", count=len(heads))
    return ", ".join(map(head_word, heads))
