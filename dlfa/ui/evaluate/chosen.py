"""Which run the page shows: a finished one, at once, or a new one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dlfa.messages import _
from dlfa.ui import address, inputs
from dlfa.ui.evaluate.finished import finished, open_run, run_words
from dlfa.ui.evaluate.new import new_run
from dlfa.ui.evaluate.shown import Shown
from dlfa.ui.loading import known

if TYPE_CHECKING:
    from dlfa.analysis.store import StoredRun

__all__ = ["chosen_run"]

_MISSING = "missing_run"  # in the session: a link named a run that is not here


def chosen_run(model: str) -> Shown | None:
    """Show the choice of runs and return the chosen one; None while there is nothing of it.

    Args:
        model: a checkpoint's name or folder.

    Raises:
        DlfaError: the model cannot be loaded, or a run cannot be read.
    """
    runs = finished(model)
    checkpoint = known(model).provenance.checkpoint
    at_hand = any(run.provenance["checkpoint"] == checkpoint for run in runs.values())
    sources = ("stored", "new") if at_hand else ("new", "stored")
    if address.missed("record", runs):
        st.session_state[_MISSING] = True
    source = inputs.one_of("source", sources if runs else ("new",), words="evaluate.source")
    if source == "new":
        _say_missing("")
        return new_run(model)
    name = inputs.pick(
        "record", {name: run_words(run) for name, run in runs.items()}, _("evaluate.record")
    )
    _say_missing(_instead(runs, name))
    return open_run(model, runs[name])


def _instead(runs: "Mapping[str, StoredRun]", name: str) -> str:
    """Return what is said of the run that a link did not mean, until another one is chosen."""
    if name != next(iter(runs)):
        st.session_state.pop(_MISSING, None)
    return _("evaluate.record.instead.shipped" if runs[name].shipped else "evaluate.record.instead")


def _say_missing(instead: str) -> None:
    if st.session_state.get(_MISSING):
        words = f"{_('evaluate.record.missing')} {instead}".strip()
        st.info(words, icon=":material/link_off:")
