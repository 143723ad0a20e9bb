"""What is to be evaluated: data, languages, heads, how many pairs."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from dlfa.data.languages import language
from dlfa.data.tasks import Task
from dlfa.messages import _, of_task
from dlfa.results import BASELINE, head_gate
from dlfa.ui import address, inputs
from dlfa.ui.cache import examples
from dlfa.ui.evaluate.corpora import at_hand, languages, splits
from dlfa.ui.evaluate.own_code import own_code
from dlfa.ui.evaluate.own_data import own_data, own_settings
from dlfa.ui.evaluate.request import ALL, OWN, Request
from dlfa.ui.loading import known
from dlfa.ui.task import any_task_of, kind_of

if TYPE_CHECKING:
    from dlfa.analysis.examples import Labelled

__all__ = ["SETS", "Asked", "ask", "hold"]

BUILT_IN = "built-in"
SETS = (BUILT_IN, "test", "validation", OWN)
CORPORA = ("test", "validation")
GROUPS = (ALL, "paper", "aff", "chosen")  # of heads
COUNTS = ("10", "20", "50", "100", "200", "500", "1000", "2000", ALL)  # pairs per language
USUAL = "100"
LAST_SEED = 9_999


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A run that could be started."""

    request: Request
    own: "tuple[Labelled, ...] | None" = None
    """The visitor's own examples."""
    code: str = ""
    """The lines of Python that evaluate these; empty where one command does."""
    file: str = ""
    """The name of theirs."""


def ask(model: str) -> Asked | None:
    """Show the settings and return what they ask for; None while own data is not there yet.

    Raises:
        DlfaError: the model cannot be loaded, or no head is chosen.
    """
    task = any_task_of(model)
    split = inputs.one_of("set", _offered(task), words="evaluate.set", task=task.key)
    st.caption(of_task(f"evaluate.set.{split}.about", task.key))
    request = Request(model=model, split=split)
    if split == OWN:
        own = own_data(task.labels)
        if own is None:
            return None
        asked = Asked(request=replace(request, digest=own.digest), own=own.rows)
    else:
        request = replace(request, languages=_languages(task, split))
        asked = Asked(request=request if split == BUILT_IN else _drawn(request))
    asked = replace(asked, request=replace(asked.request, heads=_heads(model)))
    settings = own_settings() if asked.own else None
    if settings is None:
        return asked
    code = own_code(model, *settings, asked.request.heads)
    return replace(asked, code=code, file=settings[0])


def hold(model: str) -> None:
    """Keep the settings in the address while a run is shown instead: a reload finds it again."""
    task = any_task_of(model)
    split = address.choice("set", _offered(task), _offered(task)[0])
    address.many("langs", _codes(task, split), [])
    address.choice("n", COUNTS, USUAL)
    address.number("seed", 0, LAST_SEED, 0)
    address.choice("group", GROUPS, GROUPS[0])
    if st.session_state.get("group") == "chosen":
        address.many("heads", known(model).heads, [])


def _offered(task: Task) -> tuple[str, ...]:
    """Return the sets that may be read here: of tagged words, those that the source has."""
    if task.kind == "tagging":
        return splits(task) or CORPORA[:1]
    absent = set() if at_hand() else {*CORPORA}
    absent |= set() if examples(task.key) else {SETS[0]}
    return tuple(name for name in SETS if name not in absent)


def _codes(task: Task, split: str) -> list[str]:
    """Return the languages of a set; a task's own are also those of our own sentences."""
    there = languages(task, split) if task.kind == "tagging" else task.languages
    return sorted(there, key=lambda code: (code != "en", language(code).name))


def _languages(task: Task, split: str) -> tuple[str, ...]:
    codes = _codes(task, split)
    chosen = st.multiselect(
        _("evaluate.languages"),
        codes,
        default=address.many("langs", codes, []),
        format_func=lambda code: language(code).title,
        key="langs",
        placeholder=_("evaluate.languages.all", count=len(codes)),
        persist_state="session",
    )
    return tuple(code for code in codes if code in chosen) or (ALL,)


def _drawn(request: Request) -> Request:
    """Show how many pairs of a corpus are drawn per language, and the draw's seed."""
    left, right = st.columns([3, 1], gap="medium")
    with left:
        count = st.select_slider(
            of_task("evaluate.n", kind_of(request.model)),
            COUNTS,
            value=address.choice("n", COUNTS, USUAL),
            key="n",
            format_func=lambda code: _("evaluate.n.all") if code == ALL else f"{int(code):,}",
            help=of_task("evaluate.n.help", kind_of(request.model)),
            persist_state="session",
        )
    with right:
        seed = st.number_input(
            _("evaluate.seed"),
            min_value=0,
            max_value=LAST_SEED,
            value=address.number("seed", 0, LAST_SEED, 0),
            key="seed",
            disabled=count == ALL,
            help=_("evaluate.seed.help"),
            persist_state="session",
        )
    if count == ALL:
        return request
    return replace(request, limit=int(count), seed=int(seed or 0))


def _heads(model: str) -> tuple[str, ...]:
    names = known(model).heads
    group = inputs.one_of("group", GROUPS, words="evaluate.group")
    if group == "chosen":
        chosen = inputs.heads(names)
        return (ALL,) if chosen == names else chosen
    if group == ALL:
        return (ALL,)
    return tuple(name for name in names if name == BASELINE or head_gate(name) == group)
