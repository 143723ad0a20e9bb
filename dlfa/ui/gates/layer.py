"""One layer's gate: the picture beside its control, token by token, and close up."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.figures.words import plain
from dlfa.messages import _
from dlfa.ui import address, chrome, inputs
from dlfa.ui.gates import verdicts
from dlfa.ui.gates.chosen import SCALES, WHATS, Looked, layout

__all__ = ["show"]


def show(looked: Looked) -> None:
    """Show the view."""
    gate, tokens = looked.gate, looked.sweep.tokens
    verdicts.show_gate_verdict(figures.spread(gate))
    left, right = st.columns(2)
    with left:
        what = inputs.one_of("show", WHATS, words="ui.show")
    with right:
        scale = inputs.one_of("scale", SCALES, words="gates.scale")
    options = layout(looked)
    made, merged = looked.sweep.provenance, options["merged"]
    cells = {name: value for name, value in options.items() if name != "against_word"}
    chrome.figure(
        partial(figures.gate_with_control, what=what, scale=scale, made=made, **options),
        partial(figures.describe_gate_with_control, what=what, scale=scale, **options),
        gate,
        tokens,
        key="gate",
        caption=f"{_(f'gates.{what}.caption')} {looked.cost}",
        rows=partial(figures.cells_table, gate, tokens, made, what=what, **cells),
    )
    chrome.figure(
        partial(figures.token_summary, scale=scale, merged=merged, made=made),
        partial(figures.describe_token_summary, merged=merged),
        gate,
        tokens,
        key="tokens",
        caption=f"{_('gates.tokens.caption')} {looked.cost}",
        rows=partial(figures.gates_table, gate, tokens, made),
    )
    _close_up(looked)


def _close_up(looked: Looked) -> None:
    gate, tokens = looked.gate, looked.sweep.tokens
    st.subheader(_("gates.zoom.title"), anchor=False)
    left, right = st.columns(2)
    count, channels = gate.attention.shape
    first = tokens.segment.index("premise") if "premise" in tokens.segment else 0
    places = list(range(count))
    with left:
        token = st.selectbox(
            _("gates.zoom.token"),
            places,
            index=address.number("token", 0, count - 1, first),
            format_func=lambda place: f"{place} · {plain(tokens.pieces[place])}",
            key="token",
            persist_state="session",
        )
    with right:
        channel = st.number_input(
            _("gates.zoom.channel", last=channels - 1),
            0,
            channels - 1,
            address.number("channel", 0, channels - 1, 0),
            key="channel",
            persist_state="session",
        )
    chrome.figure(
        partial(figures.cell_numbers, token=token, channel=channel, made=looked.sweep.provenance),
        partial(figures.describe_cell_numbers, token=token, channel=channel),
        gate,
        tokens,
        key="cell",
        caption=f"{_('gates.zoom.caption')} {looked.cost}",
        rows=partial(
            figures.cell_table, gate, tokens, looked.sweep.provenance, token=token, channel=channel
        ),
    )
