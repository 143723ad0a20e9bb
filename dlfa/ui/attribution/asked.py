"""What all views of the page Attribution ask: a pair, a head, a label, a method and a baseline."""

from dataclasses import dataclass

import streamlit as st

from dlfa.figures.words import label_word
from dlfa.messages import _
from dlfa.results import BASELINE, Prediction
from dlfa.results.attributions import BASELINES, METHODS
from dlfa.ui import cache, inputs
from dlfa.ui.pair import ChosenPair, token_note

__all__ = ["NEAR", "VIEWS", "Asked", "ask"]

VIEWS = ("words", "doors", "heads", "translation")
ANSWER = "answer"  # the label's code where the head's own answer is meant
FAVOURITE = "D_8"  # as on Gates: far enough from the last layer to see something
NEAR = 3  # heads beside the first, at most: each takes a second or two


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a view answers."""

    model: str
    pair: ChosenPair
    answers: tuple[Prediction, ...]
    """Of every head."""
    head: str
    label: str
    """A key of the task; never empty."""
    method: str
    baseline: str

    @property
    def heads(self) -> tuple[str, ...]:
        """Every head of the model."""
        return tuple(answer.head for answer in self.answers)

    @property
    def answer(self) -> Prediction:
        """The chosen head's."""
        return next(answer for answer in self.answers if answer.head == self.head)


def ask(model: str, pair: ChosenPair) -> tuple[str, Asked]:
    """Show the views and the choices; return what is chosen.

    Raises:
        DlfaError: see `dlfa.ui.cache.predictions`.
    """
    (answers,) = cache.predictions(model, [pair.texts])
    token_note(answers[0])
    view = inputs.one_of("why", VIEWS, words="attribution.view")
    st.caption(_(f"attribution.view.{view}.about"))
    left, middle, right = st.columns([2, 3, 3], gap="small")
    heads = [one.head for one in answers]
    with left:
        head = _head(heads)
    answer = next(one for one in answers if one.head == head)
    with middle:
        label = _label(answer)
    with right:
        words = {name: _(f"attribution.baseline.{name}") for name in BASELINES}
        baseline = inputs.pick("blank", words, _("attribution.blank"), _("attribution.blank.help"))
    method = METHODS[0]
    if view != "doors":  # they have a way of their own
        method = inputs.one_of("scored", METHODS, words="attribution.method")
        st.caption(_(f"attribution.method.{method}.about"))
    return view, Asked(
        model=model,
        pair=pair,
        answers=answers,
        head=head,
        label=label,
        method=method,
        baseline=baseline,
    )


def _head(heads: list[str]) -> str:
    default = next((name for name in (FAVOURITE, *heads) if name in heads), BASELINE)
    return inputs.head(heads, default, _("attribution.head"))


def _label(answer: Prediction) -> str:
    """Show the head's own answer first, then every label."""
    told = _("attribution.label.answer", label=label_word(answer.label))
    words = {ANSWER: told} | {label: label_word(label) for label in answer.labels}
    chosen = inputs.pick("label", words, _("attribution.label"))
    return answer.label if chosen == ANSWER else chosen
