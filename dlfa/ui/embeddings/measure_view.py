"""The view of measures: how alike languages are in every space, with intervals and controls."""

from functools import partial

import numpy as np
import streamlit as st

from dlfa import figures
from dlfa.data.languages import language
from dlfa.messages import _
from dlfa.results import LayerMeasure
from dlfa.ui import chrome, inputs
from dlfa.ui.embeddings.layout import column_word, named_columns, names_of
from dlfa.ui.embeddings.looked import Looked, Shown
from dlfa.ui.embeddings.measured import SILHOUETTE, measure_of
from dlfa.ui.guard import literal

__all__ = ["ACROSS", "show", "shown_of"]

ACROSS = ("p_at_1", "margin", "similarity", "cka", "anc")  # over pairs of languages
PAIRS = ("english", "all")
EVERY = "all"


def show(looked: Looked) -> Shown | None:
    """Show the view."""
    parallel = bool((looked.sentences.items != "").any())
    columns = {"language": column_word("language")} | named_columns(looked.sentences)
    groups = {f"{SILHOUETTE}{name}": word for name, word in columns.items()}
    across = {name: _(f"embeddings.measure.{name}") for name in (ACROSS if parallel else ())}
    words = across | {
        name: _("embeddings.measure.silhouette", by=word) for name, word in groups.items()
    }
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        name = inputs.pick("measure", words, _("embeddings.measure"))
    with right:
        pairs = inputs.one_of("over", PAIRS, words="embeddings.pairs") if name in across else ""
    kind = name if name in across else "silhouette"
    st.caption(_(f"embeddings.measure.{kind}.about"))
    if not parallel:
        st.caption(_("embeddings.measure.alone"))
    found = measure_of(looked, name, pairs or "english")
    if found is None:
        return None
    _figure(looked, found)
    return shown_of(looked, found, pairs)


def _figure(looked: Looked, found: LayerMeasure) -> None:
    names = names_of(looked.sentences)
    pair = _pair(found) if found.pairs[0][1] else None
    st.info(literal(figures.measure_verdict(found)), icon=":material/monitoring:")
    chrome.figure(
        partial(figures.measure_curves, pair=pair, names=names),
        partial(figures.describe_measure_curves, names=names),
        found,
        key="measure",
        caption=_("embeddings.measure.caption", n=int(np.median(found.n))),
        rows=partial(figures.measure_table, found),
    )


def _pair(found: LayerMeasure) -> tuple[str, str] | None:
    """Show the pairs of languages, and return the one that is looked at; None for the average."""
    words = {EVERY: _("embeddings.pair.all", pairs=len(found.pairs))}
    words |= {
        f"{one}-{other}": f"{language(one).name} – {language(other).name}"
        for one, other in found.pairs
    }
    chosen = inputs.pick("pair", words, _("embeddings.pair"))
    if chosen == EVERY:
        return None
    one, _dash, other = chosen.partition("-")
    return one, other


def shown_of(looked: Looked, found: LayerMeasure, pairs: str) -> Shown:
    """Return how a measure is made again."""
    about = f"centred={looked.centred}"
    if found.name.startswith(SILHOUETTE):
        by = found.name.removeprefix(SILHOUETTE)
        options = ["--measure", "silhouette", f"--by={by}"]
        imports = "from dlfa.analysis.silhouettes import silhouette"
        lines = f"found = silhouette(vectors, sentences, {by!r}, {about})"
    else:
        options = ["--measure", found.name, "--pairs", pairs]
        imports = "from dlfa.analysis.layer_measures import measure"
        lines = f"found = measure({found.name!r}, vectors, sentences, {about}, pairs={pairs!r})"
    lines += "\nfound.average, found.average_low, found.average_high, found.control"
    options += ["--centred"] if looked.centred else []
    return Shown(
        provenance=found.provenance,
        imports=imports,
        lines=lines,
        spaces=found.spaces,
        options=tuple(options),
    )
