"""Does the gate matter? What changing it does to this pair's answer, and to accuracy."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.results import GateTrial
from dlfa.ui import chrome, inputs, studies
from dlfa.ui.gates import verdicts
from dlfa.ui.gates.chosen import Looked
from dlfa.ui.gates.code import trial_code
from dlfa.ui.gates.sets import built_in
from dlfa.ui.task import task_of

__all__ = ["show"]


def show(looked: Looked) -> None:
    """Show the view."""
    head = looked.gate.head
    found = studies.effects(looked.model, looked.pair.texts)
    st.markdown(verdicts.shift(found, head))
    words = _("gates.effects.caption", draws=found.draws)
    chrome.figure(
        partial(figures.change_effects, head=head),
        partial(figures.describe_change_effects, head=head),
        found,
        key="effects",
        caption=f"{words} {verdicts.cost(found.passes, found.milliseconds)}",
        rows=partial(figures.effects_table, found),
        printed=partial(figures.effects_summary, found, head=head),
    )
    st.subheader(_("gates.trial.title"), anchor=False)
    left, right = st.columns(2)
    with left:
        data = inputs.one_of("data", _sets(looked.model), words="gates.data")
    with right:
        whose = inputs.one_of("whose", ("head", "every"), words="gates.whose")
    trial = studies.trial(looked.model, data)
    if trial is None:
        st.info(_("gates.trial.none"), icon=":material/terminal:")
        st.code(trial_code(looked.model), language="bash", wrap_lines=True)
    else:
        _trial(looked.model, trial, head if whose == "head" else None)


def _sets(model: str) -> list[str]:
    """Return the sets by name: the task's corpus, and our own sentences where there are any."""
    return [task_of(model).key, *built_in(model)]


def _trial(model: str, trial: GateTrial, head: str | None) -> None:
    st.markdown(verdicts.matters(trial, head))
    size = {"pairs": f"{int(trial.n.sum()):,}", "languages": len(trial.n)}
    words = _("gates.trial.caption.every" if head is None else "gates.trial.caption", **size)
    cost = _cost(trial)
    chrome.figure(
        partial(figures.change_trial, head=head),
        partial(figures.describe_change_trial, head=head),
        trial,
        key="trial",
        caption=f"{words} {cost}",
        rows=partial(figures.trial_table, trial),
        printed=partial(figures.trial_summary, trial, head=head),
    )
    chrome.reproduce(trial.provenance, trial.provenance.command or trial_code(model, trial.data))


def _cost(trial: GateTrial) -> str:
    """Say what the trial took; a record from before it was counted does not know."""
    match trial.settings:
        case {"passes": int(passes), "seconds": int() | float() as seconds}:
            return verdicts.cost(passes, 1000 * seconds)
    return ""
