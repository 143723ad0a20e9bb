"""One sentence close up: every head's tags, how sure they are, and a gate."""

from functools import partial

import pandas as pd
import streamlit as st

from dlfa import figures
from dlfa.figures.tags_certainty import describe_word_certainty, word_certainty
from dlfa.figures.tags_tables import tag_columns, tags_table
from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.ui import cache, chrome, saving
from dlfa.ui.gates.verdicts import show_gate_verdict
from dlfa.ui.tag.chosen import Looked

__all__ = ["VIEWS"]


def table(looked: Looked) -> None:
    """Show every head's tag of every word, with its probability."""
    one = looked.tagging
    columns = tag_columns(one)
    index = pd.Index(range(1, len(one.words) + 1), name="#")
    config = {"word": st.column_config.TextColumn(_("tag.column.word"), pinned=True)}
    st.dataframe(
        pd.DataFrame({"word": list(one.words)} | columns, index=index),
        key="tag-table",
        column_config=config,
        alt=_("tag.table.alt", words=len(one.words), heads=len(one.heads)),
    )
    saving.save_table("sentence", partial(tags_table, [one]))


def certainty(looked: Looked) -> None:
    """Show how sure the head and the baseline are of each word."""
    chrome.figure(
        word_certainty,
        describe_word_certainty,
        looked.tagging,
        looked.head,
        key="certainty",
        caption=_("tag.certainty.caption"),
        rows=partial(tags_table, [looked.tagging]),
    )


def gates(looked: Looked) -> None:
    """Show what a head's gate takes from the lower layer for each word, beside its twins."""
    if looked.head == BASELINE:
        st.markdown(_("tag.gates.baseline"))
        return
    found = cache.word_gate(looked.model, looked.tagging.text, looked.head)
    show_gate_verdict(figures.spread(found.gate))
    chrome.figure(
        partial(figures.token_summary, merged=True, made=found.provenance),
        partial(figures.describe_token_summary, merged=True),
        found.gate,
        found.tokens,
        key="gates",
        caption=_("tag.gates.caption"),
        rows=partial(figures.gates_table, found.gate, found.tokens, found.provenance),
    )


VIEWS = {"certainty": certainty, "table": table, "gates": gates}
