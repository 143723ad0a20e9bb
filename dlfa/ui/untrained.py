"""An encoder without heads: the page leads on to what works at once, and to training."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dlfa.data import hub
from dlfa.data.listed import VARIABLE
from dlfa.data.tasks import Kind
from dlfa.errors import UntrainedError, WrongTaskError
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.ui import address, cache, kinds
from dlfa.ui.commands import train_command
from dlfa.ui.guard import guarded, literal
from dlfa.ui.pace import pace
from dlfa.ui.wrong_task import ways_over

__all__ = ["leading_on"]

BUDGETS = ("300000", "1000000", "3000000", "10000000", "30000000")  # training tokens
USUAL = "3000000"  # what the shipped model was trained on

TAUGHT: dict[Kind | None, str] = {"pair": "xnli", "tagging": "ner", None: "xnli"}  # page by page


@contextmanager
def leading_on() -> Iterator[None]:
    """Where the model has no heads, or is for another task, show the ways on, not a failure."""
    try:
        yield
    except UntrainedError as error:
        _ways_on(str(error.params["name"]))
    except WrongTaskError as error:
        ways_over(error)


def _ways_on(name: str) -> None:
    st.info(_("untrained.lead", name=literal(name)), icon=":material/school:")
    for trained in kinds.fitting(cache.model_names(), kinds.page_kind(address.here()))[:1]:
        st.button(
            _("untrained.instead", name=literal(trained)),
            key="instead",
            on_click=st.session_state.update,
            args=({"model": trained},),
            icon=":material/bolt:",
        )
    st.subheader(_("untrained.train.title"), anchor=False)
    _reach(name)
    tokens = _budget()
    task = TAUGHT[kinds.page_kind(address.here())]
    st.code(train_command(name, task, tokens), language="bash", wrap_lines=True)
    st.caption(_("untrained.train.then"))
    if policy().training:
        st.session_state.setdefault("backbone", name)  # what the page Train starts from
        st.session_state.setdefault("task", task)
        st.page_link("pages/train.py", label=_("train.page"), icon=":material/model_training:")
        _time(name, task, tokens)
    else:
        st.caption(_("untrained.train.elsewhere"))
    st.caption(_("untrained.published", variable=VARIABLE))


def _reach(name: str) -> None:
    """Say, before anything waits for them, whether encoder and data can be had."""
    from dlfa.data.sources import mirror
    from dlfa.model.backbones import on_this_computer

    here = {"encoder": on_this_computer(name), "data": mirror() is not None}
    with st.spinner(_("untrained.asking")):
        online = all(here.values()) or hub.reachable()
    for part in (part for part, found in here.items() if not found):
        words = _(f"untrained.{part}.{'online' if online else 'offline'}", name=literal(name))
        (st.caption if online else st.warning)(words)


def _budget() -> int:
    chosen = st.select_slider(
        _("untrained.budget"),
        BUDGETS,
        value=address.choice("budget", BUDGETS, USUAL),
        key="budget",
        format_func=lambda count: f"{int(count):,}",
        help=_("untrained.budget.help", usual=f"{int(USUAL):,}"),
        persist_state="session",
    )
    return int(chosen)


@guarded()
def _time(name: str, task: str, tokens: int) -> None:
    """Say how long training will take on this device, once the visitor has it measured."""
    from dlfa.training.recipes import Settings, recipe

    wanted = Settings(task=task, backbone=name, recipe=recipe("joint"), max_tokens=tokens)
    found = pace(("probe", task, name), wanted)
    if found is not None:
        from dlfa.training.forecast import extrapolated

        st.info(extrapolated(wanted, found).words(), icon=":material/timer:")
        command = train_command(name, task, tokens, forecast=True)
        st.code(command, language="bash", wrap_lines=True)
