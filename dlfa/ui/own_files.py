"""A visitor's own file: where it comes in, how long it is kept, and which rows are not used.

What was read is kept under one key of the session, so that it is still there on another page, and
in memory only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from dlfa.data.own import Own
from dlfa.data.sentence_files import OwnSentences
from dlfa.data.sheets import Sheet
from dlfa.errors import DlfaError
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.ui.guard import literal

__all__ = ["Intake", "OwnFiles", "tell_left_out"]

TYPES = ("csv", "tsv", "txt", "json", "jsonl", "ndjson")
NUMBERS = 5  # rows, or names, that are told one by one
TEXT = 40  # characters of a strange language's name

Made = TypeVar("Made")


@dataclass
class Intake:
    """What came in last."""

    number: int = 0
    """How many files there were: each has its own widgets."""
    sheet: Sheet | None = None
    failed: tuple[str, dict[str, Any]] | None = None
    """Why a file could not be read: a message's key, so that it is told in any language."""
    made: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """What was worked out of the sheet by name: for which choices, and what."""

    def kept(self, name: str, choices: object, make: Callable[[], Made]) -> Made:
        """Return what was worked out for these choices; a long file is not gone through again."""
        if name not in self.made or self.made[name][0] != choices:
            self.made[name] = choices, make()
        found: Made = self.made[name][1]
        return found


@dataclass(frozen=True, kw_only=True)
class OwnFiles:
    """Where the files of one kind come in."""

    key: str
    """Of the session, under which the last one is kept."""
    name: str
    """With which the keys of its widgets begin."""
    page: str
    """Whose words it has: ``"evaluate"`` or ``"embeddings"``."""
    read: Callable[[bytes, str], Sheet]
    """Makes a sheet of a file's content and name; raises DlfaError."""
    forgotten: Callable[[], object] = lambda: None
    """Called after a visitor had a file forgotten."""

    def intake(self) -> Intake:
        """Return what came in last; nothing, at first."""
        found: Intake = st.session_state.setdefault(self.key, Intake())
        return found

    def bring(self, *, max_bytes: int, max_rows: int, more_types: Sequence[str] = ()) -> None:
        """Show the field for files.

        Args:
            max_bytes: of a file.
            max_rows: of a file that are taken.
            more_types: endings beside the usual ones.
        """
        key = f"{self.name}-file-{self.intake().number}"
        megabytes = min(max_bytes // 1_000_000, st.get_option("server.maxUploadSize"))
        st.file_uploader(
            _(f"{self.page}.own.file"),
            type=(*TYPES, *more_types),
            key=key,
            on_change=self._take,
            args=(key,),
            help=_(f"{self.page}.own.file.help", size=megabytes, rows=f"{max_rows:,}"),
            max_upload_size=max(1, megabytes),
        )

    def sheet(self) -> Sheet | None:
        """Return the file that is open; where it could not be read, say why."""
        intake = self.intake()
        if intake.failed:
            key, params = intake.failed
            st.error(literal(_(key, **params)), icon=":material/error:")
        return intake.sheet

    def about(self, sheet: Sheet, words: str) -> None:
        """Say what the file is, and offer to forget it.

        Args:
            sheet: the file.
            words: what it is, as markdown.
        """
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(words)
            key = f"{self.name}-forget"
            st.button(_("evaluate.own.forget"), key=key, on_click=self._forget, type="tertiary")
        if sheet.encoding in ("cp1252", "mixed"):
            st.warning(_(f"evaluate.own.notice.{sheet.encoding}"), icon=":material/translate:")

    def _take(self, key: str) -> None:
        """Read what was uploaded; the field is empty again, and its copy of the file gone."""
        upload, after = st.session_state[key], self._next()
        if upload is None:
            return
        try:
            after.sheet = self.read(upload.getvalue(), upload.name)
        except DlfaError as error:
            after.failed = error.key, error.params

    def _forget(self) -> None:
        """Forget the file, and all that was found with it; in a callback."""
        self._next()
        self.forgotten()

    def _next(self) -> Intake:
        """Forget what came in before."""
        after = st.session_state[self.key] = Intake(number=self.intake().number + 1)
        return after


def tell_left_out(own: Own | OwnSentences, page: str, max_rows: int) -> None:
    """Say why rows are not used, and which languages nobody knows.

    Args:
        own: what was made of the file.
        page: whose words say so: ``"evaluate"`` or ``"embeddings"``.
        max_rows: of a file that are taken.
    """
    lines = [_reason(page, reason, numbers) for reason, numbers in own.refused.items()]
    if lines:
        st.warning("\n".join([_("evaluate.own.left_out"), "", *lines]), icon=":material/rule:")
    if own.strange:
        named = ", ".join(literal(name[:TEXT]) for name in list(own.strange)[:NUMBERS])
        rows = f"{sum(own.strange.values()):,}"
        st.warning(_("evaluate.own.strange", names=named, rows=rows), icon=":material/language:")
    if own.left_out:
        words = _(f"{page}.own.more", most=f"{max_rows:,}", left=f"{own.left_out:,}")
        st.warning(words, icon=":material/content_cut:")


def _reason(page: str, reason: str, numbers: Sequence[int]) -> str:
    words = _(f"{page}.own.refused.{reason}", most=f"{policy().max_characters:,}")
    named = ", ".join(map(str, numbers[:NUMBERS])) + (" …" if numbers[NUMBERS:] else "")
    return "- " + _("evaluate.own.refused", count=f"{len(numbers):,}", reason=words, rows=named)
