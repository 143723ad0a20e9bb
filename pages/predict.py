"""Ask the model about one sentence pair or many, and see which layers agree."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.results import Prediction
from dlfa.ui import cache, chrome, inputs, saving, verdicts
from dlfa.ui.batch import many_pairs
from dlfa.ui.claims.leaving import follow
from dlfa.ui.commands import predict_command
from dlfa.ui.compare import compare
from dlfa.ui.further import look_further
from dlfa.ui.guard import guarded
from dlfa.ui.pair import ChosenPair, language_names, sentence_pair, token_note
from dlfa.ui.session import session
from dlfa.ui.task import kind_of
from dlfa.ui.untrained import leading_on

PARTS = ("languages", "many", "compare")


def one_pair(answers: tuple[Prediction, ...], pair: ChosenPair) -> None:
    """Show what every chosen head answers."""
    verdict = st.container()
    heads = inputs.heads([answer.head for answer in answers])
    shown = [answer for answer in answers if answer.head in heads]
    with verdict:
        verdicts.show_agreement(shown, pair.label)
    chrome.figure(
        figures.probability_bars,
        figures.describe_probabilities,
        shown,
        key="probabilities",
        caption=_("predict.bars.caption"),
        rows=figures.probabilities_table(shown),
    )


def other_languages(model: str, answers: tuple[Prediction, ...], pair: ChosenPair) -> None:
    """Show what the heads answer to the same pair in every language it is there in."""
    if pair.item is None:
        st.markdown(_("predict.languages.own"))
    else:
        heads = inputs.chosen_heads([answer.head for answer in answers])
        translated = cache.translations(model, pair.item.id, heads)
        names = language_names(translated)
        st.markdown(verdicts.across_languages(translated, pair.item.label))
        chrome.figure(
            partial(figures.head_language_heatmap, names=names),
            partial(figures.describe_head_language, names=names),
            translated,
            pair.item.label,
            key="languages",
            caption=_("predict.languages.caption", languages=len(translated)),
            rows=saving.by_language(translated),
        )
    chrome.reproduce(answers[0].provenance, predict_command(model, pair.texts))


follow()
chrome.header("predict")
asking, answering = st.columns([2, 3], gap="large")
with asking:
    pair = sentence_pair()
    note = st.container()
model, answers = session().model, ()
with answering, guarded(), leading_on():
    (answers,) = cache.predictions(model, [pair.texts])
    with note:
        token_note(answers[0])
    one_pair(answers, pair)
    look_further()
ready = session().provenance is not None and not kind_of(model)
part = inputs.one_of("part", PARTS, words="predict.part")
with guarded():
    if part == "many":
        many_pairs(model, ready=ready)
    elif part == "compare":
        compare(model, pair.texts, ready=ready)
    elif answers:
        other_languages(model, answers, pair)
    else:
        st.caption(_("predict.languages.waiting"))
