"""Which sentences the page shows: ours, a corpus's, or a visitor's own, in chosen languages."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlfa.data.languages import language
from dlfa.data.sentence_sets import built_in, ntrex, ntrex_languages, xnli_sentences
from dlfa.data.sentences import in_languages
from dlfa.data.sources import mirror
from dlfa.data.tasks import TASKS
from dlfa.errors import InputError
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.results import SentenceSet
from dlfa.ui import address, inputs
from dlfa.ui.embeddings.own_file import own_file
from dlfa.ui.store import SPACES

__all__ = ["BUILT_IN", "chosen_set", "sentences_of"]

BUILT_IN, XNLI, NTREX, OWN = "built-in", "xnli", "ntrex", "own"
COUNTS = ("25", "50", "100", "200", "500", "1000")  # sentences a language of a corpus
USUAL = "50"
WIDTH = 130  # px
SPLIT = "validation"


def chosen_set() -> str:
    """Show the sets of sentences, and return the chosen one's code."""
    return inputs.one_of("sents", _offered(), words="embeddings.set")


def sentences_of(name: str, file: DeltaGenerator, row: DeltaGenerator) -> SentenceSet | None:
    """Show what can be chosen of a set, and return its sentences; None while a file is missing.

    Args:
        name: the set's code.
        file: where a visitor's own file is taken.
        row: where languages and numbers are chosen.

    Raises:
        DlfaError: a corpus cannot be read, or no language is chosen.
    """
    with file:
        own = own_file() if name == OWN else None
    with row:
        if name == OWN:
            return None if own is None else _in_languages(own)
        if name == BUILT_IN:
            return _in_languages(_kept((BUILT_IN,), built_in))
        known = TASKS[XNLI].languages if name == XNLI else ntrex_languages()
        count = _count(len(known))
        codes = _languages(known)
        if name == XNLI:
            return _kept((XNLI, codes, count), lambda: xnli_sentences(SPLIT, codes, count))
        return _kept((NTREX, codes, count), lambda: ntrex(codes, count))


def _offered() -> list[str]:
    corpora = policy().corpora or mirror() is not None
    found = [BUILT_IN, XNLI] if corpora else [BUILT_IN]
    return [*found, *([NTREX] if ntrex_languages() else []), OWN]


def _kept(key: tuple[object, ...], make: Callable[[], SentenceSet]) -> SentenceSet:
    """Return a set that was read in the last hour, or read it."""
    name = "sentences", *key, str(mirror())
    found: SentenceSet | None = SPACES.get(name)
    if found is None:
        with st.spinner(_("embeddings.set.reading")):
            found = make()
        SPACES.put(name, found)
    return found


def _count(languages: int) -> int:
    most = policy().max_sentences // max(1, languages)
    options = [count for count in COUNTS if int(count) <= most] or list(COUNTS[:1])
    words = {count: count for count in (USUAL, *options)}
    return int(inputs.pick("many", words, _("embeddings.count"), _("embeddings.count.help"), WIDTH))


def _in_languages(found: SentenceSet) -> SentenceSet:
    """Show the languages of a set, where there is a choice, and return their sentences."""
    known = tuple(str(code) for code in np.unique(found.languages))
    codes = _languages(known) if len(known) > 1 else known
    if codes == known:
        return found
    return _kept(("some", found.digest, codes), lambda: in_languages(found, codes))


def _languages(known: Sequence[str]) -> tuple[str, ...]:
    """Show languages to choose from, at first all of them."""
    order = sorted(known, key=lambda code: (code != "en", language(code).name))
    first = address.many("spoken", order, order)
    held = [code for code in st.session_state.get("spoken", first) if code in known]
    title = _("embeddings.languages.chosen", chosen=len(held), known=len(known))
    with st.popover(title, icon=":material/translate:"):
        with st.container(horizontal=True):
            _preset("all", order)
            _preset("none", [])
        chosen = st.pills(
            _("embeddings.languages"),
            order,
            default=first,
            selection_mode="multi",
            format_func=lambda code: language(code).title,
            key="spoken",
            persist_state="session",
        )
    if not chosen:
        raise InputError("embeddings.languages.none")
    return tuple(sorted(chosen))


def _preset(name: str, codes: Sequence[str]) -> None:
    st.button(
        _(f"embeddings.languages.{name}.take"),
        key=f"spoken-{name}",
        on_click=st.session_state.update,
        args=({"spoken": list(codes)},),
    )
