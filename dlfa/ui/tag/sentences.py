"""The text to tag: our own sentences in fifteen languages, and a field; a sentence a line."""

from dataclasses import dataclass

import streamlit as st

from dlfa.data.languages import direction_of, language
from dlfa.data.own_sentences import OwnSentence, own_sentences
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.ui import address

__all__ = ["Typed", "typed_text"]

OWN = "own"  # the example's code for a visitor's own text
EVERY = "every"  # all examples, a line each

_OWN_TEXT = "own_text"  # in the session: what a visitor typed last


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The text on the page."""

    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        """Its sentences, a line each, at most the policy's number; blank lines are none."""
        return self._all[: policy().max_pairs]

    @property
    def left_out(self) -> int:
        """Sentences beyond the limit."""
        return len(self._all) - len(self.lines)

    @property
    def _all(self) -> tuple[str, ...]:
        from dlfa.data.texts import check_text

        seen = check_text(self.text).splitlines()
        return tuple(line for line in seen if any(map(_visible, line)))


def _visible(character: str) -> bool:
    return character.isprintable() and not character.isspace()


def typed_text() -> Typed:
    """Show the examples and the field, filled from the first moment, and return what it holds."""
    items = _items()
    state = st.session_state
    wanted = _example(items)
    if _outdated(items, wanted):
        state["text"] = wanted
    st.text_area(
        _("tag.text"),
        address.text("text", wanted),
        key="text",
        height=116,
        help=_("tag.text.help", most=policy().max_pairs),
        persist_state="session",
    )
    text = str(state["text"])
    direction = direction_of(text)  # one of two words, never a visitor's
    st.html(f"<style>.st-key-text textarea {{ direction: {direction}; }}</style>")
    if text != wanted:
        state[_OWN_TEXT] = text
        if state.get("sample", OWN) != OWN:
            st.button(_("ui.pair.back"), key="text-back", on_click=_fill, icon=":material/undo:")
    elif state.get("sample", OWN) != OWN:
        st.caption(_("tag.sample.note"))
    return Typed(text=text)


def _items() -> dict[str, OwnSentence]:
    try:
        return {item.id: item for item in own_sentences()}
    except FileNotFoundError:
        return {}


def _example(items: dict[str, OwnSentence]) -> str:
    """Show which of our sentences there are; return the chosen one's text, in its language."""
    if not items:
        return _("tag.text.default")
    options = [*items, EVERY, OWN]
    first = next(iter(items.values()))
    codes = sorted(first.text, key=lambda code: (code != "en", language(code).name))
    left, right = st.columns(2)
    with left:
        sample = st.selectbox(
            _("tag.sample"),
            options,
            index=options.index(address.choice("sample", options, options[0])),
            format_func=lambda code: _title(items, code),
            key="sample",
            on_change=_fill,
            persist_state="session",
        )
    with right:
        code = st.selectbox(
            _("ui.pair.language"),
            codes,
            index=codes.index(address.choice("lang", codes, codes[0])),
            format_func=lambda code: language(code).title,
            key="lang",
            on_change=_fill,
            disabled=sample == OWN,
            persist_state="session",
        )
    return _text(items, str(sample), str(code))


def _text(items: dict[str, OwnSentence], sample: str, code: str) -> str:
    if sample == EVERY:
        return "\n".join(item.text[code] for item in items.values())
    if sample in items:
        return items[sample].text[code]
    return str(st.session_state.get(_OWN_TEXT, _("tag.text.default")))


def _title(items: dict[str, OwnSentence], code: str) -> str:
    return items[code].text["en"] if code in items else _(f"tag.sample.{code}", count=len(items))


def _outdated(items: dict[str, OwnSentence], wanted: str) -> bool:
    """Return whether the field still holds an example in the language of another page's."""
    held = st.session_state.get("text")
    if held is None or held == wanted or not items:
        return False
    sample = st.session_state["sample"]
    return any(held == _text(items, sample, code) for code in items[next(iter(items))].text)


def _fill() -> None:
    """Put the chosen example, or the visitor's own last text, into the field."""
    state = st.session_state
    state["text"] = _text(_items(), state["sample"], state["lang"])
