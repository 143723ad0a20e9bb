"""A sentence pair with its right answer, and what is known about where it comes from."""

from dataclasses import dataclass

__all__ = ["Labelled"]


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
