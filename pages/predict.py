"""Ask the model about one sentence pair, and see which layers agree."""

import streamlit as st

from dlfa import figures
from dlfa.data.languages import language
from dlfa.messages import _
from dlfa.ui import cache, chrome, inputs, verdicts
from dlfa.ui.commands import predict_command
from dlfa.ui.guard import guarded
from dlfa.ui.session import session

chrome.header("predict")
model, look = session().model, session().look
asking, answering = st.columns([2, 3], gap="large")
elsewhere = st.container()

with asking:
    pair = inputs.sentence_pair()
    note = st.container()

with answering, guarded():
    (answers,) = cache.predictions(model, [pair.texts])
    with note:
        inputs.token_note(answers[0])
    verdict = st.container()
    heads = inputs.heads([answer.head for answer in answers])
    shown = [answer for answer in answers if answer.head in heads]
    with verdict:
        verdicts.show_agreement(shown, pair.label)
    chrome.figure(
        figures.probability_bars(shown, look),
        key="probabilities",
        alt=figures.describe_probabilities(shown),
        caption=_("predict.bars.caption"),
        rows=figures.probabilities_table(shown),
    )
    with elsewhere:
        st.subheader(_("predict.languages.title"), anchor=False)
        if pair.item is None:
            st.markdown(_("predict.languages.own"))
        else:
            translated = cache.translations(model, pair.item.id, tuple(heads))
            names = {code: language(code).name for code in translated}
            st.markdown(verdicts.across_languages(translated, pair.item.label))
            chrome.figure(
                figures.head_language_heatmap(translated, pair.item.label, look, names),
                key="languages",
                alt=figures.describe_head_language(translated, pair.item.label, names),
                caption=_("predict.languages.caption", languages=len(translated)),
                rows=chrome.by_language(translated),
            )
        chrome.reproduce(answers[0].provenance, predict_command(model, pair.texts))
