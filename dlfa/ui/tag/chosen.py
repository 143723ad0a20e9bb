"""What the views of the page Tag look at: sentences, heads, and one of each close up."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dlfa.figures.words import head_word, plain
from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.results.taggings import Tagging
from dlfa.ui import address, inputs

__all__ = ["Looked", "chosen_heads", "close_up"]

FAVOURITE = "D_8"  # as on the page Gates
NAMED = 3  # heads that a button names one by one
LONGEST = 60  # characters of a sentence in a list


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a view looks at."""

    model: str
    taggings: Sequence[Tagging]
    heads: tuple[str, ...]
    """Whose tags stand in the text: the baseline, if there is one, and the chosen heads."""
    at: int
    """The sentence that is seen close up."""
    head: str
    """The head that is: not the baseline, if another one is chosen."""

    @property
    def tagging(self) -> Tagging:
        """The sentence that is seen close up."""
        return self.taggings[self.at]


def chosen_heads(known: Sequence[str]) -> tuple[str, ...]:
    """Show the heads that can stand beside the baseline; return it and the chosen ones, in order.

    Args:
        known: the model's heads.
    """
    others = [head for head in known if head != BASELINE]
    lead = [head for head in known if head == BASELINE]
    first = [head for head in others if head == FAVOURITE] or others[:1]
    first = address.many("beside", others, first)
    held = [head for head in st.session_state.get("beside", first) if head in others]
    with st.popover(_("tag.beside.chosen", heads=_told(held)), icon=":material/checklist:"):
        chosen = st.pills(
            _("tag.beside"),
            others,
            selection_mode="multi",
            default=first,
            format_func=head_word,
            key="beside",
            help=_("tag.beside.help"),
            persist_state="session",
        )
    found = (*lead, *(head for head in others if head in chosen))
    return found or (known[0],)


def _told(heads: Sequence[str]) -> str:
    if len(heads) > NAMED:
        return _("tag.beside.count", count=len(heads))
    return ", ".join(map(head_word, heads)) or _("tag.beside.none")


def close_up(
    model: str, taggings: Sequence[Tagging], heads: tuple[str, ...], *, every: bool
) -> Looked:
    """Show which sentence and which head are seen close up, where there is a choice.

    Args:
        model: a checkpoint's name or folder.
        taggings: at least one sentence's.
        heads: whose tags stand in the text.
        every: all heads are seen at once, so that there is none to choose.
    """
    sentences = {
        str(at): f"{at + 1} · {plain(one.text, LONGEST)}" for at, one in enumerate(taggings)
    }
    shown = {head: head_word(head) for head in heads[1:] or heads}
    left, right = st.columns(2)
    at, head = "0", next(iter(shown))
    if len(sentences) > 1:
        with left:
            at = inputs.pick("sentence", sentences, _("tag.sentence"))
    if len(shown) > 1 and not every:
        with right:
            head = inputs.pick("closeup", shown, _("tag.head"))
    return Looked(model=model, taggings=taggings, heads=heads, at=int(at), head=head)
