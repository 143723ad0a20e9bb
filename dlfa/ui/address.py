"""The page's address: what a visitor chose, so that a link brings it back.

Schema v=1, in words: ``docs/links.md``. A page asks for each value by its key (`choice`,
`number`, `flag`, `many`) before it shows the widget; what differs from its default is written into
the address, both texts go into ``t``, and the whole query stays within 1,500 bytes. A session file
comes in by the same door (`bring`). What cannot be used is named on the page, not dropped in
silence; what belongs to another page waits until the visitor goes there.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar, cast

import streamlit as st

from dlfa.ui.frame import PAGES
from dlfa.ui.ignored import tell_ignored
from dlfa.ui.query import (
    LIMIT,
    VERSION,
    Value,
    decode,
    encode,
    is_text,
    read_choice,
    read_flag,
    read_many,
    read_number,
    read_text,
    within,
    written,
)

__all__ = [
    "LIMIT",
    "OWN",
    "TEXTS",
    "arrive",
    "bring",
    "choice",
    "decode",
    "encode",
    "flag",
    "here",
    "many",
    "missed",
    "number",
    "present",
    "publish",
    "start",
    "text",
    "texts",
]

# Every widget's key that links and session files know; docs/links.md says what each one means.
OWN = tuple(
    (
        "ui model example lang heads gate show layer part only answer budget first_model "
        "first_head second_model second_head view order against groups scale words token channel "
        "curve to premise2 hypothesis2 data whose pairs_of by branch "
        "source record set langs n seed group result metric subject head where who kind other "
        "sample text beside tagged sentence closeup "
        "task backbone tuning kinds some init draw examples run "
        "encoder sents many spoken pooled centred spaces method dims colour shape lines typed "
        "space find measure over pair probe tested level "
        "table ways of tongue task4 tried claim "
        "why label blank scored near "
        "if_view if_change if_factor if_edit if_words if_first if_last if_label if_set if_pairs "
        "robust written perturb across hurts turned"
    ).split()
)
TEXTS = ("premise2", "hypothesis2", "text", "typed", "find")  # those of them that hold a text
FRAME = ("v", "page", "t")  # not widgets: the schema's version, the page, both texts
FIRST_PAGE = next(iter(PAGES))

_STATE = "address"
Kind = TypeVar("Kind", bound=Value)


@dataclass
class Address:
    """What came with a link or a session file, and what the page writes into its address."""

    arrived: dict[str, list[str]]
    """Values that no widget has asked for yet, by key."""
    ignored: list[str] = field(default_factory=list)
    """Keys whose values could not be used, until the visitor has been told."""
    source: str = "link"
    """``"link"`` or ``"file"``: where they came from."""
    defaults: dict[str, Value | None] = field(default_factory=dict)
    """What links leave out, by key, of every widget on the page; None: links leave out nothing."""
    readable: dict[str, Callable[[Value], bool]] = field(default_factory=dict)
    """Whether a value of a widget could be read back from a link, by key."""
    starts: dict[str, Value] = field(default_factory=dict)
    page: str | None = None
    moved: bool = True
    whole: bool = True
    """Whether all of the page runs, and publishes in the end; else only a fragment does."""
    pair: tuple[str, str] | None = None
    short: bool = False
    """Whether something was too long for the address."""


def arrive(page: str) -> None:
    """Read the link once per session, go to the page that it names; forget the last run's widgets.

    Args:
        page: the page that this run shows; empty for the first.
    """
    address, page = _address(), page or FIRST_PAGE
    _follow(address, page)
    address.defaults.clear()
    address.whole = True
    address.moved, address.page = address.page != page, page


def here() -> str:
    """Return the page that is shown."""
    return _address().page or FIRST_PAGE


def bring(values: Mapping[str, list[str]], ignored: Sequence[str]) -> None:
    """Let a session file's values arrive, as if by a link; other widgets keep what they hold.

    Args:
        values: by key, written as in a link.
        ignored: what the file held beside them.
    """
    address = _address()
    address.arrived |= values
    address.ignored, address.source = list(ignored), "file"


def start(key: str, first: Kind) -> Kind:
    """Return what a widget starts from: ``first``, and on another page what it held on the last.

    Hand it to the widget as its default value, together with ``persist_state="session"``, which
    alone brings along to another page what a visitor entered, but not what we filled in.
    """
    address = _address()
    known = cast("Kind", address.starts.setdefault(key, first))
    if address.moved and address.whole:
        held = st.session_state.get(key)
        address.starts[key] = known if held is None else held
    return cast("Kind", address.starts[key])


def choice(
    key: str, options: Sequence[str], default: str, *, free: bool = False, always: bool = False
) -> str:
    """Return what a widget starts from, see `start`, and give it its place in links.

    Args:
        key: the widget's, and its name in links: one of `OWN`.
        options: codes.
        default: one of them, for links that do not say; links leave it out.
        free: the visitor may also type something else.
        always: links say it even where it is the default.
    """
    read = partial(read_choice, options=options, free=free)
    return _enter(key, default, read, always=always)


def number(key: str, least: int, most: int, default: int) -> int:
    """Return the whole number, from ``least`` to ``most``, that a widget starts from: `choice`."""
    return _enter(key, default, partial(read_number, least=least, most=most))


def flag(key: str, default: bool) -> bool:
    """Return whether a switch starts turned on, see `choice`."""
    return _enter(key, default, read_flag)


def many(key: str, options: Sequence[str], default: Sequence[str]) -> list[str]:
    """Return which of several options a widget starts from, see `choice`."""
    return _enter(key, list(default), partial(read_many, options=options))


def text(key: str, default: str = "") -> str:
    """Return the text that a field starts from, see `choice`."""
    return _enter(key, default, read_text, typed=True)


def missed(key: str, options: Collection[str]) -> bool:
    """Return whether a link's value is none of the options, and take it out: the page says so."""
    arrived = _address().arrived
    return not set(arrived.get(key, ())) <= set(options) and bool(arrived.pop(key))


