"""Expected failures become one sentence on the page; what the visitor typed stays."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dlfa.errors import DlfaError

__all__ = ["guarded", "literal"]

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # every ASCII punctuation mark


@contextmanager
def guarded() -> Iterator[None]:
    """Show a DlfaError raised in the block as one sentence; let everything else through."""
    try:
        yield
    except DlfaError as error:
        st.error(literal(str(error)), icon=":material/error:")


def literal(text: str) -> str:
    """Return a text that Markdown prints as it stands: no links, pictures or directives."""
    return _MARKDOWN.sub(r"\\\1", text)
