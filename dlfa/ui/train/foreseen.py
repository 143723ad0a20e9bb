"""How long a run would take here, and how much room, measured on request before it starts."""

import shutil
from typing import TYPE_CHECKING

import psutil
import streamlit as st

from dlfa.data.folders import runs_folder
from dlfa.messages import _
from dlfa.ui.pace import pace
from dlfa.ui.train.asked import Asked

if TYPE_CHECKING:
    from dlfa.training.forecast import Forecast
    from dlfa.training.probe import Probe

__all__ = ["foresee"]


def foresee(asked: Asked) -> None:
    """Offer the forecast; once measured it follows the number of examples by itself.

    Raises:
        DlfaError: see `dlfa.training.probe.probe`.
    """
    key = "training probe", asked.task, asked.backbone, asked.recipe, asked.heads
    found = pace(key, asked.settings())
    if found is not None:
        _show(asked, found)


def _show(asked: Asked, found: "Probe") -> None:
    from dlfa.training.forecast import extrapolated

    place = runs_folder() if runs_folder().is_dir() else runs_folder().absolute().parent
    expected = extrapolated(asked.settings(), found, place)
    st.info(expected.words(), icon=":material/timer:")
    for words in _too_much(expected, shutil.disk_usage(place).free):
        st.warning(words, icon=":material/memory_alt:")


def _too_much(expected: "Forecast", free: int) -> list[str]:
    """Say where the run needs more than this computer has."""
    from dlfa.training.forecast import size

    told, memory = [], psutil.virtual_memory().available
    if expected.device == "cpu" and expected.room.least > memory:
        told.append(_("train.memory.short", needed=size(expected.room.least), free=size(memory)))
    if expected.room.disk > free:
        told.append(_("train.disk.short", needed=size(expected.room.disk), free=size(free)))
    return told
