"""What a visitor picks: the heads, the layer, the reading of the gate."""

from collections.abc import Callable, Sequence

import streamlit as st

from dlfa.errors import UnknownHeadError
from dlfa.messages import _
from dlfa.results import GateSweep, HeadGate, head_gate, head_layer
from dlfa.ui import address

__all__ = ["chosen_heads", "heads", "layer", "one_of", "reading"]

FAVOURITE = 8  # the paper's second best layer on XNLI, far enough from the last to see something
PRESETS: dict[str, Callable[[str], bool]] = {
    "baseline": lambda head: head_layer(head) is None,
    "printed": lambda head: head_gate(head) != "aff",
    "all": lambda head: True,
}


def heads(known: Sequence[str]) -> tuple[str, ...]:
    """Show the model's heads as chips with three presets and return the chosen ones, in order.

    Raises:
        UnknownHeadError: none is chosen.
    """
    state = st.session_state
    groups = {name: [head for head in known if has(head)] for name, has in PRESETS.items()}
    if not set(state.get("heads", ())) <= set(known):  # the model was changed for a smaller one
        state["heads"] = [head for head in state["heads"] if head in known]
    first = address.many("heads", known, groups["printed"])
    title = _("ui.heads.chosen", chosen=len(state.get("heads", first)), known=len(known))
    with st.popover(title, icon=":material/checklist:"):
        with st.container(horizontal=True):
            for name, members in groups.items():
                st.button(
                    _(f"ui.heads.{name}", count=len(members)),
                    key=f"preset-{name}",
                    on_click=state.update,
                    args=[{"heads": members}],
                )
        chosen = st.pills(
            _("ui.heads"),
            known,
            default=first,
            selection_mode="multi",
            key="heads",
            persist_state="session",
            help=_("ui.heads.help"),
        )
    if not chosen:
        raise UnknownHeadError("ui.heads.none")
    return tuple(head for head in known if head in chosen)


def chosen_heads(known: Sequence[str]) -> tuple[str, ...]:
    """Return the heads that `heads` shows as chosen; without any, those printed in the paper."""
    wanted = st.session_state.get("heads") or ()
    chosen = tuple(head for head in known if head in wanted)
    return chosen or tuple(head for head in known if PRESETS["printed"](head))


def reading(sweep: GateSweep, shown: Sequence[str]) -> tuple[str, str]:
    """Show which reading of the gate is looked at, and which of its arrays.

    Args:
        sweep: with heads of one or two kinds.
        shown: codes of what can be drawn.

    Returns:
        ``"paper"`` or ``"aff"``, and one of ``shown``.
    """
    left, right = st.columns(2)
    with left:
        kinds = list(dict.fromkeys(head.kind for head in sweep.heads))
        kind = one_of("gate", kinds, words="ui.gate")
        st.caption(_(f"ui.gate.{kind}.note"))
    with right:
        show = one_of("show", shown, words="ui.show")
        st.caption(_(f"ui.gate_init.{sweep.provenance.gate_init}"))
    return kind, show


def layer(sweep: GateSweep, kind: str) -> HeadGate:
    """Show the fusion layers on a slider and return the chosen one's gate, of one reading."""
    gates = {head.layer: head for head in sweep.heads if head.kind == kind}
    default = FAVOURITE if FAVOURITE in gates else max(gates)
    first = address.number("layer", min(gates), max(gates), default)
    chosen = st.select_slider(
        _("ui.layer"), sorted(gates), value=first, key="layer", persist_state="session"
    )
    return gates[chosen]


def one_of(key: str, options: Sequence[str], words: str) -> str:
    """Show a few options side by side and return the chosen one, at first the first.

    Args:
        key: the widget's, and its name in the address.
        options: codes.
        words: the catalogue's prefix: ``words`` is the title, ``words.option`` an option.
    """
    chosen = st.segmented_control(
        _(words),
        options,
        default=address.choice(key, options, options[0]),
        format_func=lambda code: _(f"{words}.{code}"),
        key=key,
        required=True,
        persist_state="session",
    )
    return chosen or options[0]
