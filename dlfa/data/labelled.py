"""Examples with their right answer: what a run goes through, and sentence pairs."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

__all__ = ["Example", "Labelled"]


@runtime_checkable
class Example(Protocol):
    """What a run has to know of an example, whatever its task."""

    @property
    def id(self) -> str:
        """Translations share theirs."""

    @property
    def language(self) -> str:
        """ISO 639-1 code."""

    @property
    def stratum(self) -> tuple[str, int]:
        """Language and kind: each part of a run has the same share of all."""


@dataclass(frozen=True)
class Labelled:
    """One pair with its right answer."""

    id: str
    """Translations share theirs."""
    language: str
    """ISO 639-1 code, ``"und"`` where nobody said."""
    gold: int
    """Index into the model's labels."""
    pair: tuple[str, str]
    """Premise and hypothesis."""
    premise: str
    """Id of the premise: translations, and the pairs about one premise, share it."""
    genre: str = ""
    """Genre or topic; empty where the data names none."""
    negation: int = -1
    """Whether the English original's hypothesis holds a negation: 1, 0, or −1 where unknown."""

    @property
    def stratum(self) -> tuple[str, int]:
        """Language and right label."""
        return self.language, self.gold
