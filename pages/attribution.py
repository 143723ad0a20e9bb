"""Why did it answer that? What each word, and each door of a head, adds to a label's score."""

from dlfa.ui import chrome
from dlfa.ui.attribution import doors_view, heads_view, translation_view, words_view
from dlfa.ui.attribution.asked import ask
from dlfa.ui.attribution.command import attribute_command
from dlfa.ui.guard import guarded
from dlfa.ui.pair import sentence_pair
from dlfa.ui.session import session
from dlfa.ui.untrained import leading_on

VIEWS = {
    "words": words_view.show,
    "doors": doors_view.show,
    "heads": heads_view.show,
    "translation": translation_view.show,
}

chrome.header("attribution")
pair = sentence_pair(wide=True)
with guarded(), leading_on():
    view, asked = ask(session().model, pair)
    if VIEWS[view](asked):
        chrome.reproduce(asked.answer.provenance, attribute_command(view, asked))
