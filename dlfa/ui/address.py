"""The page's address: what a visitor chose, so that a link brings it back.

Schema v=1. Choices whose words on screen are their own codes (``model``, ``heads``, ``layer``)
are bound to the address by Streamlit. The others are written here: ``example``, ``lang``,
``gate`` and ``show`` by code, and both texts in ``t`` (JSON, deflated, base64url).
The whole query stays within 1,500 bytes. What a link holds that this page cannot use is named on
the page, not dropped in silence.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import streamlit as st

from dlfa.messages import _
from dlfa.policy import policy
from dlfa.ui.guard import literal

__all__ = ["LIMIT", "arrive", "choice", "decode", "encode", "publish", "start", "texts"]

VERSION = "1"
LIMIT = 1_500  # bytes of the whole query
BOUND = ("model", "heads", "layer")
OWN = ("example", "lang", "gate", "show")
LONGEST_NAME = 40  # characters of a visitor's parameter that are shown back

_STATE = "address"


@dataclass
class Address:
    """What one session's link brought, and what this run of the page writes."""

    arrived: dict[str, list[str]]
    ignored: list[str] = field(default_factory=list)
    defaults: dict[str, str] = field(default_factory=dict)
    told: bool = False
    page: str | None = None
    moved: bool = True
    starts: dict[str, str] = field(default_factory=dict)


def arrive(page: str) -> None:
    """Read the link once per session; forget which choices the last run had.

    Args:
        page: the page that this run shows.
    """
    if _STATE not in st.session_state:
        query = st.query_params
        arrived = {key: query.get_all(key) for key in query}
        st.session_state[_STATE] = Address(arrived, ignored=_unknown(arrived))
    address = _address()
    address.defaults.clear()
    address.moved, address.page = address.page != page, page


def start(key: str, first: str) -> str:
    """Return what a widget starts from: ``first``, and on another page what it held on the last.

    Hand it to the widget as its default value, together with ``persist_state="session"``, which
    alone brings along to another page what a visitor entered, but not what we filled in.
    """
    address = _address()
    known = address.starts.setdefault(key, first)
    if address.moved:
        address.starts[key] = st.session_state.get(key, known)
    return address.starts[key]


def _unknown(arrived: dict[str, list[str]]) -> list[str]:
    strange = [key for key in arrived if key not in {*BOUND, *OWN, "t", "v"}]
    if arrived.get("v", [VERSION]) != [VERSION]:
        strange.append("v")
    return strange


def _address() -> Address:
    found: Address = st.session_state[_STATE]
    return found


def choice(key: str, options: Sequence[str], default: str) -> str:
    """Return what a widget starts from, see `start`, and give it its place in links.

    Args:
        key: the widget's, and its name in links.
        options: codes.
        default: one of them, for links that do not say; links leave it out.
    """
    address = _address()
    address.defaults[key] = default
    wanted = address.arrived.pop(key, [default])
    valid = len(wanted) == 1 and wanted[0] in options
    if not valid:
        address.ignored.append(key)
    if st.session_state.get(key, default) not in options:  # of another model
        del st.session_state[key]
    found = start(key, wanted[0] if valid else default)
    return found if found in options else default


def texts() -> tuple[str, str] | None:
    """Return the link's texts, once; None if it has none or they cannot be read."""
    codes = _address().arrived.pop("t", None)
    if codes is None:
        return None
    found = decode(codes[0])
    if found is None:
        _address().ignored.append("t")
    return found


def encode(pair: tuple[str, str]) -> str:
    """Return both texts as one short word for a link."""
    packed = zlib.compress(json.dumps(pair, ensure_ascii=False).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(code: str) -> tuple[str, str] | None:
    """Return the texts of a link; None unless they are two texts that the page may hold."""
    if len(code) > LIMIT:
        return None
    longest = policy().max_characters
    unpack = zlib.decompressobj()
    try:
        packed = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        raw = unpack.decompress(packed, 12 * longest)  # bytes: a bomb stays small
        found = json.loads(raw)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return None
    return _pair(found, longest) if unpack.eof else None


def _pair(found: object, longest: int) -> tuple[str, str] | None:
    match found:
        case [str(first), str(second)] if max(len(first), len(second)) <= longest:
            whole = first + second
            return (first, second) if whole == whole.encode(errors="ignore").decode() else None
    return None


def publish(pair: tuple[str, str] | None = None) -> None:
    """Write the address of what is on the page now, and tell what a link held in vain.

    Args:
        pair: the visitor's own texts; None for an example, which its code brings back.
    """
    address = _address()
    wanted = {"v": VERSION} | {
        key: st.session_state[key]
        for key, default in address.defaults.items()
        if st.session_state.get(key, default) != default
    }
    if pair is not None:
        bound = {key: st.query_params.get_all(key) for key in BOUND if key in st.query_params}
        code = encode(pair)
        if len(urlencode(wanted | {"t": code} | bound, doseq=True)) <= LIMIT:
            wanted["t"] = code
        else:
            st.caption(_("ui.address.long"))
    _write(wanted)
    _tell(address)


def _write(wanted: dict[str, str]) -> None:
    for key in (*OWN, "t"):
        if key not in wanted and key in st.query_params:
            del st.query_params[key]
    if any(st.query_params.get(key) != value for key, value in wanted.items()):
        st.query_params.update(wanted)


def _tell(address: Address) -> None:
    for key in BOUND:
        came, chosen = address.arrived.pop(key, []), st.session_state.get(key)
        kept = chosen if isinstance(chosen, list) else [chosen]
        if chosen is not None and not {str(value) for value in kept} >= set(came):
            address.ignored.append(key)
    if address.ignored and not address.told:
        names = ", ".join(literal(name[:LONGEST_NAME]) for name in address.ignored)
        st.toast(_("ui.address.ignored", names=names), icon=":material/link_off:", duration="long")
        address.told = True
