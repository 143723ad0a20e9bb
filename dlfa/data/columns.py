"""Which column of a visitor's file is what, guessed from its names; the visitor may say otherwise.

The names are those of XNLI, MultiNLI, SNLI and PAWS-X, and of our own tables and records.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dlfa.data.decoding import clean
from dlfa.data.sheets import Cells, Sheet
from dlfa.data.tables import NAMES

__all__ = [
    "NONE",
    "OPTIONAL",
    "REQUIRED",
    "UNKNOWN",
    "Columns",
    "Parts",
    "body",
    "guessed",
    "is_headed",
    "named",
    "names",
    "numbered",
]

UNKNOWN = "und"  # ISO 639-2's code for a language that nobody said
NONE = ""  # where a part of an example has no column
LONGEST = 60  # characters of a column's name that are kept
REQUIRED = ("premise", "hypothesis", "label")
OPTIONAL = ("language", "id", "premise_id", "genre")
KNOWN = {
    "premise": NAMES["premise"],
    "hypothesis": NAMES["hypothesis"],
    "label": ("gold_label", *NAMES["gold"]),
    "language": ("language", "lang", "locale", "language_code"),
    "id": ("id", "pairid", "pair_id", "uid", "example_id", "guid", "idx"),
    "premise_id": ("premise_id", "premiseid", "promptid", "prompt_id"),
    "genre": ("genre", "topic", "domain", "category"),
}


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The names of the columns that hold the parts of an example."""

    premise: str
    hypothesis: str
    label: str
    language: str = NONE
    code: str = UNKNOWN
    """All rows' language where no column says it."""
    id: str = NONE
    """Translations share theirs; without it each row is an example of its own."""
    premise_id: str = NONE
    """Pairs about one premise share it; without it those with the same premise do."""
    genre: str = NONE
    headed: bool = True
    """Whether the first row of a table holds the columns' names."""

    def places(self, sheet: Sheet) -> dict[str, int]:
        """Return where each part stands; a name that the sheet does not have is in no place."""
        known = names(sheet, headed=self.headed)
        wanted = {part: getattr(self, part) for part in (*REQUIRED, *OPTIONAL)}
        return {part: known.index(name) for part, name in wanted.items() if name in known}


def names(sheet: Sheet, *, headed: bool) -> tuple[str, ...]:
    """Return the columns' names, each another; numbers from 1 where the file has none."""
    first = sheet.keys or (sheet.rows[0] or () if headed else ())
    found: list[str] = []
    for place in range(sheet.width):
        name = " ".join(clean(first[place]).split())[:LONGEST] if place < len(first) else ""
        name = name or str(place + 1)
        found.append(name if name not in found else f"{name} ({place + 1})")
    return tuple(found)


def body(sheet: Sheet, *, headed: bool) -> Sequence[Cells | None]:
    """Return the rows below a header."""
    return sheet.rows[1:] if headed and not sheet.keys else sheet.rows


Parts = dict[str, str]  # a row's cells by what they are, such as a part of `Columns`


def numbered(
    sheet: Sheet, places: Mapping[str, int], *, headed: bool, most: int
) -> Iterator[tuple[int, Parts, Literal["broken", "cells"] | None]]:
    """Yield each row that is not blank: its number, its parts, and what makes it unreadable.

    Args:
        sheet: of `dlfa.data.sheets.read`.
        places: where each part stands.
        headed: whether the first row of a table holds the columns' names.
        most: rows below the header that are looked at.
    """
    for number, row in enumerate(body(sheet, headed=headed)[:most], start=1):
        if row is None:
            yield number, {}, "broken"
        elif row:
            ours = {part: row[place] for part, place in places.items() if place < len(row)}
            wide = any(cell.strip() for cell in row[sheet.width :])
            yield number, ours, "cells" if wide else None


def is_headed(sheet: Sheet, known: Mapping[str, Sequence[str]] = KNOWN) -> bool:
    """Guess whether the first row holds names: it does if any of them is known to be one.

    Args:
        sheet: of `dlfa.data.sheets.read`.
        known: names by what they mean.
    """
    names = {name for several in known.values() for name in several}
    first = sheet.rows[0] or ()
    return bool(sheet.keys) or any(_folded(name) in names for name in first)


def guessed(sheet: Sheet, *, headed: bool) -> Columns:
    """Return which column is what by its name, else by its place: premise, hypothesis, label."""
    known = names(sheet, headed=headed)
    found = {part: named(known, several) for part, several in KNOWN.items()}
    free = iter([name for name in known if name not in found.values()])
    for part in REQUIRED:
        found[part] = found[part] or next(free, NONE)
    return Columns(**found, headed=headed)


def named(known: Sequence[str], several: Sequence[str]) -> str:
    """Return the first of several names that a sheet has, as it is written there; else `NONE`."""
    folded = [_folded(name) for name in known]
    return next((known[folded.index(name)] for name in several if name in folded), NONE)


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")
