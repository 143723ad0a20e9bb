"""The example that a visitor picked from the table: its sentences, and where it opens."""

from functools import partial

import numpy as np
import streamlit as st
from jaxtyping import Int

from dlfa.errors import SourceError
from dlfa.messages import _
from dlfa.results import BASELINE, head_gate, head_layer
from dlfa.ui.evaluate.corpora import sentences
from dlfa.ui.evaluate.request import OWN
from dlfa.ui.evaluate.shown import Shown
from dlfa.ui.guard import literal
from dlfa.ui.loading import known
from dlfa.ui.pair import open_pair

__all__ = ["follow", "pick", "show_picked"]

PAGES = {"predict": ":material/rule:", "gates": ":material/tune:"}  # where a pair opens
DIGITS = 8  # of a checkpoint's digest

_LEAVING = "leaving_for"  # in the session: the page on which a pair is opened
_PICKED = "picked_example"  # in the session: the run's key, the example's id and language


def follow() -> None:
    """Go where a button of the last run of the page led."""
    if page := st.session_state.pop(_LEAVING, ""):
        st.switch_page(f"pages/{page}.py")


def pick(shown: Shown, table: str, keys: list[tuple[str, str]]) -> None:
    """Remember which row of a table is chosen, also for the way back; in a callback.

    Args:
        shown: the run.
        table: the widget's key.
        keys: its rows' ids and languages.
    """
    state = st.session_state
    chosen = state[table]["selection"]["rows"][:1]
    state[_PICKED] = (shown.key, *keys[chosen[0]]) if chosen else None


def show_picked(shown: Shown, head: str, rows: Int[np.ndarray, " row"]) -> None:
    """Show the picked example's sentences, if it is of these rows, with the pages that open it.

    Args:
        shown: the run.
        head: on which, beside the baseline, the pages look.
        rows: of the run: all those that the table goes through.
    """
    run, *found = st.session_state.get(_PICKED) or (None,)
    if run != shown.key:
        return
    evaluation, example = shown.pairs, (str(found[0]), str(found[1]))
    here = (evaluation.ids[rows] == example[0]) & (evaluation.languages[rows] == example[1])
    if not here.any():
        return
    try:
        pair = sentences(shown, [example]).get(example)
    except SourceError:  # the table has told so
        return
    if pair is not None:
        _open(shown, head, pair)


def _open(shown: Shown, head: str, pair: tuple[str, str]) -> None:
    """Offer to look at one pair on another page."""
    premise, hypothesis = map(literal, pair)
    with st.container(key="picked"):
        st.markdown(_("evaluate.examples.open", premise=premise, hypothesis=hypothesis))
        for words in _differing(shown):
            st.caption(words)
    with st.container(horizontal=True):
        for page, icon in PAGES.items():
            words = _("evaluate.examples.to", page=_(f"{page}.nav"))
            leave = partial(_leave, page, pair, head)
            st.button(words, key=f"open-{page}", icon=icon, on_click=leave)
    if shown.pairs.settings.get("split") == OWN:
        st.caption(_("evaluate.own.address"))


def _differing(shown: Shown) -> list[str]:
    """Say why the page that opens may answer otherwise than the run did."""
    run, page = shown.pairs.provenance, known(shown.model).provenance
    told = []
    if run.checkpoint != page.checkpoint:
        digests = {"run": run.checkpoint[:DIGITS], "page": page.checkpoint[:DIGITS]}
        told.append(_("evaluate.examples.checkpoint", **digests))
    if run.dtype != page.dtype:
        told.append(_("evaluate.examples.dtype", run=run.dtype, page=page.dtype))
    return told


def _leave(page: str, pair: tuple[str, str], head: str) -> None:
    """Open a pair so that both answers are on the page: the head's and the baseline's."""
    open_pair(*pair)
    chosen: dict[str, object] = {"heads": [BASELINE, head]}
    if head_layer(head) is not None:
        chosen |= {"layer": head_layer(head), "gate": head_gate(head)}
    st.session_state.update(chosen)
    st.session_state[_LEAVING] = page
