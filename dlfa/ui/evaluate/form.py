"""What is to be evaluated: data, languages, heads, how many pairs."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from dlfa.data.languages import language
from dlfa.messages import _
from dlfa.results import BASELINE, head_gate
from dlfa.ui import address, inputs, tallies
from dlfa.ui.evaluate.corpora import at_hand
from dlfa.ui.evaluate.own_code import own_code
from dlfa.ui.evaluate.own_data import own_data, own_settings
from dlfa.ui.evaluate.request import ALL, OWN, Request
from dlfa.ui.loading import known

if TYPE_CHECKING:
    from dlfa.analysis.examples import Labelled

__all__ = ["SETS", "Asked", "ask", "hold"]

SETS = ("built-in", "test", "validation", OWN)
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
    split = inputs.one_of("set", _offered(), words="evaluate.set")
    st.caption(_(f"evaluate.set.{split}.about"))
    request = Request(model=model, split=split)
    if split == OWN:
        own = own_data(tallies.labels())
        if own is None:
            return None
        asked = Asked(request=replace(request, digest=own.digest), own=own.rows)
    else:
        request = replace(request, languages=_languages())
        asked = Asked(request=_drawn(request) if split in CORPORA else request)
    asked = replace(asked, request=replace(asked.request, heads=_heads(model)))
    settings = own_settings() if asked.own else None
    if settings is None:
        return asked
    code = own_code(model, *settings, asked.request.heads)
    return replace(asked, code=code, file=settings[0])


def hold(model: str) -> None:
    """Keep the settings in the address while a run is shown instead: a reload finds it again."""
    address.choice("set", _offered(), _offered()[0])
    address.many("langs", _codes(), [])
    address.choice("n", COUNTS, USUAL)
    address.number("seed", 0, LAST_SEED, 0)
    address.choice("group", GROUPS, GROUPS[0])
    if st.session_state.get("group") == "chosen":
        address.many("heads", known(model).heads, [])


def _offered() -> tuple[str, ...]:
    """Return the sets of pairs that may be read here."""
    return SETS if at_hand() else tuple(name for name in SETS if name not in CORPORA)


def _codes() -> list[str]:
    """Return the languages of the task, which are also those of our own sentences."""
    from dlfa.data.tasks import task

    return sorted(task("xnli").languages, key=lambda code: (code != "en", language(code).name))


def _languages() -> tuple[str, ...]:
    from dlfa.data.tasks import task

    codes = _codes()
    chosen = st.multiselect(
        _("evaluate.languages"),
        codes,
        default=address.many("langs", codes, []),
        format_func=lambda code: language(code).title,
        key="langs",
        placeholder=_("evaluate.languages.all", count=len(codes)),
        persist_state="session",
    )
    return tuple(code for code in task("xnli").languages if code in chosen) or (ALL,)


def _drawn(request: Request) -> Request:
    """Show how many pairs of a corpus are drawn per language, and the draw's seed."""
    left, right = st.columns([3, 1], gap="medium")
    with left:
        count = st.select_slider(
            _("evaluate.n"),
            COUNTS,
            value=address.choice("n", COUNTS, USUAL),
            key="n",
            format_func=lambda code: _("evaluate.n.all") if code == ALL else f"{int(code):,}",
            help=_("evaluate.n.help"),
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
