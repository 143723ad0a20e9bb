"""Which of many answered pairs are looked at."""

from collections.abc import Sequence

import streamlit as st

from dlfa.figures.words import label_word
from dlfa.messages import _
from dlfa.results.comparisons import AnsweredPair
from dlfa.ui import address

__all__ = ["filtered", "keep"]

ANY = "any"
EVERY = ("all", "split", "cut")  # with gold labels also "right" and "wrong"


def filtered(told: Sequence[AnsweredPair]) -> list[AnsweredPair]:
    """Show the filters and return the pairs that pass them.

    Args:
        told: at least one pair.
    """
    known = any(pair.gold for pair in told)
    only = (*EVERY, "right", "wrong") if known else EVERY
    labels = (ANY, *told[0].answers[0].labels)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = _select("only", only, {code: _(f"predict.only.{code}") for code in only})
        words = {ANY: _("predict.answer.any")} | {label: label_word(label) for label in labels[1:]}
        answer = _select("answer", labels, words)
        text = st.text_input(
            _("predict.find"), key="find", icon=":material/search:", persist_state="session"
        )
    kept = keep(told, chosen, "" if answer == ANY else answer, text or "")
    if len(kept) < len(told):
        st.caption(_("predict.kept", kept=len(kept), n=len(told)))
    return kept


def _select(key: str, options: Sequence[str], words: dict[str, str]) -> str:
    found = st.selectbox(
        _(f"predict.{key}"),
        options,
        index=options.index(address.choice(key, options, options[0])),
        format_func=words.__getitem__,
        key=key,
        persist_state="session",
    )
    return str(found)


def keep(told: Sequence[AnsweredPair], only: str, answer: str, text: str) -> list[AnsweredPair]:
    """Return the pairs that pass.

    Args:
        told: all of them.
        only: ``"all"``; ``"split"``: the heads differ; ``"cut"``: too long for the model;
            ``"right"``, ``"wrong"``: the first head's answer, where the label is known.
        answer: the first head's; empty for any.
        text: part of either sentence, in whatever case; empty for any.
    """
    passes = {
        "all": lambda pair: True,
        "split": lambda pair: not pair.agreed,
        "cut": lambda pair: pair.answers[0].truncated,
        "right": lambda pair: pair.right is True,
        "wrong": lambda pair: pair.right is False,
    }[only]
    part = text.strip().casefold()
    return [
        pair
        for pair in told
        if passes(pair)
        and answer in ("", pair.label)
        and part in f"{pair.premise}\n{pair.hypothesis}".casefold()
    ]
