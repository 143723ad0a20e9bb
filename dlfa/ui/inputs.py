"""What a visitor types and picks: the sentence pair, the heads, the layer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dlfa.data.languages import direction_of, language
from dlfa.data.sources import OwnItem
from dlfa.errors import UnknownHeadError
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.results import GateSweep, HeadGate, Prediction, head_gate, head_layer
from dlfa.ui import address
from dlfa.ui.cache import examples

__all__ = [
    "ChosenPair",
    "heads",
    "layer",
    "one_of",
    "own_texts",
    "reading",
    "sentence_pair",
    "token_note",
]

FAVOURITE = 8  # the paper's second best layer on XNLI, far enough from the last to see something
OWN = "own"  # the example's code for a visitor's own texts
FIELDS = ("premise", "hypothesis")


@dataclass(frozen=True, kw_only=True)
class ChosenPair:
    """The sentence pair on the page."""

    premise: str
    hypothesis: str
    item: OwnItem | None
    """The example it is, word for word; None for a visitor's own texts."""
    language: str
    """The example's language code; empty for a visitor's own texts."""

    @property
    def label(self) -> str | None:
        """The example's label; None for a visitor's own texts."""
        return self.item.label if self.item else None

    @property
    def texts(self) -> tuple[str, str]:
        """Premise and hypothesis."""
        return self.premise, self.hypothesis


def sentence_pair() -> ChosenPair:
    """Show the examples and two fields, filled from the first moment, and return what they hold."""
    items = {item.id: item for item in examples()}
    if items:
        _choose_example(items)
    elif "premise" not in st.session_state:
        st.session_state.update(zip(FIELDS, address.texts() or _default_texts(), strict=True))
    for name in FIELDS:
        address.keep(name)
        _field(name)
    item = items.get(st.session_state.get("example", OWN))
    return ChosenPair(
        premise=st.session_state["premise"],
        hypothesis=st.session_state["hypothesis"],
        item=item,
        language=st.session_state["lang"] if item else "",
    )


def own_texts() -> tuple[str, str] | None:
    """Return the visitor's own texts, for the address; None for an example or an empty page."""
    state = st.session_state
    if "premise" not in state or state.get("example", OWN) != OWN:
        return None
    return state["premise"], state["hypothesis"]


def _default_texts() -> tuple[str, str]:
    return _("ui.pair.premise.default"), _("ui.pair.hypothesis.default")


def _choose_example(items: dict[str, OwnItem]) -> None:
    first = next(iter(items))
    languages = sorted(items[first].text, key=lambda code: (code != "en", language(code).name))
    address.choice("example", [OWN, *items], default=first)
    address.choice("lang", languages, default=languages[0])
    _settle(items)
    st.selectbox(
        _("ui.pair.example"),
        [OWN, *items],
        key="example",
        format_func=lambda code: _title(items.get(code)),
        on_change=_fill,
        persist_state="session",
    )
    st.selectbox(
        _("ui.pair.language"),
        languages,
        key="lang",
        format_func=lambda code: language(code).title,
        on_change=_fill,
        disabled=st.session_state["example"] == OWN,
        persist_state="session",
    )


def _title(item: OwnItem | None) -> str:
    if item is None:
        return _("ui.pair.own")
    return _("ui.pair.item", topic=item.topic, hypothesis=item.text["en"][1])


def _settle(items: dict[str, OwnItem]) -> None:
    """Make example and texts agree: an edited example is the visitor's own text."""
    state = st.session_state
    if "premise" not in state:
        if linked := address.texts():
            state.update(zip(FIELDS, linked, strict=True))
        else:
            _fill()
    item = items.get(state["example"])
    if item is None or item.text[state["lang"]] != (state["premise"], state["hypothesis"]):
        state["example"] = OWN
        state["own"] = (state["premise"], state["hypothesis"])


def _fill() -> None:
    """Put the chosen example, or the visitor's own last texts, into the fields."""
    state = st.session_state
    chosen = {item.id: item for item in examples()}.get(state["example"])
    texts = chosen.text[state["lang"]] if chosen else state.get("own", _default_texts())
    state.update(zip(FIELDS, texts, strict=True))


def _field(name: str) -> None:
    st.text_area(_(f"ui.pair.{name}"), key=name, height=96, persist_state="session")
    direction = direction_of(st.session_state[name])  # one of two words, never a visitor's
    st.html(f"<style>.st-key-{name} textarea {{ direction: {direction}; }}</style>")


def token_note(answer: Prediction) -> None:
    """Say how long the input is for the model, and whether it was cut."""
    limit = policy().max_tokens
    st.caption(_("ui.tokens.count", tokens=answer.tokens, limit=limit))
    if answer.truncated:
        st.warning(_("ui.tokens.truncated", limit=answer.tokens), icon=":material/content_cut:")


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
    title = _(
        "ui.heads.chosen", chosen=len(state.get("heads", groups["printed"])), known=len(known)
    )
    with st.popover(title, icon=":material/checklist:"):
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
            default=groups["printed"],
            selection_mode="multi",
            key="heads",
            bind="query-params",
            help=_("ui.heads.help"),
        )
    if not chosen:
        raise UnknownHeadError("ui.heads.none")
    return tuple(head for head in known if head in chosen)


def reading(sweep: GateSweep) -> str:
    """Show the two readings of the gate and return the chosen one: ``"paper"`` or ``"aff"``."""
    return one_of("gate", list(dict.fromkeys(head.kind for head in sweep.heads)), words="ui.gate")


def layer(sweep: GateSweep, kind: str) -> HeadGate:
    """Show the fusion layers on a slider and return the chosen one's gate, of one reading."""
    gates = {head.layer: head for head in sweep.heads if head.kind == kind}
    if st.session_state.get("layer", min(gates)) not in gates:  # a smaller model
        del st.session_state["layer"]
    default = FAVOURITE if FAVOURITE in gates else max(gates)
    chosen = st.select_slider(
        _("ui.layer"), sorted(gates), value=default, key="layer", bind="query-params"
    )
    return gates[chosen]


def one_of(key: str, options: Sequence[str], words: str) -> str:
    """Show a few options side by side and return the chosen one, at first the first.

    Args:
        key: the widget's, and its name in the address.
        options: codes.
        words: the catalogue's prefix: ``words`` is the title, ``words.option`` an option.
    """
    address.choice(key, options, options[0])
    chosen = st.segmented_control(
        _(words),
        options,
        format_func=lambda code: _(f"{words}.{code}"),
        key=key,
        required=True,
        persist_state="session",
    )
    return chosen or options[0]
