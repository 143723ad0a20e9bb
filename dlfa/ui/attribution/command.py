"""The command that makes a view's numbers again."""

import streamlit as st

from dlfa.ui.attribution.asked import Asked
from dlfa.ui.commands import quoted
from dlfa.ui.gates.chosen import translation

__all__ = ["attribute_command"]


def attribute_command(view: str, asked: Asked) -> str:
    """Return the command line of a view.

    Args:
        view: its code.
        asked: what it answers.
    """
    return " ".join(
        [
            "python -m dlfa attribute",
            *map(quoted, asked.pair.texts),
            f"--model {quoted(asked.model)}",
            f"--head {' '.join(_heads(view, asked))}",
            f"--label {quoted(asked.label)}",
            f"--baseline {asked.baseline}",
            *_own(view, asked),
            "--json",
        ]
    )


def _heads(view: str, asked: Asked) -> list[str]:
    chosen = st.session_state.get("near", ()) if view == "heads" else ()
    return [asked.head, *(head for head in asked.heads if head in chosen and head != asked.head)]


def _own(view: str, asked: Asked) -> list[str]:
    """Return the options of a view's own."""
    if view == "doors":
        return ["--doors"]
    options = [f"--method {asked.method}"]
    other = translation(asked.pair) if view == "translation" else None
    if other is not None:
        options.append(f"--translation {' '.join(map(quoted, other[0]))}")
    return [*options, "--curves"] if view == "words" else options
