"""Failures become one sentence on the page; what the visitor typed stays."""

import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.errors import FragmentHandledException

from dlfa.errors import DlfaError
from dlfa.messages import _

__all__ = ["guarded", "literal"]

LOG = logging.getLogger(__name__)
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # every ASCII punctuation mark


@contextmanager
def guarded() -> Iterator[None]:
    """Show whatever fails in the block as one sentence; the rest of the page goes on.

    A `DlfaError` tells itself what to do next. Anything else is a mistake of ours: the page shows
    a short number, and the log has the traceback under it. Streamlit's own ways to stop a script
    are no `Exception` and pass. Also a decorator, right under ``@st.fragment``.
    """
    try:
        yield
    except DlfaError as error:
        st.error(literal(str(error)), icon=":material/error:")
    except FragmentHandledException:  # shown already, where it happened
        raise
    except Exception:
        case = secrets.token_hex(4)
        LOG.exception("failure %s", case)
        st.error(_("error.unexpected", case=case), icon=":material/bug_report:")


def literal(text: str) -> str:
    """Return a text that Markdown prints as it stands: no links, pictures or directives."""
    return _MARKDOWN.sub(r"\\\1", text)
