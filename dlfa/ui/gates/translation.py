"""A pair and its translation: which words meet, and whether their gates are alike."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.data.languages import language
from dlfa.messages import _, of_task
from dlfa.results import GateComparison
from dlfa.ui import address, chrome, inputs, studies
from dlfa.ui.gates import verdicts
from dlfa.ui.gates.chosen import SCALES, TRANSLATED, WHATS, Looked, translation
from dlfa.ui.pair import ChosenPair
from dlfa.ui.task import page_task

__all__ = ["chosen_translation", "show"]


def chosen_translation(pair: ChosenPair) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Show what translations there are, or fields for one; return it with both languages."""
    item = pair.item
    if item is None:
        _fields()
    else:
        others = [code for code in item.text if code != pair.language]
        others.sort(key=lambda code: language(code).name)
        inputs.pick(
            "to", {code: language(code).title for code in others}, _("gates.translation.to")
        )
    return translation(pair)


def show(looked: Looked) -> None:
    """Show the view."""
    other = chosen_translation(looked.pair)
    if other is None:
        st.info(_("gates.translation.own"), icon=":material/translate:")
    else:
        texts, languages = other
        _figures(looked, studies.comparison(looked.model, (looked.pair.texts, texts), languages))


def _fields() -> None:
    """Show two fields for a translation of the visitor's own texts."""
    for name, column in zip(TRANSLATED, st.columns(2), strict=True):
        with column:
            st.text_area(
                of_task(f"gates.translation.{name}", page_task().key),
                address.text(name),
                key=name,
                height=96,
                persist_state="session",
            )


def _figures(looked: Looked, found: GateComparison) -> None:
    head = looked.gate.head
    st.markdown(verdicts.alike(found, head))
    cost = verdicts.cost(found.passes, found.milliseconds)
    words = _("gates.alignment.caption", layer=found.alignment.layer)
    chrome.figure(
        partial(figures.alignment_map, head=head),
        partial(figures.describe_alignment_map, head=head),
        found,
        key="alignment",
        caption=f"{words} {cost}",
        rows=partial(figures.alignment_table, found, head=head),
    )
    chrome.figure(
        figures.gate_correlation,
        figures.describe_gate_correlation,
        found,
        key="correlation",
        caption=f"{_('gates.correlation.caption')} {cost}",
        rows=partial(figures.comparison_table, found),
    )
    left, right = st.columns(2)
    with left:
        what = inputs.one_of("show", WHATS, words="ui.show")
    with right:
        scale = inputs.one_of("scale", SCALES, words="gates.scale")
    chrome.figure(
        partial(figures.gate_side_by_side, head=head, what=what, scale=scale),
        partial(figures.describe_gate_side_by_side, head=head, what=what),
        found,
        key="side",
        caption=f"{_('gates.side.caption')} {cost}",
        rows=partial(figures.alignment_table, found, head=head),
    )
