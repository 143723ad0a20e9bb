"""The answers to many pairs as a table on the page; a row opens as the single pair above."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dlfa.figures.words import head_word, label_word
from dlfa.messages import _, of_task
from dlfa.results import Prediction
from dlfa.results.comparisons import AnsweredPair
from dlfa.ui.pair import open_pair

__all__ = ["show_answers"]

TEXT = 180  # px of a sentence's column: the answer has to be in sight

Columns = dict[str, list[object]]


def show_answers(
    told: Sequence[AnsweredPair], *, key: str, names: Sequence[str] | None = None
) -> None:
    """Show one row per pair; a column's title sorts, a click on a row opens it above.

    Args:
        told: what passed the filters, perhaps nothing.
        key: the widget's.
        names: what the answers' columns are called; their heads' names if not given.
    """
    if not told:
        st.info(_("predict.kept.none"), icon=":material/filter_alt_off:")
        return
    names = names or [head_word(answer.head) for answer in told[0].answers]

    def opened() -> None:
        for row in st.session_state[key]["selection"]["rows"]:
            open_pair(told[row].premise, told[row].hypothesis)
            st.toast(_("predict.opened", row=told[row].number), icon=":material/north:")

    st.dataframe(
        pd.DataFrame(_columns(told), index=pd.Index([pair.number for pair in told], name="#")),
        key=key,
        on_select=opened,
        selection_mode="single-row",
        column_config=_config(names, told[0].answers[0].provenance.task),
        placeholder="",
        alt=_("predict.answers.alt", n=len(told)),
    )
    st.caption(_("predict.answers.caption"))


def _columns(told: Sequence[AnsweredPair]) -> Columns:
    leads = [pair.answers[0] for pair in told]
    found: Columns = {
        "premise": [pair.premise for pair in told],
        "hypothesis": [pair.hypothesis for pair in told],
        "answer": [label_word(lead.label) for lead in leads],
        "probability": [100 * float(lead.probabilities.max()) for lead in leads],
    }
    if any(pair.gold for pair in told):
        found["gold"] = [label_word(pair.gold) if pair.gold else "" for pair in told]
        found["right"] = [_mark(pair.right) for pair in told]
    heads = len(told[0].answers)
    if heads > 1:
        found["agreement"] = [100 * pair.majority[1] / heads for pair in told]
    found["tokens"] = [lead.tokens for lead in leads]
    found["cut"] = [_("predict.column.yes") if lead.truncated else "" for lead in leads]
    for at in range(1, heads):
        found[f"other-{at}"] = [_short(pair.answers[at]) for pair in told]
    return found


def _mark(right: bool | None) -> str:
    return "" if right is None else _("predict.column.right" if right else "predict.column.wrong")


def _short(answer: Prediction) -> str:
    return f"{label_word(answer.label)} {100 * answer.probabilities.max():.0f} %"


def _config(names: Sequence[str], task: str) -> dict[str, Any]:
    column = st.column_config
    words = {
        "premise": column.TextColumn(of_task("ui.pair.premise", task), width=TEXT),
        "hypothesis": column.TextColumn(of_task("ui.pair.hypothesis", task), width=TEXT),
        "answer": column.TextColumn(_("predict.column.answer", head=names[0])),
        "probability": _bar(_("predict.column.probability")),
        "gold": column.TextColumn(_("predict.pairs.gold")),
        "right": column.TextColumn(_("predict.column.verdict")),
        "agreement": _bar(_("predict.column.agreement")),
        "tokens": column.NumberColumn(_("predict.column.tokens")),
        "cut": column.TextColumn(_("predict.column.cut")),
    }
    others = enumerate(names[1:], start=1)
    return words | {f"other-{at}": column.TextColumn(name) for at, name in others}


def _bar(title: str) -> Any:
    return st.column_config.ProgressColumn(
        title, format="%.0f %%", min_value=0, max_value=100, width="small"
    )
