"""What a result says, in one or two plain sentences."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from dlfa.messages import _
from dlfa.results import BASELINE, Prediction

__all__ = [
    "across_languages",
    "agreement",
    "show_agreement",
]


def show_agreement(answers: Sequence[Prediction], truth: str | None = None) -> None:
    """Show `agreement` in a box: green where the first head is right, yellow where it is not."""
    words = agreement(answers, truth)
    if truth is None:
        st.info(words, icon=":material/forum:")
    elif answers[0].label == truth:
        st.success(words, icon=":material/check:")
    else:
        st.warning(words, icon=":material/close:")


def agreement(answers: Sequence[Prediction], truth: str | None = None) -> str:
    """Say what the heads answer and whether that is the example's label.

    Args:
        answers: one per head; the baseline, if it is among them, comes first.
        truth: the example's label, None for a visitor's own texts.
    """
    first = answers[0]
    votes = Counter(answer.label for answer in answers)
    label, count = votes.most_common(1)[0]
    parts = []
    if first.head == BASELINE:
        share = f"{100 * first.probabilities.max():.0f}"
        parts.append(_("predict.verdict.baseline", label=_word(first.label), share=share))
    if len(answers) > 1:
        how = "all" if count == len(answers) else "most"
        parts.append(
            _(f"predict.verdict.{how}", label=_word(label), count=count, heads=len(answers))
        )
    if truth is not None:
        right = votes[truth]
        parts.append(
            _("predict.verdict.truth", label=_word(truth), right=right, heads=len(answers))
        )
    return " ".join(parts)


def across_languages(answers: Mapping[str, Sequence[Prediction]], truth: str) -> str:
    """Say in how many languages the first of the heads is right, and which head does best."""
    rows = list(answers.values())
    names = [answer.head for answer in rows[0]]
    right = [sum(row[at].label == truth for row in rows) for at in range(len(names))]
    best = max(right)
    leaders = [name for name, count in zip(names, right, strict=True) if count == best]
    return _(
        "predict.languages.verdict",
        head=names[0],
        right=right[0],
        languages=len(rows),
        best=best,
        leaders=", ".join(leaders[:3]) + (" …" if len(leaders) > 3 else ""),
        label=_word(truth),
    )


def _word(label: str) -> str:
    key = f"label.{label}"
    return found if (found := _(key)) != key else label
