"""Our own sentences with names in them, in fifteen languages: what the page Tag starts from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["OwnSentence", "own_sentences"]

SENTENCES = Path(__file__).parents[2] / "assets" / "data" / "parallel_sentences.jsonl"


@dataclass(frozen=True, kw_only=True)
class OwnSentence:
    """One of our own parallel sentences (machine-written, not checked by speakers)."""

    id: str
    topic: str
    text: Mapping[str, str]
    """By language."""
    entities: Mapping[str, tuple[tuple[str, str], ...]]
    """By language the names in it, as they stand there, and what they are: ``"PER"`` ..."""


@cache
def own_sentences() -> tuple[OwnSentence, ...]:
    """Return our own parallel sentences, which lie in the repository.

    Raises:
        FileNotFoundError: they were taken out of it.
    """
    with SENTENCES.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(
        OwnSentence(
            id=row["id"],
            topic=row["topic"],
            text=row["text"],
            entities={
                language: tuple((name, kind) for name, kind in found)
                for language, found in row["entities"].items()
            },
        )
        for row in rows
    )
