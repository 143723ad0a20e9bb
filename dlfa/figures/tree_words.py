"""What a tree of languages says in words, and what its families are called."""

from collections.abc import Mapping
from string import ascii_uppercase

import numpy as np

from dlfa.figures.scores import language_word, p_word
from dlfa.figures.spaces import space_word
from dlfa.figures.words import decimals, escape, plain
from dlfa.messages import _
from dlfa.results import LanguageTree

__all__ = [
    "describe_language_tree",
    "family_letters",
    "family_word",
    "level_word",
    "tree_place",
    "tree_verdict",
]

UNKNOWN_FAMILY = "?"
CLAIMED = 0.05
UNDEFINED = "–"  # where nothing can be agreed with
LONGEST = 24


def tree_place(tree: LanguageTree, space: str) -> int:
    """Return a space's index; of the first where none is named.

    Raises:
        ValueError: a space that is not there.
    """
    return tree.spaces.index(space) if space else 0


def family_letters(tree: LanguageTree) -> dict[str, str]:
    """Return each family's letter, the largest family's first; an unknown one has a sign."""
    known = [family for family in tree.families if family != UNKNOWN_FAMILY]
    sizes = sorted(set(known), key=lambda family: (-known.count(family), family))
    letters = {family: _letter(at) for at, family in enumerate(sizes)}
    return letters | ({UNKNOWN_FAMILY: "?"} if len(known) < len(tree.families) else {})


def _letter(at: int) -> str:
    """Return A to Z, then AA, AB ..."""
    more, last = divmod(at, len(ascii_uppercase))
    return (_letter(more - 1) if more else "") + ascii_uppercase[last]


def family_word(family: str) -> str:
    """Return a family's name, safe to print."""
    if family == UNKNOWN_FAMILY:
        return _("figure.tree.family.unknown")
    return escape(plain(family, LONGEST))


def level_word(level: str) -> str:
    """Return what a tree's families are: families, or their branches."""
    return _(f"figure.tree.level.{level}")


def describe_language_tree(
    tree: LanguageTree,
    *,
    space: str = "",
    names: Mapping[str, str] | None = None,
    level: str = "family",
) -> str:
    """Return `language_tree` in words: who is nearest, who farthest, and the families.

    Raises:
        ValueError: a space that is not there.
    """
    at = tree_place(tree, space)
    distances = tree.distances[at] + np.diag(np.full(len(tree.languages), np.nan))
    near, far = int(np.nanargmin(distances)), int(np.nanargmax(distances))
    return _(
        "figure.tree.alt",
        languages=len(tree.languages),
        space=space_word(tree.spaces[at]),
        near=_pair(tree, near, names or {}),
        near_distance=decimals(float(distances.flat[near]), 2),
        far=_pair(tree, far, names or {}),
        far_distance=decimals(float(distances.flat[far]), 2),
        families=len(set(tree.families)),
        level=level_word(level),
        agreement=UNDEFINED if np.isnan(tree.agreement[at]) else decimals(tree.agreement[at], 2),
        p=p_word(float(tree.p[at])),
    )


def _pair(tree: LanguageTree, place: int, names: Mapping[str, str]) -> str:
    one, other = divmod(place, len(tree.languages))
    words = [language_word(tree.languages[which], names) for which in (one, other)]
    return _("figure.tree.pair", first=words[0], second=words[1])


def tree_verdict(tree: LanguageTree, *, space: str = "", level: str = "family") -> str:
    """Return whether a space's clusters agree with the families, and in how many spaces they do.

    Args:
        tree: of at least two languages.
        space: which; empty: the first.
        level: what its families are: ``"family"`` or ``"branch"``.

    Raises:
        ValueError: a space that is not there.
    """
    at = tree_place(tree, space)
    groups = len(set(tree.families))
    if groups == 1 or groups == len(tree.families):
        return _("figure.verdict.tree.few")
    outcome = "some" if float(tree.p[at]) < CLAIMED else "none"
    told = _(
        f"figure.verdict.tree.{outcome}",
        space=space_word(tree.spaces[at]),
        level=level_word(level),
        agreement=decimals(float(tree.agreement[at]), 2),
        p=p_word(float(tree.p[at])),
    )
    if len(tree.spaces) == 1:
        return told
    best = int(np.argmax(tree.agreement))
    every = _(
        "figure.verdict.tree.spaces",
        number=int((tree.p < CLAIMED).sum()),
        spaces=len(tree.spaces),
        best=space_word(tree.spaces[best]),
        best_agreement=decimals(float(tree.agreement[best]), 2),
    )
    return f"{told} {every}"
