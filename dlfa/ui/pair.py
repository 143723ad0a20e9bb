"""The sentence pair: examples in all languages of a task, two fields, the tokens they make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlfa.data.languages import direction_of, language
from dlfa.data.parallel import OwnItem
from dlfa.messages import _, of_task
from dlfa.policy import policy
from dlfa.results import Prediction
from dlfa.ui import address
from dlfa.ui.cache import examples
from dlfa.ui.task import page_task

__all__ = [
    "FIELDS",
    "ChosenPair",
    "language_names",
    "open_pair",
    "own_texts",
    "sentence_pair",
    "token_note",
    "unseen_pair",
]

OWN = "own"  # the example's code for a visitor's own texts
FIELDS = ("premise", "hypothesis")  # in the session, whatever a task calls them

_OWN_TEXTS = "own_texts"  # in the session: what a visitor typed last
_OPENED = "opened_texts"  # what came from a row of a table, and is kept there
_TASK = "pair_task"  # in the session: whose examples were offered last


@dataclass(frozen=True, kw_only=True)
class ChosenPair:
    """The sentence pair on the page."""

    premise: str
    """The first sentence, whatever its task calls it."""
    hypothesis: str
    """The second sentence."""
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
        """First and second sentence."""
        return self.premise, self.hypothesis


def sentence_pair(*, wide: bool = False) -> ChosenPair:
    """Show the examples and two fields, filled from the first moment, and return what they hold.

    Args:
        wide: side by side rather than one below the other.
    """
    items = _items()
    _change(items)
    starts = _starts(items)
    left, right = _row(wide)
    if items:
        with left:
            _examples(items)
        with right:
            _languages(items)
    for name, place in zip(FIELDS, _row(wide), strict=True):
        with place:
            _field(name, starts[name])
    return _chosen(items)


def unseen_pair() -> ChosenPair:
    """Return the pair that the fields would start with, where nobody needs to see them."""
    starts = _starts(_items())
    return ChosenPair(**{name: starts[name] for name in FIELDS}, item=None, language="")


def _items() -> dict[str, OwnItem]:
    """Return the examples of the model's task, by id."""
    return {item.id: item for item in examples(page_task().key)}


def _change(items: dict[str, OwnItem]) -> None:
    """Where the model was changed for one of another task, give an example for one.

    What a visitor typed stays: any two sentences may be asked about.
    """
    state, task = st.session_state, page_task().key
    before = state.get(_TASK, task)
    state[_TASK] = task
    if before == task or "premise" not in state:
        return
    texts = state["premise"], state["hypothesis"]
    theirs = {pair for item in examples(before) for pair in item.text.values()}
    if texts not in theirs | {_default_texts(before)}:
        state["example"] = OWN
        return
    state["example"] = next(iter(items), OWN)
    if items and state.get("lang") not in _codes(items):
        state["lang"] = _codes(items)[0]
    state.pop(_OWN_TEXTS, None)
    _fill()


def _row(wide: bool) -> Sequence[DeltaGenerator]:
    return st.columns(2) if wide else [st.container()] * 2


def _chosen(items: dict[str, OwnItem]) -> ChosenPair:
    """Return what the fields hold; an example that was edited is the visitor's own text."""
    state = st.session_state
    texts = state["premise"], state["hypothesis"]
    item = items.get(state.get("example", OWN))
    if item is not None and item.text[state["lang"]] != texts:
        st.button(_("ui.pair.back"), key="back", on_click=_fill, icon=":material/undo:")
        item = None
    if item is None and texts != state.get(_OPENED):
        state[_OWN_TEXTS] = texts
    elif item is None and _OWN_TEXTS in state:
        st.button(_("ui.pair.mine"), key="mine", on_click=_fill, icon=":material/undo:")
    return ChosenPair(
        premise=texts[0],
        hypothesis=texts[1],
        item=item,
        language=state["lang"] if item else "",
    )


def language_names(codes: Iterable[str]) -> dict[str, str]:
    """Return names by language code, in the visitor's language."""
    return {code: language(code).name for code in codes}


