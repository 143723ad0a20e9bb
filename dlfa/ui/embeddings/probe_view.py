"""The view of probes: what a linear classifier finds in every space."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.data.languages import language
from dlfa.messages import _
from dlfa.results import Probe
from dlfa.ui import chrome, inputs
from dlfa.ui.embeddings.looked import Looked, Shown
from dlfa.ui.embeddings.measured import probe_of_language, probe_of_words
from dlfa.ui.guard import literal

__all__ = ["show"]

PROBES = ("language", "pos")
EVERY = "all"


def show(looked: Looked) -> Shown | None:
    """Show the view."""
    name = inputs.one_of("probe", PROBES, words="embeddings.probe")
    st.caption(_(f"embeddings.probe.{name}.about"))
    found = probe_of_language(looked) if name == "language" else probe_of_words(looked)
    if found is None:
        return None
    _figure(found)
    return _shown(found)


def _figure(found: Probe) -> None:
    names = {code: language(code).name for code in found.languages}
    words = {EVERY: _("embeddings.probe.all")} | names
    chosen = inputs.pick("tested", words, _("embeddings.probe.tested"))
    st.info(literal(figures.probe_verdict(found, names=names)), icon=":material/troubleshoot:")
    chrome.figure(
        partial(figures.probe_curves, language=None if chosen == EVERY else chosen, names=names),
        partial(figures.describe_probe_curves, names=names),
        found,
        key="probe",
        caption=_("embeddings.probe.caption"),
        rows=partial(figures.probe_table, found),
    )


def _shown(found: Probe) -> Shown:
    """Return how a probe is made again."""
    if found.name == "language":
        imports = "from dlfa.analysis.probes import language_probe"
        lines = "found = language_probe(vectors, sentences)"
    else:
        imports = "from dlfa.analysis.pos_probe import pos_probe"
        lines = "found = pos_probe(encoder, spaces=spaces)"
    lines += "\nfound.average, found.control, found.majority"
    return Shown(
        provenance=found.provenance,
        imports=imports,
        lines=lines,
        spaces=found.spaces,
        options=("--measure", found.name),
        of_sentences=found.name == "language",
    )
