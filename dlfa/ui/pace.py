"""How fast this device trains: measured when a visitor asks, then kept."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import streamlit as st

from dlfa.messages import _
from dlfa.ui.store import STUDIES

if TYPE_CHECKING:
    from dlfa.training.probe import Probe
    from dlfa.training.recipes import Settings

__all__ = ["pace"]

_WANTED = "pace_wanted"  # in the session: what the visitor asked for


def pace(key: tuple[Hashable, ...], settings: "Settings") -> "Probe | None":
    """Return the measured pace of a training; offer to measure it where it is not known yet.

    Args:
        key: what the pace depends on.
        settings: a training of that kind; its number of examples does not matter.

    Returns:
        None while nobody has asked.

    Raises:
        DlfaError: see `dlfa.training.probe.probe`.
    """
    found: Probe | None = STUDIES.get(key)
    if found is not None:
        return found
    place = st.empty()  # a button that has been obeyed goes
    place.button(
        _("untrained.measure"),
        key="measure",
        icon=":material/timer:",
        on_click=st.session_state.update,
        args=({_WANTED: key},),
    )
    if st.session_state.get(_WANTED) != key:
        return None
    from dlfa.training.probe import probe

    with place, st.spinner(_("untrained.measuring"), show_time=True):
        found = probe(settings)
    place.empty()
    STUDIES.put(key, found)
    return found
