"""What stands in a link: how a page's values are written there, and read again.

Nothing here knows a page or Streamlit. ``docs/links.md`` is the schema in words.
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from dlfa.policy import policy

__all__ = [
    "LIMIT",
    "VERSION",
    "Value",
    "decode",
    "encode",
    "is_text",
    "length",
    "read_choice",
    "read_flag",
    "read_many",
    "read_number",
    "read_text",
    "within",
    "written",
]

VERSION = "1"
LIMIT = 1_500  # bytes of the whole query
LONGEST_NAME = 300  # characters of a value that is not one of a list: a folder, a Hub id
NUMBER = re.compile(r"-?[0-9]{1,9}")  # ASCII digits only; int() also takes other scripts'

Value = str | int | bool | list[str]


def written(value: Value) -> list[str]:
    """Return a value as the strings that stand behind its key; an empty list as one empty one."""
    if isinstance(value, bool):
        return [str(int(value))]
    if isinstance(value, list | tuple):
        return list(value) or [""]
    return [str(value)]


def read_choice(found: Sequence[str], options: Sequence[str], *, free: bool = False) -> str | None:
    """Return the one option that a link names; None if it names none.

    Args:
        found: the strings behind the key.
        options: codes.
        free: any short printable text will do.
    """
    match found:
        case [one] if one in options:
            return one
        case [one] if free and one.isprintable() and 0 < len(one) <= LONGEST_NAME:
            return one
    return None


def read_number(found: Sequence[str], least: int, most: int) -> int | None:
    """Return a whole number from ``least`` to ``most``; None for anything else."""
    if len(found) != 1 or not NUMBER.fullmatch(found[0]):
        return None
    number = int(found[0])
    return number if least <= number <= most else None


def read_flag(found: Sequence[str]) -> bool | None:
    """Return what ``1`` and ``0`` mean; None for anything else."""
    match found:
        case ["1" | "0" as one]:
            return one == "1"
    return None


def read_text(found: Sequence[str]) -> str | None:
    """Return a text that a field may hold."""
    return found[0] if len(found) == 1 and is_text(found[0]) else None


def read_many(found: Sequence[str], options: Sequence[str]) -> list[str] | None:
    """Return the options that a link names, in their own order; None if one of them is unknown."""
    named = set(found) - {""}
    return [one for one in options if one in named] if named <= set(options) else None


def length(query: Mapping[str, Sequence[str]]) -> int:
    """Return the bytes of a query, as a browser shows it."""
    return len(urlencode(query, doseq=True))


def within(query: Mapping[str, list[str]], limit: int = LIMIT) -> dict[str, list[str]]:
    """Return a query's entries that fit into a link, the first ones first.

    Args:
        query: what a page would like to say, the most important first.
        limit: bytes.
    """
    kept: dict[str, list[str]] = {}
    for key, values in query.items():
        if length(kept | {key: values}) <= limit:
            kept[key] = values
    return kept


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
    match found:
        case [first, second] if unpack.eof and is_text(first) and is_text(second):
            return first, second
    return None


def is_text(found: object) -> bool:
    """Return whether this is a text that a field may hold: short enough, and valid Unicode."""
    if not isinstance(found, str) or len(found) > policy().max_characters:
        return False
    return found == found.encode(errors="ignore").decode()
