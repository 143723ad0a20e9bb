"""Whether what a run needs is at hand, said before anything waits for it."""

import streamlit as st

from dlfa.data import hub
from dlfa.data.sources import at_hand
from dlfa.data.tasks import TASKS
from dlfa.messages import _
from dlfa.ui.guard import literal
from dlfa.ui.train.asked import Asked

__all__ = ["tell_missing"]


def tell_missing(asked: Asked) -> None:
    """Say where data and encoder come from, and what cannot be had now."""
    from dlfa.model.backbones import on_this_computer

    task = TASKS[asked.task]
    names = asked.corpora or tuple(task.training)
    corpora = [task.training[name] for name in names]
    corpora += [] if task.held_out else [task.evaluation]
    missing = dict.fromkeys(one.hub_id for one in corpora if not at_hand(one))
    away = not on_this_computer(asked.backbone)
    if not missing and not away:
        return
    with st.spinner(_("untrained.asking")):
        online = hub.reachable()
    show = st.caption if online else st.warning
    state = "online" if online else "offline"
    if missing:
        show(_(f"train.data.{state}", names=literal(", ".join(missing))))
    if away:
        show(_(f"untrained.encoder.{state}", name=literal(asked.backbone)))
