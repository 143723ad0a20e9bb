"""The paper's claims on trial: each with its rule, its numbers and a verdict about what was run."""

from dlfa.ui import chrome
from dlfa.ui.claims.board import chosen_claim, show_board
from dlfa.ui.claims.detail import show_claim
from dlfa.ui.claims.findings import findings
from dlfa.ui.claims.leaving import follow
from dlfa.ui.claims.tried import chosen_trial
from dlfa.ui.guard import guarded

follow()
chrome.header("claims")
with guarded():
    trial = chosen_trial()
    found = findings(trial)
    if found is not None:
        show_board(found)
        show_claim(chosen_claim(found), trial)