def texts() -> tuple[str, str] | None:
    """Return the link's texts, once; None if it has none or they cannot be read."""
    codes = _address().arrived.pop("t", None)
    if codes is None:
        return None
    found = decode(codes[0])
    if found is None:
        _address().ignored.append("t")
    return found


def present() -> dict[str, list[str]]:
    """Return every value that links know, also of pages that the visitor is not on."""
    state, waiting = st.session_state, _address().arrived
    held = {key: written(state[key]) for key in OWN if state.get(key) is not None}
    return held | {key: values for key, values in waiting.items() if key in OWN}


def publish(pair: tuple[str, str] | None = None) -> bool:
    """Write the address of what is on the page now, and tell what came in vain.

    Args:
        pair: the visitor's own texts; None for an example, which its code brings back.

    Returns:
        Whether the address says it all; if not, only a session file does.
    """
    address = _address()
    address.pair, address.whole = pair, False
    _write(address)
    tell_ignored(address.ignored, address.source)
    address.ignored = []
    return not address.short


def _follow(address: Address, page: str) -> None:
    match address.arrived.pop("page", [page]):
        case [wanted] if wanted in PAGES:
            if wanted != page:
                st.switch_page(f"pages/{wanted}.py")
        case _:
            address.ignored.append("page")


def _address() -> Address:
    if _STATE not in st.session_state:
        query = st.query_params
        arrived = {key: query.get_all(key) for key in query}
        known = {key: values for key, values in arrived.items() if key in {*OWN, *FRAME}}
        strange = [key for key in arrived if key not in known]
        if known.pop("v", [VERSION]) != [VERSION]:
            strange.append("v")
        st.session_state[_STATE] = Address(known, ignored=strange)
    found: Address = st.session_state[_STATE]
    return found


def _enter(
    key: str,
    default: Kind,
    read: Callable[[list[str]], Kind | None],
    *,
    always: bool = False,
    typed: bool = False,
) -> Kind:
    """Register a widget, let it take what arrived for it, and return what it starts from.

    What was ``typed`` stays, also where no link can hold it.
    """
    address = _address()
    address.defaults[key] = None if always else default
    address.readable[key] = lambda value: read(written(value)) is not None
    _take(address, key, read)
    held = st.session_state.get(key)
    if held is not None and not typed and read(written(held)) is None:  # of another model
        st.session_state[key] = default
    found = start(key, default)
    if not address.whole:  # a fragment, which ends without `publish`
        _write(address)
    return default if read(written(found)) is None else found


def _take(address: Address, key: str, read: Callable[[list[str]], Kind | None]) -> None:
    arrived = address.arrived.pop(key, None)
    if arrived is None:
        return
    found = read(arrived)
    if found is None:
        address.ignored.append(key)
    else:
        address.starts[key] = st.session_state[key] = found


def _write(address: Address) -> None:
    """Bring the browser's address up to date, if it is not."""
    said = {
        key: written(value)
        for key, default in address.defaults.items()
        if (value := st.session_state.get(key, address.starts.get(key))) not in (None, default)
        and address.readable[key](value)  # a widget may still hold what the last texts offered
    }
    wanted = {"v": [VERSION]} | said
    readable = address.pair is None or all(map(is_text, address.pair))
    if address.pair is not None and readable:
        wanted["t"] = [encode(address.pair)]
    kept = within(wanted)
    address.short = not readable or kept != wanted
    query = st.query_params
    if {key: query.get_all(key) for key in query} != kept:
        query.from_dict(kept)
