"""Everything a visitor has on the page, as one file: what is too long for a link, too.

JSON, schema ``dlfa-session`` version 1; ``docs/links.md`` describes it. Reading is strict and
changes nothing: what is wrong is named, the rest is taken.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dlfa import __version__
from dlfa.errors import SessionFileError
from dlfa.policy import policy
from dlfa.ui.address import OWN, TEXTS
from dlfa.ui.query import LONGEST_NAME, is_text

__all__ = ["MOST_PAIRS", "SCHEMA", "SessionFile", "pack", "unpack"]

SCHEMA, VERSION = "dlfa-session", 1
MOST_PAIRS = 1_000  # rows: a table may hold more than are answered at once
MOST_VALUES = 64  # of one key: a model has 23 heads, a task 15 languages
FIELDS = ("schema", "version", "app", "page", "checkpoint", "state", "texts", "pairs")


@dataclass(frozen=True, kw_only=True)
class SessionFile:
    """What a session file says."""

    page: str = ""
    """The page that was open; empty if it does not say."""
    checkpoint: str = ""
    """Digest of the model that made the numbers; empty if none had answered."""
    state: dict[str, list[str]] = field(default_factory=dict)
    """Widgets' values by key, written as in links."""
    texts: tuple[str, str] | None = None
    """Premise and hypothesis."""
    pairs: list[list[str]] = field(default_factory=list)
    """The table of many pairs: premise and hypothesis, and a label where there is one."""


def pack(session: SessionFile) -> bytes:
    """Return a session as a file.

    Raises:
        SessionFileError: it would be larger than this instance reads.
    """
    said = {
        "schema": SCHEMA,
        "version": VERSION,
        "app": __version__,
        "page": session.page,
        "checkpoint": session.checkpoint,
        "state": session.state,
        "texts": session.texts,
        "pairs": session.pairs,
    }
    data = json.dumps(said, ensure_ascii=False, indent=1).encode(errors="replace")
    _check_size(len(data), "error.session.large.save")
    return data


def unpack(data: bytes) -> tuple[SessionFile, tuple[str, ...]]:
    """Return what a file says, and the names of what in it cannot be used.

    Raises:
        SessionFileError: it is too large, or not a session file that this version reads.
    """
    _check_size(len(data), "error.session.large.open")
    found = _parsed(data)
    state, strange = _state(found.get("state", {}))
    page, checkpoint = found.get("page", ""), found.get("checkpoint", "")
    texts = found.get("texts")
    pairs, strange_rows = _pairs(found.get("pairs", []))
    fine = {
        "page": _is_name(page),
        "checkpoint": _is_name(checkpoint),
        "texts": texts is None or _is_row(texts, 2),
    }
    session = SessionFile(
        page=page if fine["page"] else "",
        checkpoint=checkpoint if fine["checkpoint"] else "",
        state=state,
        texts=(texts[0], texts[1]) if texts is not None and fine["texts"] else None,
        pairs=pairs,
    )
    wrong = [key for key in found if not fine.get(key, key in FIELDS)]
    return session, (*wrong, *strange, *strange_rows)


def _check_size(size: int, key: str) -> None:
    limit = policy().max_upload_bytes
    if size > limit:
        raise SessionFileError(key, found=f"{size / 1e6:.1f}", limit=f"{limit / 1e6:.1f}")


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise SessionFileError("error.session.unreadable") from None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise SessionFileError("error.session.unreadable")
    if found.get("version") != VERSION or isinstance(found["version"], bool):
        raise SessionFileError(
            "error.session.version", found=str(found.get("version"))[:20], known=VERSION
        )
    return found


def _state(found: object) -> tuple[dict[str, list[str]], list[str]]:
    """Return the usable entries, and the names of the others."""
    if not isinstance(found, dict):
        return {}, ["state"]
    usable = {
        key: values
        for key, values in found.items()
        if key in OWN
        and isinstance(values, list)
        and 0 < len(values) <= MOST_VALUES
        and all(is_text(value) if key in TEXTS else _is_name(value) for value in values)
    }
    return usable, [key for key in found if key not in usable]


def _is_name(found: object) -> bool:
    return is_text(found) and len(str(found)) <= LONGEST_NAME and str(found).isprintable()


def _pairs(found: object) -> tuple[list[list[str]], list[str]]:
    """Return the usable rows, and the first numbers of the others."""
    if not isinstance(found, list) or len(found) > MOST_PAIRS:
        return [], ["pairs"]
    usable = [row for row in found if _is_row(row, 2, 3)]
    wrong = [f"pairs {at}" for at, row in enumerate(found, 1) if not _is_row(row, 2, 3)]
    return usable, wrong[:3]


def _is_row(found: object, *lengths: int) -> bool:
    if not isinstance(found, Sequence) or isinstance(found, str) or len(found) not in lengths:
        return False
    return all(is_text(cell) for cell in found)
