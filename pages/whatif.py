"""What if the gate were another one? The answers before and after, beside what chance does."""

from dlfa.ui import chrome
from dlfa.ui.guard import guarded
from dlfa.ui.pair import sentence_pair
from dlfa.ui.session import session
from dlfa.ui.untrained import leading_on
from dlfa.ui.whatif.chosen import look_at
from dlfa.ui.whatif.views import VIEWS

chrome.header("whatif")
pair = sentence_pair(wide=True)
with guarded(), leading_on():
    view, looked = look_at(session().model, pair)
    if looked is not None:
        VIEWS[view](looked)
