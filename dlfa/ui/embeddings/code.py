"""How to make a view's numbers again: a few lines of Python."""

import streamlit as st

from dlfa.ui.embeddings.looked import Looked, Shown
from dlfa.ui.embeddings.own_file import own_columns
from dlfa.ui.embeddings.sets import BUILT_IN, NTREX, OWN, SPLIT, XNLI
from dlfa.ui.embeddings.vectors import known_spaces

__all__ = ["code"]

PRINTED = 'spaces = [name for name in encoder.spaces if not name.endswith("_aff")]'


def code(looked: Looked, shown: Shown) -> str:
    """Return the lines that make a view's numbers.

    Args:
        looked: what it looks at.
        shown: what it showed.
    """
    imports, sentences = _sentences(looked)
    spaces = known_spaces(looked.encoder, looked.sentences, looked.pooled_by)
    layers_only = spaces and all(name.isdigit() for name in spaces)
    return "\n".join(
        [
            "from dlfa.analysis.embedding import embed, load_encoder",
            shown.imports,
            *imports,
            "",
            *sentences,
            f"encoder = load_encoder({looked.encoder.name!a})",
            f"spaces = {list(spaces)!r}" if layers_only else PRINTED,
            f"vectors = embed(encoder, sentences.texts, spaces, {looked.pooled_by!r})",
            shown.lines,
        ]
    )


def _sentences(looked: Looked) -> tuple[list[str], list[str]]:
    """Return lines that import what reads the sentences, and those that read them."""
    codes = sorted(set(looked.sentences.languages.tolist()))
    name = st.session_state.get("sents", BUILT_IN)
    count = st.session_state.get("many")
    made = {
        BUILT_IN: ("built_in", "built_in()"),
        XNLI: ("xnli_sentences", f"xnli_sentences({SPLIT!r}, {codes!r}, {count})"),
        NTREX: ("ntrex", f"ntrex({codes!r}, {count})"),
    }
    if name != OWN:
        function, lines = made[name]
        imports = [f"from dlfa.data.sentence_sets import {function}"]
    else:
        imports, lines = _own()
    if name in (BUILT_IN, OWN) and st.session_state.get("spoken"):
        imports.append("from dlfa.data.sentences import in_languages")
        return imports, [f"sentences = in_languages({lines}, {codes!r})"]
    return imports, [f"sentences = {lines}"]


def _own() -> tuple[list[str], str]:
    name, columns = own_columns()
    imports = [
        "from pathlib import Path",
        "from dlfa.data.sentence_sets import SentenceColumns, own_sentences, read_sentences",
    ]
    sheet = f"read_sentences(Path({name!r}).read_bytes(), {name!r})"
    return imports, f"own_sentences({sheet}, {columns!r}).sentences"