def own_texts() -> tuple[str, str] | None:
    """Return the visitor's own texts, for the address; None for an example or an empty page."""
    state = st.session_state
    if "premise" not in state:
        return None
    texts = state["premise"], state["hypothesis"]
    return texts if texts in (state.get(_OWN_TEXTS), state.get(_OPENED)) else None


def open_pair(premise: str, hypothesis: str) -> None:
    """Put a table's row into the fields, as the example it is if it is one; in a callback.

    What the visitor typed there comes back when they choose their own texts.
    """
    state, texts = st.session_state, (premise, hypothesis)
    found = (
        (name, code)
        for name, item in _items().items()
        for code, text in item.text.items()
        if text == texts
    )
    item, code = next(found, (OWN, state.get("lang")))
    state.update(premise=premise, hypothesis=hypothesis, example=item)
    if item == OWN:
        state[_OPENED] = texts
    else:
        state["lang"] = code


def _default_texts(task: str) -> tuple[str, str]:
    first, second = (of_task(f"ui.pair.{name}.default", task) for name in FIELDS)
    return first, second


def _codes(items: dict[str, OwnItem]) -> list[str]:
    """Return the languages that every example has, English first, then by English name."""
    every = set.intersection(*(set(item.text) for item in items.values()))
    return sorted(every, key=lambda code: (code != "en", language(code).name))


def _starts(items: dict[str, OwnItem]) -> dict[str, str]:
    """Return what both fields start from."""
    state, linked = st.session_state, address.texts()
    item = items.get(state.get("example", _first_example(items)))
    task = page_task().key
    written = item.text[state.get("lang", _first_language(items))] if item else _default_texts(task)
    first = zip(FIELDS, linked or written, strict=True)
    return {name: address.start(name, text) for name, text in first}


def _first_example(items: dict[str, OwnItem]) -> str:
    if not items:
        return OWN
    return address.choice("example", [OWN, *items], default=next(iter(items)))


def _first_language(items: dict[str, OwnItem]) -> str:
    codes = _codes(items)
    return address.choice("lang", codes, default=codes[0])


def _examples(items: dict[str, OwnItem]) -> None:
    options = [OWN, *items]
    st.selectbox(
        _("ui.pair.example"),
        options,
        index=options.index(_first_example(items)),
        key="example",
        format_func=lambda code: _title(items.get(code)),
        on_change=_fill,
        persist_state="session",
    )


def _languages(items: dict[str, OwnItem]) -> None:
    options = _codes(items)
    titles = {code: language(code).title for code in options}
    st.selectbox(
        _("ui.pair.language"),
        options,
        index=options.index(_first_language(items)),
        key="lang",
        format_func=titles.__getitem__,
        on_change=_fill,
        disabled=st.session_state["example"] == OWN,
        persist_state="session",
    )


def _title(item: OwnItem | None) -> str:
    if item is None:
        return _("ui.pair.own")
    return _("ui.pair.item", topic=item.topic.capitalize(), hypothesis=item.text["en"][1])


def _fill() -> None:
    """Put the chosen example, or the visitor's own last texts, into the fields."""
    state = st.session_state
    chosen, defaults = _items().get(state["example"]), _default_texts(page_task().key)
    texts = chosen.text[state["lang"]] if chosen else state.get(_OWN_TEXTS, defaults)
    state.update(zip(FIELDS, texts, strict=True))


def _field(name: str, start: str) -> None:
    label = of_task(f"ui.pair.{name}", page_task().key)
    st.text_area(label, start, key=name, height=96, persist_state="session")
    direction = direction_of(st.session_state[name])  # one of two words, never a visitor's
    st.html(f"<style>.st-key-{name} textarea {{ direction: {direction}; }}</style>")


def token_note(answer: Prediction) -> None:
    """Say how long the input is for the model, and whether it was cut."""
    limit = policy().max_tokens
    st.caption(_("ui.tokens.count", tokens=answer.tokens, limit=limit))
    if answer.truncated:
        st.warning(_("ui.tokens.truncated", limit=answer.tokens), icon=":material/content_cut:")
