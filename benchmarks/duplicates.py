"""Texts that stand in two sets: the same when normalised, or nearly so by MinHash.

Near duplicates are pairs whose sets of character 5-grams have a Jaccard similarity of at least 0.8,
found by MinHash with locality-sensitive hashing (Broder 1997; `datasketch`) and then checked
exactly, so that no estimate is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from dlfa.data.sources import normalised

__all__ = ["Overlap", "overlap"]

GRAM = 5  # characters
NEAR = 0.8  # Jaccard similarity
PERMUTATIONS = 64
LOOSE = 0.5  # of the hashing: of texts as near as `NEAR` one in a thousand is overlooked


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """How many texts of one set stand in another; counts and digests, never the texts."""

    texts: int
    """Different texts of the test set."""
    exact: int
    """Of them, those that stand in the training data when normalised."""
    near: int
    """Of the others, those that are nearly there."""
    trained: int
    """Different texts of the training data."""
    rows: int
    """Examples of the test set with at least one exact text."""
    same: int
    """Of them, those that stand there as a whole: a training example has the same texts."""
    examples: int
    """Of the test set."""
    digest: str
    """sha256 (first 16 hex digits) of the sorted normalised texts that stand in both."""


def overlap(training: Iterable[Sequence[str]], tested: Iterable[Sequence[str]]) -> Overlap:
    """Return how much of a test set stands in training data.

    Args:
        training: the texts of each example of it.
        tested: the texts of each example of the test set.
    """
    theirs = [[normalised(text) for text in texts] for texts in training]
    trained = {text for row in theirs for text in row if text}
    wholes = {frozenset(row) for row in theirs}  # in whatever order
    each = [[normalised(text) for text in texts] for texts in tested]
    texts = {text for row in each for text in row if text}
    exact = texts & trained
    near = _near(trained, texts - exact)
    told = sha256("\n".join(sorted(exact | near)).encode()).hexdigest()[:16]
    return Overlap(
        texts=len(texts),
        exact=len(exact),
        near=len(near),
        trained=len(trained),
        rows=sum(any(text in exact for text in row) for row in each),
        same=sum(any(row) and frozenset(row) in wholes for row in each),
        examples=len(each),
        digest=told,
    )


def _near(trained: set[str], texts: set[str]) -> set[str]:
    """Return which texts have a near duplicate among those that were trained on."""
    from datasketch import MinHash, MinHashLSH

    def hashed(some: Sequence[str]) -> "list[MinHash]":
        sets = [[gram.encode() for gram in _grams(text)] for text in some]
        return list(MinHash.generator(sets, num_perm=PERMUTATIONS, seed=0))

    known = sorted(trained)
    index = MinHashLSH(threshold=LOOSE, num_perm=PERMUTATIONS)
    with index.insertion_session() as session:
        for at, one in enumerate(hashed(known)):
            session.insert(at, one)
    found = set()
    asked = sorted(texts)
    for text, one in zip(asked, hashed(asked), strict=True):
        grams = _grams(text)
        if any(_alike(grams, _grams(known[at])) >= NEAR for at in index.query(one)):
            found.add(text)
    return found


def _grams(text: str) -> frozenset[str]:
    """Return a text's character n-grams; a short one is its own."""
    return frozenset(text[at : at + GRAM] for at in range(max(1, len(text) - GRAM + 1)))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
