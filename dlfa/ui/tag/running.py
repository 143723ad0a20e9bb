"""The text itself with its tags, and what they say in a sentence or two."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dlfa.data.languages import direction_of
from dlfa.figures.tags import tag_colours, tag_style, tagged_text
from dlfa.figures.tags_tables import conll, tags_table
from dlfa.figures.tags_words import tag_key, tag_verdict, unanswered
from dlfa.messages import _
from dlfa.results.taggings import Tagging
from dlfa.ui import saving
from dlfa.ui.deferred import on_behalf
from dlfa.ui.guard import literal
from dlfa.ui.session import session

__all__ = ["show_text"]

ROOM = 480  # px: what is higher scrolls by itself


def show_text(taggings: Sequence[Tagging], heads: tuple[str, ...]) -> None:
    """Show every sentence with each head's tags, the baseline's first.

    Args:
        taggings: at least one sentence's.
        heads: of the same model.
    """
    st.info(literal(tag_verdict(taggings, heads)), icon=":material/label:")
    for at, one in enumerate(taggings, start=1):
        for words in unanswered(one):
            place = _("tag.place", sentence=at) + " " if len(taggings) > 1 else ""
            st.warning(literal(place + words), icon=":material/content_cut:")
    parts = [
        _sentence(one, heads, at if len(taggings) > 1 else 0) for at, one in enumerate(taggings, 1)
    ]
    scrolls = len(taggings) > 2
    # What scrolls has to be within the keyboard's reach.
    reach = f' tabindex="0" role="group" aria-label="{_("tag.text")}"' if scrolls else ""
    with st.container(height=ROOM if scrolls else "content", border=True, key="tagged-text"):
        st.html(f'{tag_style(session().look)}<div class="tagged"{reach}>{"".join(parts)}</div>')
    with st.container(horizontal=True, gap="small"):
        st.caption(_key(taggings, heads), width="stretch")
        saving.save_table("tags", partial(tags_table, taggings))
        _columns(taggings, heads)


def _sentence(tagging: Tagging, heads: tuple[str, ...], number: int) -> str:
    direction = direction_of(tagging.text)
    said = "".join(tagged_text(tagging, head, direction) for head in heads)
    return f'<div class="number">{number}</div>{said}' if number else said


def _key(taggings: Sequence[Tagging], heads: tuple[str, ...]) -> str:
    """Return what the marks mean; the colours stand in the text beside their names."""
    named = "; ".join(
        f"**{kind}** {literal(word)}" for kind, word in tag_key(taggings, heads).items()
    )
    kind = "entities" if tag_colours(taggings[0]) else "tags"
    return " ".join(filter(None, [named + "." if named else "", _(f"tag.caption.{kind}")]))


def _columns(taggings: Sequence[Tagging], heads: tuple[str, ...]) -> None:
    st.download_button(
        _("tag.conll"),
        data=on_behalf(lambda: conll(taggings, heads).encode()),
        file_name="tags.conll",
        mime="text/plain",
        key="tags-conll",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
    )
