"""The view of languages: how far their mean vectors lie apart, and whether families show."""

from functools import partial
from typing import Any

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.ui import chrome, inputs
from dlfa.ui.embeddings.layout import named_spaces, names_of
from dlfa.ui.embeddings.looked import Looked, Shown
from dlfa.ui.embeddings.measured import tree_of
from dlfa.ui.guard import literal

__all__ = ["show"]

LEVELS = ("family", "branch")


def show(looked: Looked) -> Shown | None:
    """Show the view."""
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        level = inputs.one_of("level", LEVELS, words="embeddings.level")
    tree = tree_of(looked, level)
    if tree is None:
        return None
    with right:
        space = inputs.pick("space", named_spaces(tree.spaces), _("embeddings.space"))
    names = names_of(looked.sentences)
    about: dict[str, Any] = {"space": space, "level": level}
    st.info(literal(figures.tree_verdict(tree, **about)), icon=":material/account_tree:")
    chrome.figure(
        partial(figures.language_tree, names=names, **about),
        partial(figures.describe_language_tree, names=names, **about),
        tree,
        key="tree",
        caption=_("embeddings.tree.caption"),
        rows=partial(figures.tree_table, tree, space=space),
    )
    return Shown(
        provenance=tree.provenance,
        imports="from dlfa.analysis.families import language_tree",
        lines=(
            f"found = language_tree(vectors, sentences, level={level!r})\n"
            "found.distances, found.agreement, found.p"
        ),
        spaces=tree.spaces,
        options=("--measure", "tree", "--level", level),
    )
