"""A card's section on texts that stand both in what was trained on and in what was measured on."""

from collections.abc import Mapping
from typing import Any

__all__ = ["overlap_lines"]

LANGUAGES = {"en": "English", "other": "the other languages"}


def overlap_lines(found: Mapping[str, Any]) -> str:
    """Return the section: a row per set and group of languages.

    Args:
        found: what ``python -m benchmarks.overlap`` counted for one checkpoint.
    """
    rows = (
        f"| {one['set']}, {LANGUAGES[one['languages']]} | {one['texts']:,} | {one['exact']:,} | "
        f"{one['near']:,} | {one['examples']:,} | {one['rows']:,} | {one['same']:,} |"
        for one in found["sets"]
    )
    return (
        "## Overlap of training and test data\n"
        f"Sentences of each set that also stand in the {found['examples']:,} training examples "
        f"({', '.join(found['sources'])}):\nthe same in small letters without punctuation, or "
        "else nearly the same (character 5-grams,\nJaccard similarity of 0.8 or more, found by "
        "MinHash and checked). Results are not corrected for it.\n\n"
        "| set | sentences | the same | nearly | examples | with one that is the same "
        "| the same as a whole |\n"
        "|---|---|---|---|---|---|---|\n" + "\n".join(rows) + f"\n\nMade by `{found['command']}`.\n"
    )
