"""Ask the model about one sentence pair, and see which layers agree."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.ui import cache, chrome, inputs, saving, verdicts
from dlfa.ui.commands import predict_command
from dlfa.ui.guard import guarded
from dlfa.ui.pair import language_names, sentence_pair, token_note
from dlfa.ui.session import session

chrome.header("predict")
asking, answering = st.columns([2, 3], gap="large")
elsewhere = st.container()
with asking:
    pair = sentence_pair()
    note = st.container()
with answering, guarded():
    model = session().model
    (answers,) = cache.predictions(model, [pair.texts])
    with note:
        token_note(answers[0])
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
    with elsewhere:
        st.subheader(_("predict.languages.title"), anchor=False)
        if pair.item is None:
            st.markdown(_("predict.languages.own"))
        else:
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
