"""Which language a visitor reads: the one they chose, a link's, else their browser's."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dlfa.data.languages import language
from dlfa.messages import LANGUAGES, _, keys, speak
from dlfa.ui import address

__all__ = ["KEY", "browser_language", "hold", "language_switch", "settle", "visitors_language"]

KEY = "ui"  # the switch, and its name in links
ENGLISH = "en"

_FIRST = "first_language"  # of this session, before the switch is there


def settle() -> None:
    """Let every message ask for the language of the visitor on whose behalf it is read."""
    speak(visitors_language)


def visitors_language() -> str:
    """Return the code of the language of whoever runs this: a page, a fragment, a callback.

    English where no visitor is there, as in a thread of a library.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    found = st.session_state.get(KEY) or st.session_state.get(_FIRST)
    if not found:
        wanted = st.query_params.get(KEY)
        found = wanted if wanted in LANGUAGES else browser_language()
        st.session_state[_FIRST] = found
    return str(found)


def browser_language() -> str:
    """Return the browser's language if everything is said in it, else English."""
    code = (st.context.locale or ENGLISH).replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES and keys(code) >= keys() else ENGLISH


def language_switch() -> None:
    """Show the languages of the app, each under its own name."""
    first = browser_language()
    st.segmented_control(
        _("ui.language"),
        LANGUAGES,
        # A link says it unless everybody would get it: an English page, asked for in English.
        default=address.choice(KEY, LANGUAGES, first, always=first != ENGLISH),
        format_func=lambda code: language(code).autonym,
        key=KEY,
        required=True,
        on_change=hold,
        persist_state="session",
    )


def hold() -> None:
    """Keep what every widget holds while its options get other names.

    The browser sends an option's name, not its code: without this, a choice made in one language
    is unknown in the next.
    """
    for key, value in st.session_state.items():
        if isinstance(value, str) or (value and isinstance(value, list) and _are_texts(value)):
            st.session_state[key] = value


def _are_texts(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)
