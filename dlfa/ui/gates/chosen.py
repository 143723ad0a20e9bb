"""What all views of the page Gates look at: a pair, a head, and how its channels are laid out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlfa.data.languages import language
from dlfa.figures.channels import Order
from dlfa.figures.heat import Range
from dlfa.figures.values import Quantity
from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.results import GateSweep, HeadGate
from dlfa.ui import address, cache, inputs
from dlfa.ui.gates import verdicts
from dlfa.ui.pair import ChosenPair, token_note

__all__ = ["SCALES", "TRANSLATED", "VIEWS", "WHATS", "Looked", "layout", "look_at", "translation"]

VIEWS = ("layer", "source", "layers", "translation", "effect", "set")
WHATS: tuple[Quantity, ...] = ("attention", "gate", "share")
SCALES: tuple[Range, ...] = ("shared", "own")
ORDERS: tuple[Order, ...] = ("index", "mean", "variance", "difference")
UNNAMED = ("A", "B")
TRANSLATED = ("premise2", "hypothesis2")  # own texts' translations, by their fields
GROUPS = (0, 16, 32, 64, 96)  # 0: every channel by itself


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a view looks at."""

    model: str
    pair: ChosenPair
    sweep: GateSweep
    gate: HeadGate
    """The chosen head's."""

    @property
    def cost(self) -> str:
        """What the sweep took, in words."""
        return verdicts.cost(self.sweep.passes, self.sweep.milliseconds)


def look_at(model: str, pair: ChosenPair) -> tuple[str, Looked]:
    """Show the views, the readings of the gate and the layers; return what is chosen.

    Raises:
        DlfaError: see `dlfa.ui.cache.gates`.
    """
    sweep = cache.gates(model, pair.texts)
    token_note(sweep.predictions[0])
    view = inputs.one_of("view", VIEWS, words="gates.view")
    left, right = st.columns([2, 3], gap="medium")
    with left:
        kinds = list(dict.fromkeys(head.kind for head in sweep.heads))
        kind = inputs.one_of("gate", kinds, words="ui.gate")
    with right:
        gate = inputs.layer(sweep, kind)
    start = _(f"ui.gate_init.{sweep.provenance.gate_init}")
    st.caption(f"{_(f'ui.gate.{kind}.note')} {start}")
    return view, Looked(model=model, pair=pair, sweep=sweep, gate=gate)


def translation(pair: ChosenPair) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Return the pair's translation that is looked at, and both languages; None if there is none.

    Own texts bring their own translation, in languages that nobody named.
    """
    state = st.session_state
    if pair.item is None:
        premise, hypothesis = (str(state.get(key) or "").strip() for key in TRANSLATED)
        return ((premise, hypothesis), UNNAMED) if premise and hypothesis else None
    to = str(state.get("to"))
    return (pair.item.text[to], (pair.language, to)) if to in pair.item.text else None


def layout(looked: Looked) -> dict[str, Any]:
    """Show how channels and tokens can be laid out; return it in the figures' words."""
    with st.popover(_("gates.layout"), icon=":material/sort:"):
        others = _others(looked)
        orders = ORDERS if others else ORDERS[:-1]
        order = inputs.one_of("order", orders, words="gates.order")
        against, word = _against(looked, others) if order == "difference" else (None, "")
        groups = _groups(looked.gate.attention.shape[1])
        merged = st.toggle(
            _("gates.words"),
            value=address.flag("words", False),
            key="words",
            help=_("gates.words.help"),
            persist_state="session",
        )
    return {
        "order": order,
        "against": against,
        "against_word": word,
        "groups": groups,
        "merged": merged,
    }


def _groups(channels: int) -> int:
    options = [str(count) for count in GROUPS if count < channels]
    words = {code: code for code in options} | {"0": _("gates.groups.none")}
    return int(inputs.pick("groups", words, _("gates.groups"), _("gates.groups.help")))


def _others(looked: Looked) -> dict[str, str]:
    """Return what the gate can be held against, by its words: translations, and other heads."""
    item = looked.pair.item
    codes = [code for code in item.text if code != looked.pair.language] if item else []
    codes.sort(key=lambda code: language(code).name)
    heads = [head.head for head in looked.sweep.heads if head.head != looked.gate.head]
    return {code: language(code).title for code in codes} | {
        name: head_word(name) for name in heads
    }


def _against(looked: Looked, others: Mapping[str, str]) -> tuple[HeadGate, str]:
    chosen, item = inputs.pick("against", others, _("gates.against")), looked.pair.item
    if item is not None and chosen in item.text:
        other = cache.gates(looked.model, item.text[chosen])[looked.gate.head]
        return other, language(chosen).name
    return looked.sweep[chosen], others[chosen]
