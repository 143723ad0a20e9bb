"""Look into the gates: what each fusion layer takes from below, beside what chance draws."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.ui import cache, chrome, inputs, saving, verdicts
from dlfa.ui.commands import gates_code
from dlfa.ui.guard import guarded
from dlfa.ui.pair import sentence_pair, token_note
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
    sweep = cache.gates(model, pair)
    gate = inputs.layer(sweep, kind)
    seen = gate, sweep.tokens
    rows = figures.gates_table(*seen, sweep.provenance)
    verdicts.show_gate_verdict(figures.spread(gate))
    words = _(f"gates.{show}.caption")
    chrome.figure(*SHOWN[show], *seen, key="gate", caption=words, rows=rows)
    per_token = figures.token_summary, figures.describe_token_summary
    words = _("gates.tokens.caption")
    chrome.figure(*per_token, *seen, key="tokens", caption=words, rows=rows)


chrome.header("gates")
pair = sentence_pair(wide=True)
note = st.container()
with guarded():
    model = session().model
    sweep = cache.gates(model, pair.texts)
    with note:
        token_note(sweep.predictions[0])
    kind, show = inputs.reading(sweep, list(SHOWN))
    one_layer(model, pair.texts, kind, show)

    st.subheader(_("gates.layers.title"), anchor=False)
    st.markdown(verdicts.cost(sweep))
    rows = saving.by_head(sweep)
    layers = (
        partial(figures.layer_multiples, kind=kind),
        partial(figures.describe_layer_multiples, kind=kind),
    )
    words = _("gates.layers.caption")
    chrome.figure(*layers, sweep, key="layers", caption=words, rows=rows)
    shares = figures.share_by_layer, figures.describe_share_by_layer
    words = _("gates.shares.caption")
    chrome.figure(*shares, sweep, key="shares", caption=words, rows=rows)
    chrome.reproduce(sweep.provenance, gates_code(model, pair.texts), "python")
