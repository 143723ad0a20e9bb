"""What is to be trained: task, encoder, heads, gate, examples, what learns of the encoder, seed."""

from typing import TYPE_CHECKING

import streamlit as st

from dlfa.data.tasks import TASKS
from dlfa.messages import _
from dlfa.results import BASELINE, head_gate, head_names
from dlfa.ui import address, inputs
from dlfa.ui.train.asked import Asked

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ask"]

RECIPES = ("frozen", "joint")
GROUPS = ("every", "printed", "aff", "some")  # of heads
STARTS = ("neutral", "standard")
ALL = "all"
COUNTS = ("100", "200", "500", "1000", "2000", "5000", "10000", "20000", "50000", "100000", ALL)
USUAL = "2000"
ENOUGH = 1000  # examples: with fewer, most tasks are not learned at all
LAST_SEED = 9_999
ENCODERS = ("e5-small", "mbert")
FEW = ("D_4", "D_8")  # what "some" starts from, beside the baseline


def ask() -> Asked:
    """Show the choices and return what they come to.

    Raises:
        DlfaError: no such encoder, or what it is cannot be found out now.
    """
    left, right = st.columns(2, gap="medium")
    with left:
        task = inputs.pick("task", {key: _(f"train.task.{key}") for key in TASKS}, _("train.task"))
        backbone = _encoder()
    with right:
        count = _count()
        recipe = inputs.one_of("tuning", RECIPES, words="train.tuning")
    st.caption(_(f"train.tuning.{recipe}.about"))
    if recipe == "frozen" and TASKS[task].kind == "pair":
        st.caption(_("train.frozen.weak"))
    if count != ALL and int(count) < ENOUGH:
        st.caption(_("train.few"))
    heads = _heads(backbone)
    with st.expander(_("train.more"), icon=":material/tune:"):
        start, seed, name = _more()
    return Asked(
        task=task,
        backbone=backbone,
        recipe=recipe,
        heads=heads,
        gate_init=start,
        examples=None if count == ALL else int(count),
        seed=seed,
        name=name,
    )


def _encoder() -> str:
    first = address.choice("backbone", ENCODERS, ENCODERS[0], free=True)
    held = st.session_state.get("backbone") or first  # typed ones are no options yet
    names = tuple(dict.fromkeys((*ENCODERS, first, str(held))))
    chosen = st.selectbox(
        _("train.encoder"),
        names,
        index=names.index(first),
        key="backbone",
        accept_new_options=True,
        help=_("train.encoder.help"),
        persist_state="session",
    )
    return str(chosen or ENCODERS[0]).strip()


def _count() -> str:
    return str(
        st.select_slider(
            _("train.examples"),
            COUNTS,
            value=address.choice("examples", COUNTS, USUAL),
            key="examples",
            format_func=lambda code: _("train.examples.all") if code == ALL else f"{int(code):,}",
            help=_("train.examples.help"),
            persist_state="session",
        )
    )


def _heads(backbone: str) -> tuple[str, ...]:
    """Return the chosen heads, the baseline always among them; none where all are trained."""
    group = inputs.one_of("kinds", GROUPS, words="train.kinds")
    if group == "every":
        return ()
    from dlfa.training.probe import shape

    names = head_names(int(shape(backbone).num_hidden_layers))
    if group == "some":
        return (BASELINE, *_some([name for name in names if name != BASELINE]))
    kind = "aff" if group == "aff" else "paper"
    return tuple(name for name in names if name == BASELINE or head_gate(name) == kind)


def _some(names: "Sequence[str]") -> tuple[str, ...]:
    first = address.many("some", names, [name for name in FEW if name in names])
    chosen = st.pills(
        _("train.some"),
        names,
        default=first,
        selection_mode="multi",
        key="some",
        persist_state="session",
        help=_("train.some.help"),
    )
    return tuple(name for name in names if name in chosen)


def _more() -> tuple[str, int, str]:
    """Return how the gates start, the seed and the run's name."""
    start = inputs.one_of("init", STARTS, words="train.init")
    left, right = st.columns(2, gap="medium")
    with left:
        seed = st.number_input(
            _("train.seed"),
            min_value=0,
            max_value=LAST_SEED,
            value=address.number("draw", 0, LAST_SEED, 0),
            key="draw",
            help=_("train.seed.help"),
            persist_state="session",
        )
    with right:
        name = st.text_input(
            _("train.name"), key="run_name", max_chars=60, help=_("train.name.help")
        )
    return start, int(seed or 0), str(name or "")
