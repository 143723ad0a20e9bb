"""The command that makes a view's numbers again, to stand beside its lines of Python."""

import streamlit as st

from dlfa.results import UNKNOWN
from dlfa.ui.commands import quoted
from dlfa.ui.embeddings.looked import Looked, Shown
from dlfa.ui.embeddings.own_file import own_columns
from dlfa.ui.embeddings.sets import BUILT_IN, NTREX, OWN, XNLI

__all__ = ["command"]


def command(looked: Looked, shown: Shown) -> str:
    """Return a ``python -m dlfa layers`` line; empty where no command makes these numbers.

    Args:
        looked: what the view looks at.
        shown: what it showed.
    """
    if not shown.options:
        return ""
    words = ["python", "-m", "dlfa", "layers", "--model", looked.encoder.name, *shown.options]
    if shown.of_sentences:
        words += _sentences(looked)
        words += ["--pooling", looked.pooled_by] if looked.pooled_by != "mean" else []
    return " ".join(map(quoted, words))


def _sentences(looked: Looked) -> list[str]:
    """Return the options that name the sentences."""
    name = st.session_state.get("sents", BUILT_IN)
    spoken = ["--languages", *sorted(set(looked.sentences.languages.tolist()))]
    if name in (XNLI, NTREX):
        return ["--set", name, "--count", str(st.session_state["many"]), *spoken]
    chosen = spoken if st.session_state.get("spoken") else []
    return [*_own(), *chosen] if name == OWN else chosen


def _own() -> list[str]:
    """Return the options of an own file, each one word, as a column may begin with a dash."""
    name, columns = own_columns()
    if columns is None:
        return []
    code = [f"--code={columns.code}"] if columns.code != UNKNOWN else []
    return [
        f"--set={name}",
        f"--text={columns.text}",
        f"--language={columns.language}",
        *code,
        f"--item={columns.item}",
        *(f"--group={column}" for column in columns.groups),
        "--header" if columns.headed else "--no-header",
    ]
