"""A pair and its translation: which words decide in either language."""

from functools import partial

import streamlit as st

from dlfa.data.languages import language
from dlfa.figures.attribution_words import comparison_words
from dlfa.figures.linked_scores import describe_linked_scores, linked_scores, linked_table
from dlfa.messages import _
from dlfa.ui import chrome
from dlfa.ui.attribution.asked import Asked
from dlfa.ui.attribution.making import compared
from dlfa.ui.attribution.words_view import cost, show_gap, show_texts
from dlfa.ui.gates.translation import chosen_translation
from dlfa.ui.guard import literal

__all__ = ["show"]


def show(asked: Asked) -> bool:
    """Show the view; return whether what it asks for can be asked."""
    other = chosen_translation(asked.pair)
    if other is None:
        st.info(_("gates.translation.own"), icon=":material/translate:")
        return False
    texts, languages = other
    found = compared(asked, texts, languages)
    if found is None:
        return True
    st.markdown(literal(comparison_words(found)))
    show_gap(max(found.first.gap, found.second.gap))
    titles = [language(code).name if asked.pair.item else code for code in languages]
    show_texts([found.first, found.second], titles)
    took = cost(found.passes, found.first.steps + found.second.steps, found.milliseconds)
    words = _("attribution.translation.caption", layer=found.alignment.layer)
    chrome.figure(
        linked_scores,
        describe_linked_scores,
        found,
        key="linked",
        caption=f"{words} {took}",
        rows=partial(linked_table, found),
    )
    return True
