"""How tasks and groups of languages are called on the page Results."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dlfa.data.languages import language
from dlfa.data.tasks import TASKS
from dlfa.messages import _
from dlfa.results import AVERAGE, head_layer
from dlfa.ui import inputs

__all__ = ["chosen_group", "chosen_head", "chosen_task", "group_word", "task_word", "tell_none"]

GROUPS = ("enf", "noenf")


def task_word(task: str) -> str:
    """Return a task's name."""
    return _(f"results.task.{task}")


def group_word(group: str) -> str:
    """Return the name of a language, of one of the paper's groups, or of all languages."""
    if group in (AVERAGE, *GROUPS):
        return _(f"results.group.{group}")
    return language(group).name


def tell_none(task: str) -> None:
    """Say that nothing of a task was measured."""
    st.info(_("results.none.task", task=task_word(task)), icon=":material/hourglass_empty:")


def chosen_task(keys: Sequence[str] = tuple(TASKS), widget: str = "of") -> str:
    """Show the tasks and return the one that is looked at.

    Args:
        keys: of the tasks, the default first.
        widget: its key, and its name in links.
    """
    return inputs.pick(widget, {key: task_word(key) for key in keys}, _("results.task"))


def chosen_group(groups: Sequence[str]) -> str:
    """Show groups of languages and return the one that is looked at, at first the first."""
    words = {group: group_word(group) for group in groups}
    return inputs.pick("tongue", words, _("results.group"))


def chosen_head(names: Mapping[str, str]) -> str:
    """Show heads and return the one that is looked at, at first the uppermost fused one.

    Args:
        names: by code, with the baseline: it goes to the end, the uppermost layer first.
    """
    order = sorted(names, key=lambda head: -(head_layer(head) or 0))
    words = {head: names[head] for head in order}
    return inputs.pick("head", words, _("results.behind.head"))
