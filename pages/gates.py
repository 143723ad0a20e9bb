"""Look into the gates: what each fusion layer takes from below, beside what chance draws."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.ui import cache, chrome, inputs, verdicts
from dlfa.ui.commands import gates_code
from dlfa.ui.guard import guarded
from dlfa.ui.session import session

SHOWN = {
    "attention": (figures.gate_with_control, figures.describe_gate_with_control),
    "gate": (
        partial(figures.attention_heatmap, what="gate"),
        partial(figures.describe_attention_heatmap, what="gate"),
    ),
}


@st.fragment  # another layer redraws only this
@guarded()
def one_layer(model: str, pair: tuple[str, str], kind: str, show: str) -> None:
    """Show one layer's gate beside its control, then token by token."""
    sweep, look = cache.gates(model, pair), session().look
    gate, tokens = inputs.layer(sweep, kind), sweep.tokens
    rows = figures.gates_table(gate, tokens, sweep.provenance)
    draw, describe = SHOWN[show]
    verdicts.show_gate_verdict(figures.spread(gate))
    chrome.figure(
        draw(gate, tokens, look),
        key="gate",
        alt=describe(gate, tokens),
        caption=_(f"gates.{show}.caption"),
        rows=rows,
    )
    chrome.figure(
        figures.token_summary(gate, tokens, look),
        key="tokens",
        alt=figures.describe_token_summary(gate, tokens),
        caption=_("gates.tokens.caption"),
        rows=rows,
    )


def all_layers(model: str, pair: tuple[str, str], kind: str) -> None:
    """Show every layer's gate, from one encoder pass."""
    sweep, look = cache.gates(model, pair), session().look
    rows = chrome.by_head(sweep)
    st.subheader(_("gates.layers.title"), anchor=False)
    st.markdown(verdicts.cost(sweep))
    chrome.figure(
        figures.layer_multiples(sweep, look, kind),
        key="layers",
        alt=figures.describe_layer_multiples(sweep, kind),
        caption=_("gates.layers.caption"),
        rows=rows,
    )
    chrome.figure(
        figures.share_by_layer(sweep, look),
        key="shares",
        alt=figures.describe_share_by_layer(sweep),
        caption=_("gates.shares.caption"),
        rows=rows,
    )
    chrome.reproduce(sweep.provenance, gates_code(model, pair), "python")


chrome.header("gates")
asking, choosing = st.columns([3, 2], gap="large")
with asking:
    pair = inputs.sentence_pair()
with guarded():
    sweep = cache.gates(session().model, pair.texts)
    with asking:
        inputs.token_note(sweep.predictions[0])
    with choosing:
        kind, show = inputs.reading(sweep), inputs.one_of("show", list(SHOWN), words="gates.show")
        st.caption(_(f"gates.reading.{kind}"))
        st.caption(_(f"gates.init.{sweep.provenance.gate_init}"))
    one_layer(session().model, pair.texts, kind, show)
    all_layers(session().model, pair.texts, kind)
