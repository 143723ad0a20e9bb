"""What heads answer for the words of one sentence."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.results.gates import HeadGate, Tokens
from dlfa.results.provenance import Provenance

__all__ = ["OUTSIDE", "Entity", "Tagging", "WordGate"]

OUTSIDE = "O"  # the label of words that belong to no entity


@dataclass(frozen=True, kw_only=True)
class Entity:
    """Neighbouring words that one head takes for one name."""

    kind: str
    """``"PER"``, ``"ORG"``, ``"LOC"``: the label without its ``B-`` or ``I-``."""
    first: int
    """Its first word."""
    last: int
    """Its last word, the first one where it has but one."""


@dataclass(frozen=True, kw_only=True)
class Tagging:
    """Every head's labels for the words of one sentence, from one encoder pass."""

    text: str
    """As it was typed."""
    spans: Int[np.ndarray, "word 2"]
    """Where each word stands in ``text``: its first character, and one past its last."""
    heads: tuple[str, ...]
    labels: tuple[str, ...]
    """The task's label keys: ``"B-PER"``, ``"NOUN"`` ..."""
    probabilities: Float[np.ndarray, "head word label"]
    """Sum to 1; NaN for words without an answer."""
    tokens: int
    """Length of the input in sub-words, special tokens included, as the model saw it."""
    truncated: bool
    """Whether the text was cut to the model's longest input."""
    provenance: Provenance

    @property
    def words(self) -> tuple[str, ...]:
        """The words as written."""
        return tuple(self.text[start:end] for start, end in self.spans)

    @property
    def entities(self) -> bool:
        """Whether the labels mark where names begin (``B-``) and go on (``I-``)."""
        return any(label.startswith("B-") for label in self.labels)

    @property
    def answered(self) -> Bool[np.ndarray, " word"]:
        """Whether each word has an answer."""
        found: np.ndarray = ~np.isnan(self.probabilities).any(axis=(0, 2))
        return found

    @property
    def cut(self) -> Bool[np.ndarray, " word"]:
        """Whether each word has no answer because the text was cut before it."""
        places = np.arange(len(self.spans))
        last = places[self.answered].max(initial=-1)
        found: np.ndarray = (places > last) & self.truncated
        return found

    @property
    def answers(self) -> Int[np.ndarray, "head word"]:
        """Index of each head's likeliest label; −1 where there is no answer."""
        found = np.nan_to_num(self.probabilities, nan=0.0).argmax(axis=-1)
        return np.where(self.answered, found, -1)

    @property
    def certainty(self) -> Float[np.ndarray, "head word"]:
        """Probability of each head's answer, in [0, 1]; NaN where there is none."""
        found: np.ndarray = self.probabilities.max(axis=-1)
        return found

    def tags(self, head: str) -> tuple[str, ...]:
        """Return one head's labels; empty where there is no answer.

        Raises:
            ValueError: a head that did not answer.
        """
        row = self.answers[self.heads.index(head)]
        return tuple(self.labels[at] if at >= 0 else "" for at in row)

    def differs(self, head: str, other: str) -> Bool[np.ndarray, " word"]:
        """Return which words two heads label otherwise; both have an answer, or neither.

        Raises:
            ValueError: a head that did not answer.
        """
        one, two = (self.answers[self.heads.index(name)] for name in (head, other))
        found: np.ndarray = one != two
        return found

    def found(self, head: str) -> tuple[Entity, ...]:
        """Return what one head takes for names, from first to last, none overlapping.

        A name goes on while its kind stays the same and no ``B-`` begins another: as seqeval
        reads tags (an ``I-`` may begin one, too).

        Raises:
            ValueError: a head that did not answer.
        """
        entities: list[Entity] = []
        before = ""
        for at, tag in enumerate(self.tags(head)):
            mark, _, kind = tag.partition("-")
            if kind and kind == before and mark == "I":
                entities[-1] = Entity(kind=kind, first=entities[-1].first, last=at)
            elif kind:
                entities.append(Entity(kind=kind, first=at, last=at))
            before = kind
        return tuple(entities)


@dataclass(frozen=True, kw_only=True)
class WordGate:
    """One fusion head's gate on one sentence of words, beside its untrained twins."""

    tokens: Tokens
    gate: HeadGate
    provenance: Provenance
