"""One head's words: the texts in colours, a bar per word, and whether the scores are faithful."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dlfa.figures.attributed import attributed_style, attributed_text, strongest
from dlfa.figures.attribution_bars import attribution_table, describe_word_scores, word_scores
from dlfa.figures.attribution_words import attribution_verdict, faithfulness_verdict, gap_words
from dlfa.figures.faithfulness import (
    describe_faithfulness_curves,
    faithfulness_curves,
    faithfulness_table,
)
from dlfa.figures.words import time_word
from dlfa.messages import _
from dlfa.results.attributions import FAR, Attribution
from dlfa.ui import chrome
from dlfa.ui.attribution.asked import Asked
from dlfa.ui.attribution.making import curves, explained
from dlfa.ui.guard import literal
from dlfa.ui.session import session

__all__ = ["cost", "show", "show_gap", "show_texts"]


def show(asked: Asked) -> bool:
    """Show the view; return whether what it asks for can be asked."""
    found = explained(asked)
    if found is None:
        return True
    st.markdown(literal(attribution_verdict(found)))
    show_gap(found.gap)
    show_texts([found])
    words = _("attribution.words.caption", method=_(f"attribution.method.{found.method}"))
    chrome.figure(
        word_scores,
        describe_word_scores,
        found,
        key="word-scores",
        caption=f"{words} {cost(found.passes, found.steps, found.milliseconds)}",
        rows=partial(attribution_table, found),
    )
    _faithful(asked, found)
    return True


def show_gap(gap: float) -> None:
    """Say in words how large the gap is: in a yellow box where nothing is to be read off."""
    box = st.warning if gap > FAR else st.caption
    box(literal(gap_words(gap)))


def show_texts(found: Sequence[Attribution], titles: Sequence[str] = ()) -> None:
    """Show the texts of several attributions, one below the other, on one scale of colours.

    Args:
        found: at least one.
        titles: what stands before each head, such as a language.
    """
    most = strongest(found)
    names = titles or [""] * len(found)
    parts = [attributed_text(one, most, name) for one, name in zip(found, names, strict=True)]
    with st.container(border=True, key="attributed-text"):
        style = attributed_style(session().look)
        st.html(f'{style}<div class="attributed">{"".join(parts)}</div>')
    st.caption(_("attribution.text.caption"))


def cost(passes: int, steps: int, milliseconds: float) -> str:
    """Say what an analysis took."""
    counts = {"passes": f"{passes:,}", "steps": f"{steps:,}"}
    return _("attribution.cost", time=time_word(milliseconds), **counts)


def _faithful(asked: Asked, found: Attribution) -> None:
    st.subheader(_("attribution.faithful.title"), anchor=False)
    if not len(found.words):
        st.caption(_("figure.attribution.none"))
        return
    tested = curves(asked, found)
    if tested is None:
        return
    st.markdown(literal(faithfulness_verdict(tested)))
    took = cost(tested.passes, 0, tested.milliseconds)
    chrome.figure(
        faithfulness_curves,
        describe_faithfulness_curves,
        tested,
        key="faithfulness",
        caption=f"{_('attribution.faithful.caption')} {took}",
        rows=partial(faithfulness_table, tested),
    )
