"""Evaluate all heads in many languages at once: quick partial answers, up to the full benchmark."""

import streamlit as st

from dlfa.messages import of_task
from dlfa.ui import chrome, inputs
from dlfa.ui.evaluate import (
    accuracy,
    against,
    differences,
    disagreements,
    kinds,
    mistakes,
    translations,
)
from dlfa.ui.evaluate.chosen import chosen_run
from dlfa.ui.evaluate.measure import chosen_metric
from dlfa.ui.evaluate.notes import show_notes
from dlfa.ui.evaluate.shown import report
from dlfa.ui.evaluate.take import take_along
from dlfa.ui.guard import guarded
from dlfa.ui.session import session
from dlfa.ui.untrained import leading_on

OF_WORDS = ("accuracy", "differences", "mistakes", "against")  # what tagged words have
VIEWS = {
    "accuracy": accuracy.show,
    "differences": differences.show,
    "translations": translations.show,
    "mistakes": mistakes.show,
    "kinds": kinds.show,
    "examples": disagreements.show,
    "against": against.show,
}

chrome.header("evaluate")
with guarded(), leading_on():
    shown = chosen_run(session().model)
    if shown is not None:
        said = report(shown, chosen_metric(shown))
        show_notes(said)
        views = OF_WORDS if shown.kind else tuple(VIEWS)
        view = inputs.one_of("result", views, words="evaluate.result")
        st.caption(of_task(f"evaluate.result.{view}.about", shown.kind))
        with guarded():
            VIEWS[view](shown, said)
        take_along(shown, said)
        chrome.reproduce(said.provenance, shown.command, shown.language)
