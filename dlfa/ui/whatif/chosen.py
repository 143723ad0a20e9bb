"""What all views of the page What if look at: a pair, a head, and what is done to its gate."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dlfa.figures.whatif_words import change_title
from dlfa.messages import _
from dlfa.results import GateSweep, HeadGate, Intervention, Tokens
from dlfa.ui import address, cache, inputs
from dlfa.ui.gates.translation import chosen_translation
from dlfa.ui.pair import ChosenPair, token_note

__all__ = ["Looked", "look_at"]

CHANGES = (
    "one",  # first, since it shows what a lower layer knows
    "half",
    "zero",
    "scale",
    "edit",
    "mean-tokens",
    "shuffle-tokens",
    "shuffle-channels",
    "no-global",
    "no-local",
    "swap",
    "swap-mean",
)
EDITS = {"set-0": ("set", 0.0), "set-1": ("set", 1.0), "times-half": ("scale", 0.5)}
EDITS |= {"times-2": ("scale", 2.0)}
MOST_FACTOR = 200  # percent
USUAL_FACTOR = 50
FEW_CHANNELS = 4  # of which an edit at first takes one part


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a view looks at."""

    model: str
    pair: ChosenPair
    sweep: GateSweep
    gate: HeadGate
    """The chosen head's."""
    change: Intervention
    translation: tuple[str, str] | None
    """Of the pair, where its gate is swapped in."""

    @property
    def head(self) -> str:
        """The chosen head's name."""
        return self.gate.head

    @property
    def of_one_pair(self) -> bool:
        """Whether the intervention belongs to this very pair."""
        return self.change.swaps or bool(self.change.tokens)


def look_at(model: str, pair: ChosenPair, view: str) -> Looked | None:
    """Show the head and what can be done to its gate, as far as a view needs them.

    Returns:
        what is chosen; None where a translation is still to be given.

    Raises:
        DlfaError: see `dlfa.ui.cache.gates`.
    """
    sweep = cache.gates(model, pair.texts)
    of_set = view == "set"
    if not of_set:
        token_note(sweep.predictions[0])
    left, right = st.columns([2, 3], gap="medium")
    with left:
        kinds = list(dict.fromkeys(head.kind for head in sweep.heads))
        kind = inputs.one_of("gate", kinds, words="ui.gate")
    with right:
        if view == "layers":  # all of them
            gate = next(head for head in sweep.heads if head.kind == kind)
        else:
            gate = inputs.layer(sweep, kind)
    change = _change(None if of_set else sweep.tokens, gate.gate.shape[1])
    other = None
    if change.swaps and not of_set:
        found = chosen_translation(pair)
        if found is None:
            st.info(_("whatif.swap.own"), icon=":material/translate:")
            return None
        other = found[0]
    st.caption(_("whatif.chosen", change=change_title(change), code=str(change)[:80]))
    return Looked(model=model, pair=pair, sweep=sweep, gate=gate, change=change, translation=other)


def _change(tokens: Tokens | None, channels: int) -> Intervention:
    words = {code: _(f"whatif.change.{code}") for code in CHANGES}
    kind = inputs.pick("if_change", words, _("whatif.change"), _("whatif.change.help"))
    if kind == "scale":
        return Intervention(kind="scale", amount=_factor() / 100)
    if kind == "edit":
        return _edit(tokens, channels)
    return Intervention(kind=kind)


def _factor() -> int:
    return int(
        st.slider(
            _("whatif.factor"),
            0,
            MOST_FACTOR,
            address.number("if_factor", 0, MOST_FACTOR, USUAL_FACTOR),
            step=5,
            key="if_factor",
            format="%d %%",
            persist_state="session",
        )
    )


def _edit(tokens: Tokens | None, channels: int) -> Intervention:
    """Show which words and channels are edited, and how; all words where none is chosen."""
    how = inputs.one_of("if_edit", tuple(EDITS), words="whatif.edit")
    left, first, last = st.columns([4, 1, 1])
    with left:
        words = () if tokens is None else _words(tokens)
    ends = []
    for name, place, usual in (
        ("if_first", first, 0),
        ("if_last", last, channels // FEW_CHANNELS - 1),
    ):
        with place:
            ends.append(_channel(name, channels, usual))
    low, high = sorted(ends)
    every = (low, high) == (0, channels - 1)
    kind, amount = EDITS[how]
    return Intervention(
        kind=kind,
        amount=amount,
        tokens=words,
        channels=() if every else tuple(range(low, high + 1)),
    )


def _words(tokens: Tokens) -> tuple[int, ...]:
    """Show the pair's words and return the places of those that are chosen, by sub-word."""
    places = [str(at) for at in range(len(tokens.words))]
    chosen = st.multiselect(
        _("whatif.words"),
        places,
        default=address.many("if_words", places, []),
        format_func=lambda at: f"{tokens.words[int(at)]} ({int(at) + 1})",
        key="if_words",
        help=_("whatif.words.help"),
        placeholder=_("whatif.words.all"),
        persist_state="session",
    )
    words = [int(at) for at in chosen]
    return tuple(np.flatnonzero(np.isin(tokens.word, words)).tolist())


def _channel(name: str, channels: int, usual: int) -> int:
    found = st.number_input(
        _(f"whatif.{name.removeprefix('if_')}"),
        0,
        channels - 1,
        address.number(name, 0, channels - 1, usual),
        key=name,
        persist_state="session",
    )
    return int(found)
