"""By which door the score's change comes into the chosen fusion head."""

from functools import partial

import streamlit as st

from dlfa.figures.attribution_words import doors_verdict
from dlfa.figures.doors import describe_door_bars, door_bars, doors_table
from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.ui import chrome
from dlfa.ui.attribution.asked import Asked
from dlfa.ui.attribution.making import through_doors
from dlfa.ui.attribution.words_view import cost, show_gap
from dlfa.ui.guard import literal

__all__ = ["show"]


def show(asked: Asked) -> bool:
    """Show the view; return whether what it asks for can be asked."""
    if asked.head == BASELINE:
        st.info(_("attribution.doors.baseline"), icon=":material/door_open:")
        return False
    found = through_doors(asked)
    if found is None:
        return True
    st.markdown(literal(doors_verdict(found)))
    show_gap(found.gap)
    took = cost(found.passes, found.steps, found.milliseconds)
    chrome.figure(
        door_bars,
        describe_door_bars,
        found,
        key="doors",
        caption=f"{_('attribution.doors.caption')} {took}",
        rows=partial(doors_table, found),
    )
    return True
