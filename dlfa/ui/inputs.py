"""What a visitor picks: the heads, the layer, the reading of the gate."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

import streamlit as st

from dlfa.errors import UnknownHeadError
from dlfa.figures.words import head_word
from dlfa.messages import _, of_task
from dlfa.results import GateKind, GateSweep, HeadGate, head_gate, head_layer
from dlfa.ui import address

__all__ = ["chosen_heads", "head", "heads", "layer", "one_of", "pick"]

Code = TypeVar("Code", bound=str)
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


def head(known: Sequence[str], first: str, label: str, about: str | None = None) -> str:
    """Show a list of heads and return the chosen one.

    Args:
        known: their names.
        first: the default.
        label: of the list.
        about: what it means.
    """
    chosen = st.selectbox(
        label,
        known,
        index=known.index(address.choice("head", known, first)),
        format_func=head_word,
        key="head",
        help=about,
        persist_state="session",
    )
    return str(chosen)


def layer(sweep: GateSweep, kind: GateKind) -> HeadGate:
    """Show the fusion layers on a slider and return the chosen one's gate, of one reading."""
    gates = {head.layer: head for head in sweep.heads if head.kind == kind}
    default = FAVOURITE if FAVOURITE in gates else max(gates)
    first = address.number("layer", min(gates), max(gates), default)
    chosen = st.select_slider(
        _("ui.layer"), sorted(gates), value=first, key="layer", persist_state="session"
    )
    return gates[chosen]


def one_of(key: str, options: Sequence[Code], words: str, task: str = "") -> Code:
    """Show a few options side by side and return the chosen one, at first the first.

    Args:
        key: the widget's, and its name in the address.
        options: codes.
        words: the catalogue's prefix: ``words`` is the title, ``words.option`` an option.
        task: a task's key, where the options have other words for some tasks.
    """
    chosen = st.segmented_control(
        of_task(words, task),
        options,
        default=address.choice(key, options, options[0]),
        format_func=lambda code: of_task(f"{words}.{code}", task),
        key=key,
        required=True,
        persist_state="session",
    )
    return next((code for code in options if code == chosen), options[0])


def pick(
    key: str,
    words: Mapping[str, str],
    label: str,
    about: str | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """Show a list of codes by their words and return the chosen one, with its place in links.

    Args:
        key: the widget's, and its name in links.
        words: what to call each code; the first is the default.
        label: of the list.
        about: what it means.
        width: in px, or all there is.
    """
    options = list(words)
    found = st.selectbox(
        label,
        options,
        index=options.index(address.choice(key, options, options[0])),
        format_func=lambda code: words[code],
        key=key,
        help=about,
        persist_state="session",
        width=width,
    )
    return str(found)
