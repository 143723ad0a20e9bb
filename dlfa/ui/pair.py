"""The sentence pair: examples in fifteen languages, two fields, the tokens they make."""

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from dlfa.data.languages import direction_of, language
from dlfa.data.sources import OwnItem
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.results import Prediction
from dlfa.ui import address
from dlfa.ui.cache import examples

__all__ = ["ChosenPair", "language_names", "own_texts", "sentence_pair", "token_note"]

OWN = "own"  # the example's code for a visitor's own texts
FIELDS = ("premise", "hypothesis")


@dataclass(frozen=True, kw_only=True)
class ChosenPair:
    """The sentence pair on the page."""

    premise: str
    hypothesis: str
    item: OwnItem | None
    """The example it is, word for word; None for a visitor's own texts."""
    language: str
    """The example's language code; empty for a visitor's own texts."""

    @property
    def label(self) -> str | None:
        """The example's label; None for a visitor's own texts."""
        return self.item.label if self.item else None

    @property
    def texts(self) -> tuple[str, str]:
        """Premise and hypothesis."""
        return self.premise, self.hypothesis


def sentence_pair(*, wide: bool = False) -> ChosenPair:
    """Show the examples and two fields, filled from the first moment, and return what they hold.

    Args:
        wide: side by side rather than one below the other.
    """
    items = {item.id: item for item in examples()}
    left, right = st.columns(2) if wide else (st.container(), st.container())
    if items:
        _prepare(items)
        with left:
            _examples(items)
        with right if wide else left:
            _languages(items)
    elif "premise" not in st.session_state:
        st.session_state.update(zip(FIELDS, address.texts() or _default_texts(), strict=True))
    for name, place in zip(FIELDS, (left, right), strict=True):
        with place:
            _field(name)
    item = items.get(st.session_state.get("example", OWN))
    return ChosenPair(
        premise=st.session_state["premise"],
        hypothesis=st.session_state["hypothesis"],
        item=item,
        language=st.session_state["lang"] if item else "",
    )


def language_names(codes: Iterable[str]) -> dict[str, str]:
    """Return English names by language code."""
    return {code: language(code).name for code in codes}


def own_texts() -> tuple[str, str] | None:
    """Return the visitor's own texts, for the address; None for an example or an empty page."""
    state = st.session_state
    if "premise" not in state or state.get("example", OWN) != OWN:
        return None
    return state["premise"], state["hypothesis"]


def _default_texts() -> tuple[str, str]:
    return _("ui.pair.premise.default"), _("ui.pair.hypothesis.default")


def _codes(items: dict[str, OwnItem]) -> list[str]:
    """Return the languages that every example has, English first, then by English name."""
    every = set.intersection(*(set(item.text) for item in items.values()))
    return sorted(every, key=lambda code: (code != "en", language(code).name))


def _examples(items: dict[str, OwnItem]) -> None:
    st.selectbox(
        _("ui.pair.example"),
        [OWN, *items],
        key="example",
        format_func=lambda code: _title(items.get(code)),
        on_change=_fill,
        persist_state="session",
    )


def _languages(items: dict[str, OwnItem]) -> None:
    st.selectbox(
        _("ui.pair.language"),
        _codes(items),
        key="lang",
        format_func=lambda code: language(code).title,
        on_change=_fill,
        disabled=st.session_state["example"] == OWN,
        persist_state="session",
    )


def _title(item: OwnItem | None) -> str:
    if item is None:
        return _("ui.pair.own")
    return _("ui.pair.item", topic=item.topic.capitalize(), hypothesis=item.text["en"][1])


def _prepare(items: dict[str, OwnItem]) -> None:
    """Make example and texts agree: an edited example is the visitor's own text."""
    state, codes = st.session_state, _codes(items)
    address.choice("example", [OWN, *items], default=next(iter(items)))
    address.choice("lang", codes, default=codes[0])
    if "premise" not in state:
        if linked := address.texts():
            state.update(zip(FIELDS, linked, strict=True))
        else:
            _fill()
    item = items.get(state["example"])
    if item is None or item.text[state["lang"]] != (state["premise"], state["hypothesis"]):
        state["example"] = OWN
        state["own"] = (state["premise"], state["hypothesis"])


def _fill() -> None:
    """Put the chosen example, or the visitor's own last texts, into the fields."""
    state = st.session_state
    chosen = {item.id: item for item in examples()}.get(state["example"])
    texts = chosen.text[state["lang"]] if chosen else state.get("own", _default_texts())
    state.update(zip(FIELDS, texts, strict=True))


def _field(name: str) -> None:
    address.keep(name)
    st.text_area(_(f"ui.pair.{name}"), key=name, height=96, persist_state="session")
    direction = direction_of(st.session_state[name])  # one of two words, never a visitor's
    st.html(f"<style>.st-key-{name} textarea {{ direction: {direction}; }}</style>")


def token_note(answer: Prediction) -> None:
    """Say how long the input is for the model, and whether it was cut."""
    limit = policy().max_tokens
    st.caption(_("ui.tokens.count", tokens=answer.tokens, limit=limit))
    if answer.truncated:
        st.warning(_("ui.tokens.truncated", limit=answer.tokens), icon=":material/content_cut:")
