"""Our own parallel sentence pairs, which lie in the repository: they need neither mirror nor Hub.

Each line of a task's file is one item in all the languages of the task, machine-written and not
checked by speakers. They belong to their task: what is right for one is nothing to another.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dlfa.data.tasks import TASKS

__all__ = ["OwnItem", "own_items", "own_names"]

FOLDER = Path(__file__).parents[2] / "assets" / "data"


@dataclass(frozen=True, kw_only=True)
class OwnItem:
    """One of our own parallel sentence pairs (machine-written, not checked by speakers)."""

    id: str
    label: str
    topic: str
    text: Mapping[str, tuple[str, str]]
    """First and second sentence by language."""


@cache
def own_items(task: str) -> tuple[OwnItem, ...]:
    """Return our own pairs for a task; none where it has no file of them, or tags words.

    Args:
        task: its key; an unknown one has none.

    Raises:
        FileNotFoundError: the repository lacks the file.
    """
    known = TASKS.get(task)
    if known is None or not known.own:
        return ()
    first, second = known.evaluation.columns
    with (FOLDER / known.own).open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(
        OwnItem(
            id=row["id"],
            label=row["label"],
            topic=row["topic"],
            text={code: (text[first], text[second]) for code, text in row["text"].items()},
        )
        for row in rows
    )


@cache
def own_names(language: str) -> Mapping[str, str]:
    """Return the given names in our own pairs: how each is written in a language, by the English.

    Args:
        language: ISO 639-1 code; one that the pairs do not have has no names.

    Raises:
        FileNotFoundError: the repository lacks the file.
    """
    with (FOLDER / "parallel_nli.jsonl").open(encoding="utf-8") as lines:
        every = [json.loads(line)["names"] for line in lines]
    return {
        english: written[language]
        for names in every
        for english, written in names.items()
        if language in written
    }
