"""A file's bytes as text: which encoding it is in, and what can be said where that is unclear."""

import codecs
from typing import Literal, NamedTuple

from dlfa.errors import TextError

__all__ = ["Decoded", "Encoding", "clean", "decode", "undecodable"]

Encoding = Literal["utf-8", "utf-16", "utf-32", "cp1252", "mixed"]

MARKS: tuple[tuple[bytes, str, Encoding], ...] = (  # UTF-32's mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
TRIED = 4_096  # bytes from which UTF-16 without a mark is told
ZIP = b"PK\x03\x04"  # also the beginning of .xlsx and .ods
LONE = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # halves of surrogate pairs


class Decoded(NamedTuple):
    """A file's text and how it was read."""

    text: str
    """Without a byte-order mark; where ``encoding`` is "mixed" a byte that is no UTF-8 stands as a
    lone surrogate, as Python writes it, so that the cells that hold one can be told."""
    encoding: Encoding
    """``"cp1252"`` is a guess: the Western code page of Windows, taken where nothing else fits."""


def decode(data: bytes) -> Decoded:
    """Return a file's text: UTF-8 or UTF-16, with a mark or without, else Windows' code page.

    A file in which some lines are UTF-8 and others are not is ``"mixed"``: its broken cells can be
    told, and are better left out than guessed at.

    Raises:
        TextError: a spreadsheet's own format, or no text at all.
    """
    if data.startswith(ZIP):
        raise TextError("error.own.spreadsheet")
    found = _marked(data) or _unmarked(data)
    if "\x00" in found.text:
        raise TextError("error.own.binary")
    return found


def _marked(data: bytes) -> Decoded | None:
    for mark, codec, encoding in MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(codec), encoding)
            except UnicodeDecodeError:
                raise TextError("error.own.binary") from None
    if data.startswith(codecs.BOM_UTF8):
        return _utf8(data.removeprefix(codecs.BOM_UTF8)) or _mixed(data)
    return None


def _unmarked(data: bytes) -> Decoded:
    return _utf16(data) or _utf8(data) or _western(data)


def _utf16(data: bytes) -> Decoded | None:
    """Read UTF-16 without a mark: of a Latin letter, a comma or a line break one byte is zero."""
    even, odd = data[:TRIED:2].count(0), data[1:TRIED:2].count(0)
    if max(even, odd) < 2 or min(even, odd) * 4 > max(even, odd):
        return None
    try:
        return Decoded(data.decode("utf-16-le" if odd > even else "utf-16-be"), "utf-16")
    except UnicodeDecodeError:
        return None


def _utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError:
        return None


def _western(data: bytes) -> Decoded:
    if any(_is_utf8(line) for line in data.splitlines() if not line.isascii()):
        return _mixed(data)
    try:
        return Decoded(data.decode("cp1252"), "cp1252")
    except UnicodeDecodeError:
        raise TextError("error.own.encoding") from None


def _is_utf8(line: bytes) -> bool:
    return _utf8(line) is not None


def _mixed(data: bytes) -> Decoded:
    text = data.removeprefix(codecs.BOM_UTF8).decode(errors="surrogateescape")
    return Decoded(text, "mixed")


def undecodable(text: str) -> bool:
    """Return whether a text holds what is no character: a byte that was none, half a pair, NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return "\x00" in text


def clean(text: str) -> str:
    """Return a text that can be shown and sent: what is no character becomes U+FFFD."""
    return text.translate(LONE)
