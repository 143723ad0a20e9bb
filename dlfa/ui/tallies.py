"""What the answers to many pairs come to: shares, agreement, accuracy."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import streamlit as st

from dlfa.figures.words import head_word, label_word
from dlfa.messages import _
from dlfa.results.comparisons import AnsweredPair

__all__ = ["accuracies", "heads", "of_heads", "show_tally"]


def heads(told: Sequence[AnsweredPair]) -> tuple[str, ...]:
    """Return whose answers the pairs hold, in order."""
    return tuple(answer.head for answer in told[0].answers)


def of_heads(told: Iterable[AnsweredPair], chosen: Sequence[str]) -> list[AnsweredPair]:
    """Return the pairs with some heads' answers only, in the order of ``chosen``."""

    def kept(pair: AnsweredPair) -> AnsweredPair:
        by_name = {answer.head: answer for answer in pair.answers}
        return replace(pair, answers=tuple(by_name[head] for head in chosen))

    return [kept(pair) for pair in told]


def show_tally(told: Sequence[AnsweredPair]) -> None:
    """Show how many pairs got which answer, how far the heads agree, and how many are right."""
    first = told[0].answers[0]
    counts = Counter(pair.label for pair in told)
    with st.container(horizontal=True, key="tally"):
        st.metric(_("predict.tally.pairs"), len(told), width="content")
        for label in first.labels:
            st.metric(label_word(label), _share(counts[label], len(told)), width="content")
        if len(told[0].answers) > 1:
            agreed = sum(pair.agreed for pair in told)
            st.metric(_("predict.tally.agreed"), _share(agreed, len(told)), width="content")
        if right := _right(told):
            st.metric(_("predict.tally.right"), _share(sum(right), len(right)), width="content")
    st.caption(_("predict.tally.head", head=head_word(first.head), heads=len(told[0].answers)))
    if right:
        _accuracy(told)


def _share(count: int, n: int) -> str:
    return _("predict.tally.share", share=f"{100 * count / n:.0f}", count=count)


def _right(told: Sequence[AnsweredPair]) -> list[bool]:
    return [pair.right for pair in told if pair.right is not None]


def _accuracy(told: Sequence[AnsweredPair]) -> None:
    """Say how many are right, with the interval, and show the same for every head."""
    rows = accuracies(told)
    lead = rows[0]
    words = {name: f"{100 * float(lead[name]):.0f}" for name in ("accuracy", "low", "high")}
    st.markdown(
        _(
            "predict.tally.accuracy",
            head=head_word(str(lead["head"])),
            right=lead["right"],
            n=lead["n"],
            **words,
        )
    )
    if len(rows) > 1:
        with st.expander(_("predict.tally.heads"), icon=":material/format_list_numbered:"):
            st.dataframe(_shown(rows), hide_index=True, alt=_("predict.tally.heads"))


def accuracies(told: Sequence[AnsweredPair]) -> list[dict[str, str | int | float]]:
    """Return each head's accuracy on the pairs with a known label, with its Wilson interval."""
    from dlfa.analysis.comparisons import proportion

    known = [pair for pair in told if pair.gold]
    rows: list[dict[str, str | int | float]] = []
    for at, answer in enumerate(told[0].answers):
        right = sum(pair.answers[at].label == pair.gold for pair in known)
        found = proportion(right, len(known))
        row = {"right": right, "n": len(known), "accuracy": found.share}
        rows.append({"head": answer.head, **row, "low": found.low, "high": found.high})
    return rows


def _shown(rows: Sequence[dict[str, str | int | float]]) -> list[dict[str, str | int]]:
    return [
        {
            _("predict.tally.column.head"): head_word(str(row["head"])),
            _("predict.tally.column.right"): f"{row['right']} / {row['n']}",
            _("predict.tally.column.accuracy"): f"{100 * float(row['accuracy']):.1f} %",
            _("predict.tally.column.interval"): (
                f"{100 * float(row['low']):.1f} – {100 * float(row['high']):.1f} %"
            ),
        }
        for row in rows
    ]
